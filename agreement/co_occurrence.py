"""Co-occurrence: which affects come together, as Pearson correlations between them.

Over the means of the posts it says which affects the same posts call up, whoever feels them; that
is the reading of Figure 6 of the KDD 2022 paper, and the default. Over judgements it says which
affects one rater picks together, and a largest number of picks pulls it towards the negative.
Correlations with an affect that never varies are undefined (NaN).
"""

import numpy as np

from agreement.table import Block, Judgements


def over_post_means(judgements: Judgements) -> np.ndarray:
    """float64[O, O]: correlations between the shares of raters who picked each option.

    >>> rows = [(1, 1, 0b11), (1, 2, 0b01), (2, 1, 0b00), (2, 2, 0b00)]
    >>> over_post_means(Judgements.of(rows, ("calm", "glad"))).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    mean, varies = _mean_shares(judgements)
    products = np.zeros((len(mean), len(mean)))
    for block in judgements.blocks:
        from_mean = shares(block) - mean[:, None]
        products += (from_mean * block.weight) @ from_mean.T
    return _correlations(products, varies)


def over_judgements(counts: np.ndarray, n: float) -> np.ndarray:
    """float64[O, O]: correlations between the 0s and 1s of single judgements.

    counts  [O, O] of `joint_counts`
    n       judgements, or the sum of their weights

    >>> over_judgements(np.array([[2, 1], [1, 1]]), n=4).round(4).tolist()
    [[1.0, 0.5774], [0.5774, 1.0]]
    """
    picked = np.diagonal(counts)
    return _correlations(n * counts - np.outer(picked, picked), (picked > 0) & (picked < n))


def joint_counts(judgements: Judgements) -> np.ndarray:
    """[O, O]: judgements (or their weight) that pick both options; one option on the diagonal."""
    sets, counts = judgements.pick_sets
    picked = (sets[:, None] >> np.array(judgements.bits)) & 1
    return (picked * counts[:, None]).T @ picked


def conditional(counts: np.ndarray) -> np.ndarray:
    """float64[O, O]: P(column | row), the share of a's judgements that pick b too.

    >>> conditional(np.array([[4, 1], [1, 1]])).tolist()
    [[1.0, 0.25], [1.0, 1.0]]
    """
    picked = np.diagonal(counts)[:, None]
    return counts / np.where(picked > 0, picked, np.nan)


def shares(block: Block) -> np.ndarray:
    """float64[O, P]: the share of each post's raters who picked the option."""
    return block.votes / block.size


def _mean_shares(judgements: Judgements) -> tuple[np.ndarray, np.ndarray]:
    """float64[O] the mean share over posts; bool[O] whether two posts differ in it.

    Smallest and largest share may be compared as they are: the quotients 1/2 and 2/4 have the
    same bits, because IEEE division rounds the true quotient.
    """
    options = len(judgements.bits)
    total, weight = np.zeros(options), 0.0
    low, high = np.ones(options), np.zeros(options)
    for block in judgements.blocks:
        total += shares(block) @ block.weight
        weight += block.weight.sum()
        low = np.minimum(low, shares(block).min(axis=1))
        high = np.maximum(high, shares(block).max(axis=1))
    return total / (weight or 1), low < high


def _correlations(products: np.ndarray, varies: np.ndarray) -> np.ndarray:
    """The correlations that belong to sums of products of differences from the mean."""
    squares = np.where(varies, np.diagonal(products), np.nan)
    return np.clip(products / np.sqrt(np.outer(squares, squares)), -1, 1)
