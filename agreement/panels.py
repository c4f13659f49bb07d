"""What affects go with outside the judgements: what publishers said they felt, what people did.

Pearson correlations between a number of the post and the share of its raters who picked an affect,
over the posts with two judgements or more. These are the readings of Figures 11 and 12 of the KDD
2022 paper. For a feeling the number is 1 where the publisher named it and 0 where another one; for
a kind of signal it is its share among the post's signals of the same family (reactions, behaviour,
negative feedback), so that a much-seen post says no more than another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from agreement.table import Judgements

REACTIONS = ("like", "love", "care", "haha", "wow", "sad", "angry")
BEHAVIOUR = ("share", "outbound_click")
NEGATIVE = ("hide", "snooze", "unfollow", "report")
FAMILIES = (REACTIONS, BEHAVIOUR, NEGATIVE)


@dataclass(frozen=True, eq=False)
class Panel:
    """How F numbers of a post go with O options.

    rows          the name of each number
    columns       the name of each option
    correlations  float64[F, O]  NaN where one of the two never varies
    posts         int64[F]       posts that the row rests on
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    correlations: np.ndarray
    posts: np.ndarray


def with_feelings(
    judgements: Judgements, feelings: Mapping[int, str] | pd.Series, fewest: int = 1000
) -> Panel:
    """Publisher feeling × affect.

    feelings  by post id what its publisher felt; posts of publishers who didn't say are left out
    fewest    posts that must name a feeling for it to have a row; the most frequent come first

    >>> rows = [(p, r, int(p < 2)) for p in range(4) for r in (1, 2)]
    >>> feelings = {0: "sad", 1: "sad", 2: "proud", 3: "proud"}
    >>> panel = with_feelings(Judgements.of(rows, ("saddened",)), feelings, fewest=1)
    >>> panel.rows, panel.correlations.tolist()
    (('proud', 'sad'), [[-1.0], [1.0]])
    """
    shares = post_shares(judgements)
    said = pd.Series(feelings, dtype="category").reindex(shares.index)
    said = said[said.notna() & (said != "")]
    counts = said.value_counts()
    names = sorted(counts.index[counts >= fewest], key=lambda name: (-counts[name], name))
    numbers = pd.DataFrame({name: (said == name).astype(float) for name in names}, said.index)
    panel = _panel(judgements, shares, numbers)
    return Panel(panel.rows, panel.columns, panel.correlations, counts[names].to_numpy())


def with_signals(judgements: Judgements, counts: pd.DataFrame) -> Panel:
    """Signals × affect.

    counts  a row for each post id, a column for each kind of signal: how many there were. A post
            without a signal of a family is left out of that family's rows.

    >>> rows = [(p, r, int(p < 2)) for p in range(4) for r in (1, 2)]
    >>> counts = pd.DataFrame({"like": [1, 2, 9, 3], "haha": [9, 18, 1, 0]})
    >>> panel = with_signals(Judgements.of(rows, ("amused",)), counts)
    >>> panel.rows, panel.correlations.round(2).ravel().tolist()
    (('like', 'haha'), [-1.0, 1.0])
    """
    shares = post_shares(judgements)
    families = [[kind for kind in family if kind in counts] for family in FAMILIES]
    numbers = [
        counts[family].div(counts[family].sum(axis=1).replace(0, np.nan), axis=0)
        for family in families
        if family
    ]
    numbers = pd.concat(numbers, axis=1) if numbers else counts[[]]
    return _panel(judgements, shares, numbers.reindex(shares.index))


def post_shares(judgements: Judgements) -> pd.DataFrame:
    """A row for each post with two judgements or more: the share of its raters who picked each
    option, and its weight in the last column."""
    shares = np.zeros((judgements.shared_posts, len(judgements.bits) + 1))
    for block in judgements.blocks:
        shares[block.posts, :-1] = (block.votes / block.size).T
        shares[block.posts, -1] = block.weight
    columns = [*judgements.options, "weight"]
    return pd.DataFrame(shares, index=judgements.shared_post_ids, columns=columns)


def correlation(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float64[O]: weighted Pearson correlations of x [P] with the columns of y [P, O]; NaN where
    one of the two has the same value everywhere."""
    undefined = np.full(y.shape[1], np.nan)
    if not len(x) or x.min() == x.max():
        return undefined
    weights = weights / weights.sum()
    x, y_from_mean = x - weights @ x, y - weights @ y
    spread = (weights @ x**2) * (weights @ y_from_mean**2)
    spread = np.where(y.min(axis=0) < y.max(axis=0), spread, np.nan)
    return np.clip((weights * x) @ y_from_mean / np.sqrt(spread), -1, 1)


def _panel(judgements: Judgements, shares: pd.DataFrame, numbers: pd.DataFrame) -> Panel:
    """numbers has rows among those of the shares; NaN leaves a post out of a row."""
    found, posts = [], []
    for name in numbers:
        x = numbers[name].dropna()
        rows = shares.loc[x.index].to_numpy()
        found.append(correlation(x.to_numpy(), rows[:, :-1], rows[:, -1]))
        posts.append(len(x))
    correlations = np.reshape(found, (len(found), len(judgements.bits)))
    return Panel(tuple(numbers.columns), judgements.options, correlations, np.array(posts, int))
