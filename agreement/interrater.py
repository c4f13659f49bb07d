"""Interrater correlation: how far a rater's picks go with the mean of everybody else's.

For affect a and rater r, over the posts p that r judged together with someone,

    corr( j(r, p, a),  mean of j(s, p, a) over the other raters s of p )

and the affect's value is the mean of it over the raters (Demszky et al. 2020, "GoEmotions",
section 4.2, who take Spearman's; Pearson's is the default here).

Everything is computed from one integer table per affect, N[rater, x, y]: on how many posts rater
r judged x (0 or 1) while the others' mean was the y-th of the fractions that occur. The others'
means are fractions like 1/3, which floating point can't hold, so a `corr()` over them finds a
little variance where there is none and returns a number instead of "undefined". Counts can't err:
a rater's variance is zero exactly if all counts lie in one column.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np

from agreement.errors import UnknownOption
from agreement.table import Block, Judgements

CORRELATIONS = ("pearson", "spearman")
UNDEFINED = ("exclude", "zero")


@dataclass(frozen=True, eq=False)
class Interrater:
    """The correlation of every rater with the others, and how to average it.

    correlations  float64[O, R]  NaN where undefined; raters as in `Judgements.rater_ids`
    posts         int64[R]       posts that the rater judged together with someone
    affects       the first so many options are affects; a last one more is `other`
    undefined     "exclude" leaves undefined correlations out, "zero" counts them as 0
    """

    correlations: np.ndarray
    posts: np.ndarray
    affects: int
    undefined: str = "exclude"

    @property
    def values(self) -> np.ndarray:
        """float64[O]: the mean over raters; NaN where nobody has a correlation."""
        return mean_over_raters(self.correlations, self.undefined)

    @property
    def raters(self) -> np.ndarray:
        """int64[O]: raters with a correlation."""
        return (~np.isnan(self.correlations)).sum(axis=1)

    @property
    def left_out(self) -> np.ndarray:
        """int64[O]: raters whose correlation is undefined."""
        return np.isnan(self.correlations).sum(axis=1)

    @property
    def headline(self) -> float:
        """The mean over the affects that have a value. `other` is no affect and stays out."""
        return float(mean_of_defined(self.values[: self.affects], axis=0))


def interrater(
    judgements: Judgements,
    *,
    correlation: str = "pearson",
    undefined: str = "exclude",
    min_posts: int = 2,
) -> Interrater:
    """The interrater correlation of every option.

    A rater's correlation is undefined with fewer than `min_posts` shared posts, or without
    variance on either side. `correlation` is "pearson" or "spearman" (average ranks).

    Ada and Ben see four posts and agree on three:

    >>> ada, ben = [1, 1, 0, 0], [1, 0, 0, 0]
    >>> rows = [(post, 1, ada[post]) for post in range(4)]
    >>> rows += [(post, 2, ben[post]) for post in range(4)]
    >>> result = interrater(Judgements.of(rows, ("calm",)))
    >>> result.values.round(4).tolist(), result.raters.tolist()
    ([0.5774], [2])
    """
    check_ways(correlation, undefined)
    fractions = others_means(judgements)
    tables = (crosstab(judgements, o, fractions) for o in range(len(judgements.bits)))
    posts = shared_posts(judgements)
    ways = {"correlation": correlation, "undefined": undefined, "min_posts": min_posts}
    return from_tables(tables, fractions, posts, len(judgements.affects), **ways)


def from_tables(
    tables: Iterable[np.ndarray],
    fractions: list[Fraction],
    posts: np.ndarray,
    affects: int,
    *,
    correlation: str,
    undefined: str,
    min_posts: int,
) -> Interrater:
    """The same from the table of `crosstab` of each option and the raters' shared posts [R]."""
    rows = [correlate(counts, positions(counts, fractions, correlation)) for counts in tables]
    correlations = np.reshape(rows, (len(rows), len(posts)))
    correlations = np.where(posts >= min_posts, correlations, np.nan)
    return Interrater(correlations, posts, affects, undefined)


def check_ways(correlation: str, undefined: str) -> None:
    """Raises `UnknownOption` unless there is such a correlation and such a handling."""
    if correlation not in CORRELATIONS:
        raise UnknownOption(f'"{correlation}" is no correlation: use {" or ".join(CORRELATIONS)}.')
    if undefined not in UNDEFINED:
        raise UnknownOption(
            f'"{undefined}" is no way to treat undefined correlations: use {" or ".join(UNDEFINED)}.'
        )


