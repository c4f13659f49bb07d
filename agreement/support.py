"""Support: how many of a post's raters picked an affect.

Everything here, and alpha per affect, needs no more than H[option, s] for each number of raters
m: the posts on which exactly s of the m raters picked the option.
"""

import numpy as np

from agreement.table import Judgements

#: {m: H[O, m + 1]}, for each number of raters m that occurs.
Histograms = dict[int, np.ndarray]


def histograms(judgements: Judgements) -> Histograms:
    """H[option, s] for each m: int64 counts of posts, or float64 sums of their weights.

    m = 2 is always among them, so that sums over an empty table are zeros of the right shape.

    >>> rows = [(1, 1, 0b1), (1, 2, 0b1), (2, 1, 0b1), (2, 2, 0b0)]
    >>> histograms(Judgements.of(rows, ("calm",)))[2].tolist()
    [[0, 1, 1]]
    """
    found: Histograms = {2: np.zeros((len(judgements.bits), 3), np.int64)}
    for block in judgements.blocks:
        counts = [
            np.bincount(votes, block.weights, minlength=block.size + 1) for votes in block.votes
        ]
        found[block.size] = found.get(block.size, 0) + np.stack(counts)
    return found


def mean_support(found: Histograms) -> np.ndarray:
    """float64[O]: the mean number of raters who picked the option, over the posts where at least
    one did; NaN where nobody ever did.

    >>> mean_support({3: np.array([[5, 2, 0, 2], [9, 0, 0, 0]])}).tolist()
    [2.0, nan]
    """
    picks = sum(counts @ np.arange(size + 1) for size, counts in found.items())
    posts = sum(counts[:, 1:].sum(axis=1) for counts in found.values())
    return picks / np.where(posts, posts, np.nan)


def posts_with_at_least(found: Histograms, most: int | None = None) -> np.ndarray:
    """[O, K]: posts on which at least k = 1 … K raters picked the option ("1x … Kx").

    K is `most`, or the largest number of raters on a post.

    >>> posts_with_at_least({3: np.array([[5, 2, 0, 2]])}).tolist()
    [[4, 2, 2]]
    """
    most = max(found) if most is None else most
    return sum(_from_above(counts, most) for counts in found.values())


def effective_size(weights: np.ndarray) -> float:
    """How many equally weighted posts say as much: (sum w)^2 / sum w^2 (Kish 1965).

    >>> round(effective_size(np.array([1.0, 1.0, 2.0])), 3)
    2.667
    """
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0


def _from_above(counts: np.ndarray, most: int) -> np.ndarray:
    at_least = counts[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1 : most + 1]
    return np.pad(at_least, ((0, 0), (0, most - at_least.shape[1])))


def prevalence(found: Histograms) -> np.ndarray:
    """float64[O]: the share of judgements that pick the option.

    >>> prevalence({3: np.array([[5, 2, 0, 2]])}).round(4).tolist()
    [0.2963]
    """
    picks = sum(counts @ np.arange(size + 1) for size, counts in found.items())
    judgements = sum(size * counts.sum(axis=1) for size, counts in found.items())
    return picks / np.where(judgements, judgements, np.nan)