def shared_posts(judgements: Judgements) -> np.ndarray:
    """int64[R]: the posts that each rater judged together with someone."""
    raters = len(judgements.rater_ids)
    counts = [np.bincount(block.raters.ravel(), minlength=raters) for block in judgements.blocks]
    return np.sum(counts, axis=0, dtype=np.int64) if counts else np.zeros(raters, np.int64)


def others_means(judgements: Judgements) -> list[Fraction]:
    """Every value that the mean of the others can take here, in order: 0, 1/4, 1/3, 1/2, …"""
    return means_of({block.size for block in judgements.blocks})


def means_of(sizes: Iterable[int]) -> list[Fraction]:
    """Every mean that the others can have on posts with these numbers of raters, in order."""
    return sorted({Fraction(others, size - 1) for size in sizes for others in range(size)})


def crosstab(judgements: Judgements, option: int, fractions: list[Fraction]) -> np.ndarray:
    """N[R, 2, V]: posts on which the rater judged x while the others' mean was fractions[v].

    int64; with weights, float64 sums of them.
    """
    raters = len(judgements.rater_ids)
    dtype = np.int64 if judgements.weights is None else np.float64
    counts = np.zeros((raters, 2, len(fractions)), dtype)
    for block in judgements.blocks:
        counts[:, :, columns(block.size, fractions)] += tabulate(block, option, raters)[0]
    return counts


def tabulate(
    block: Block, option: int, raters: int, group: np.ndarray | int = 0, groups: int = 1
) -> np.ndarray:
    """[groups, R, 2, m]: a block's judgements, or their weights, by the group of the post, the
    rater, the rater's own 0 or 1, and the votes of the others.

    group  int[P] below `groups`, or 0 for one group of all posts
    """
    shape = (groups, raters, 2, block.size)
    cells = (group * raters + block.raters) * 2 + block.picked(option)
    cells = cells * block.size + block.votes_of_others(option)
    weights = block.weights
    if weights is not None:
        weights = np.broadcast_to(weights, cells.shape).ravel()
    return np.bincount(cells.ravel(), weights, minlength=prod(shape)).reshape(shape)


def columns(size: int, fractions: list[Fraction]) -> list[int]:
    """The position among the fractions of 0, 1, … votes of the size - 1 others.

    >>> columns(3, [Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)])
    [0, 2, 3]
    """
    return [bisect_left(fractions, Fraction(others, size - 1)) for others in range(size)]


def positions(counts: np.ndarray, fractions: list[Fraction], correlation: str) -> np.ndarray:
    """Where the others' means lie: their values [V], or their average ranks per rater [R, V].

    Ranks are short of the usual ones by 1/2, which no correlation notices. The rater's own 0s
    and 1s need no ranks: two values have the same correlation whatever they are called.
    """
    if correlation == "pearson":
        return np.array(fractions, dtype=np.float64)
    by_value = counts.sum(axis=-2)
    return np.cumsum(by_value, axis=-1) - by_value / 2


def correlate(counts: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's correlation of x in (0, 1) with y, given counts [..., 2, V]; NaN if undefined."""
    by_x, by_y = counts.sum(axis=-1), counts.sum(axis=-2)
    defined = (by_x > 0).all(axis=-1) & ((by_y > 0).sum(axis=-1) > 1)
    n = np.where(defined, by_x.sum(axis=-1), 1)
    from_mean = y - ((by_y * y).sum(axis=-1) / n)[..., None]
    covariance = (counts[..., 1, :] * from_mean).sum(axis=-1)
    variances = by_x[..., 0] * by_x[..., 1] / n * (by_y * from_mean**2).sum(axis=-1)
    return np.clip(covariance / np.sqrt(np.where(defined, variances, np.nan)), -1, 1)


def mean_over_raters(correlations: np.ndarray, undefined: str) -> np.ndarray:
    """The mean over the last axis, undefined left out ("exclude") or counted as 0 ("zero")."""
    if undefined == "zero" and correlations.shape[-1]:
        return np.nan_to_num(correlations).mean(axis=-1)
    return mean_of_defined(correlations)


def mean_of_defined(values: np.ndarray, axis: int = -1) -> np.ndarray:
    """The mean of the values that aren't NaN; NaN, without a warning, where there are none."""
    defined = ~np.isnan(values)
    n = defined.sum(axis=axis)
    return np.where(defined, values, 0).sum(axis=axis) / np.where(n, n, np.nan)
