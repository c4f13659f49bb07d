"""How a campaign's raters work, measured for all of them at once: pure, and exact.

One row a judgement, in the order in which they came in; R raters are numbered from 0. A rater
without the rows that a figure needs has NaN there, never a number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from agreement.interrater import (
    columns,
    correlate,
    crosstab,
    mean_of_defined,
    means_of,
    others_means,
    positions,
)
from agreement.sums import Sums
from agreement.table import OTHER, OTHER_BIT, Judgements

#: Standard errors to either side of a 95 % interval.
Z_95 = 1.959964
#: Nobody reads a post and says what it makes people feel in less than so many seconds.
FAST_SECONDS = 2.0
#: Nor in less than this part of what the campaign's raters need.
FAST_SHARE = 1 / 3
#: Of fewer judgements on either side a drift may well be chance.
FEWEST_TO_DRIFT = 30
#: Equal values may seem to differ by a rounding.
NO_SPREAD = 1e-9


@dataclass(frozen=True, eq=False)
class WithOthers:
    """Raters beside those who judged the same posts.

    correlations  float64[O, R]  with the mean of the others; NaN where undefined
    bias          float64[O, R]  picks a judgement more (or less) than the others'; NaN without any
    posts         int64[R]       posts judged together with someone
    raters        int64[R]       the raters' ids
    options       the name of each option: the affects, and `other` where somebody used it
    affects       the first so many options are affects
    """

    correlations: np.ndarray
    bias: np.ndarray
    posts: np.ndarray
    raters: np.ndarray
    options: tuple[str, ...]
    affects: int

    @property
    def agreement(self) -> np.ndarray:
        """float64[R]: the mean over the affects for which the rater has a correlation."""
        return mean_of_defined(self.correlations[: self.affects], axis=0)

    @property
    def undefined(self) -> np.ndarray:
        """int64[R]: affects for which the rater has none."""
        return np.isnan(self.correlations[: self.affects]).sum(axis=0)


def with_others(judgements: Judgements) -> WithOthers:
    """Correlation and bias of every rater, from the counts N[rater, x, y] of `interrater`.

    bias = mean over the shared posts of x - y, x the rater's 0 or 1, y the mean of the others.

    Ada picks on both posts, Ben on none:

    >>> found = with_others(Judgements.of([(1, 7, 1), (1, 8, 0), (2, 7, 1), (2, 8, 0)], ("sad",)))
    >>> found.bias.tolist(), found.raters.tolist(), found.undefined.tolist()
    ([[1.0, -1.0]], [7, 8], [1, 1])
    """
    fractions = others_means(judgements)
    options = range(len(judgements.bits))
    crosstabs = (crosstab(judgements, option, fractions) for option in options)
    found = _compared(crosstabs, fractions, len(judgements.rater_ids))
    return WithOthers(*found, judgements.rater_ids, judgements.options, len(judgements.affects))


def of_sums(sums: Sums, rater: int, affects: tuple[str, ...]) -> WithOthers:
    """The same of one rater, from a campaign's running sums: however much the rater has judged."""
    place = np.flatnonzero(sums.raters == rater)
    tables = {m: table[place] for m, table in sums.tables.items() if m > 1 and table.any()}
    options = (*affects, OTHER) if any(picks >> OTHER_BIT for picks in sums.sets) else affects
    fractions = means_of(tables)
    crosstabs = (_crosstab(tables, option, fractions, len(place)) for option in range(len(options)))
    found = _compared(crosstabs, fractions, len(place))
    return WithOthers(*found, sums.raters[place], options, len(affects))


def _compared(
    crosstabs: Iterable[np.ndarray], fractions: list[Fraction], raters: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """correlations, bias and posts, as in `WithOthers`, from each option's N[R, 2, V]."""
    correlations, bias, posts = [], [], np.zeros(raters, np.int64)
    for counts in crosstabs:
        posts = counts.sum(axis=(1, 2))
        correlations.append(correlate(counts, positions(counts, fractions, "pearson")))
        others = counts.sum(axis=1) @ np.array(fractions, np.float64)
        bias.append((counts[:, 1].sum(axis=1) - others) / np.where(posts, posts, np.nan))
    return np.array(correlations), np.array(bias), posts


def _crosstab(
    tables: dict[int, np.ndarray], option: int, fractions: list[Fraction], raters: int
) -> np.ndarray:
    """N[R, 2, V] of one option, from the tables of `Sums`."""
    counts = np.zeros((raters, 2, len(fractions)), np.int64)
    for size, table in tables.items():
        counts[:, :, columns(size, fractions)] += table[:, option]
    return counts


def wilson(right: np.ndarray, n: np.ndarray, z: float = Z_95) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the score interval of the share right / n; NaN where n is 0.

        (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)

    It keeps its promise for few answers and for shares near 0 and 1 (Wilson 1927; Brown, Cai and
    DasGupta 2001).

    >>> low, high = wilson(np.array([10]), np.array([25]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.234], [0.593])
    """
    n = np.where(n > 0, n, np.nan)
    share = right / n
    middle = share + z**2 / (2 * n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return np.clip((middle - half) / scale, 0, 1), np.clip((middle + half) / scale, 0, 1)


def share(rater: np.ndarray, is_so: np.ndarray, raters: int) -> np.ndarray:
    """float64[R]: the part of each rater's rows for which `is_so` (bool or number, their mean)."""
    n = np.bincount(rater, minlength=raters)
    return np.bincount(rater, is_so, raters) / np.where(n > 0, n, np.nan)


def favourite_share(rater: np.ndarray, picks: np.ndarray, raters: int) -> np.ndarray:
    """float64[R]: the part of a rater's judgements that has the rater's most common pick set.

    >>> favourite_share(np.array([0, 0, 0, 0]), np.array([5, 5, 5, 2]), 2).tolist()
    [0.75, nan]
    """
    sets, _ = pd.factorize(picks)
    pairs, times = np.unique(rater * (sets.max(initial=0) + 1) + sets, return_counts=True)
    most = np.zeros(raters)
    np.maximum.at(most, pairs // (sets.max(initial=0) + 1), times)
    n = np.bincount(rater, minlength=raters)
    return most / np.where(n > 0, n, np.nan)


def longest_run(rater: np.ndarray, picks: np.ndarray, raters: int) -> np.ndarray:
    """int64[R]: how often in a row the rater gave the same pick set; 0 without judgements.

    >>> longest_run(np.array([0, 1, 0, 0]), np.array([5, 1, 5, 2]), 3).tolist()
    [2, 1, 0]
    """
    order = by_rater(rater, raters)
    rater, picks = rater[order], picks[order]
    begins = np.flatnonzero((np.diff(rater, prepend=-1) != 0) | (np.diff(picks, prepend=0) != 0))
    longest = np.zeros(raters, np.int64)
    np.maximum.at(longest, rater[begins], np.diff(begins, append=len(rater)))
    return longest


def medians(rater: np.ndarray, values: np.ndarray, raters: int) -> np.ndarray:
    """float64[R]: the median of each rater's values; NaN for raters without any."""
    n = np.bincount(rater, minlength=raters)
    of_raters = np.split(values[by_rater(rater, raters)], np.cumsum(n))[:raters]
    return np.array([np.median(some) if len(some) else np.nan for some in of_raters], np.float64)


def by_rater(rater: np.ndarray, raters: int) -> np.ndarray:
    """int64[J]: the rows rater by rater, each rater's in the order in which they stand.

    In the smallest type that fits: short integers are sorted by their digits, ten times as fast.
    """
    return np.argsort(rater.astype(np.min_scalar_type(raters)), kind="stable")


def drift(
    rater: np.ndarray,
    values: np.ndarray,
    is_recent: np.ndarray,
    raters: int,
    fewest: int = FEWEST_TO_DRIFT,
) -> np.ndarray:
    """float64[R]: how many spreads the mean of a rater's recent values lies from that of those before,

        d = (mean of recent - mean of before) / √(pooled variance)

    (Cohen 1988, who calls 0.8 large). NaN with fewer than `fewest` on either side, or
    no variance.

    >>> rater, recent = np.zeros(6, int), np.array([0, 0, 0, 1, 1, 1], bool)
    >>> drift(rater, np.array([1.0, 2.0, 3.0, 3.0, 4.0, 5.0]), recent, 1, fewest=2).tolist()
    [2.0]
    """
    n, mean, squares = np.zeros((3, 2, raters))
    for side, chosen in enumerate((~is_recent, is_recent)):
        n[side] = np.bincount(rater[chosen], minlength=raters)
        mean[side] = share(rater[chosen], values[chosen], raters)
        from_mean = values[chosen] - mean[side][rater[chosen]]
        squares[side] = np.bincount(rater[chosen], from_mean**2, raters)
    freedom = np.where((n >= fewest).all(axis=0), n.sum(axis=0) - 2, np.nan)
    spread = np.sqrt(squares.sum(axis=0) / freedom)
    return (mean[1] - mean[0]) / np.where(spread > NO_SPREAD, spread, np.nan)


def fast_below(seconds: np.ndarray) -> float:
    """Judgements that took less were too fast: two seconds, or a third of the crowd's median."""
    return max(FAST_SECONDS, FAST_SHARE * float(np.median(seconds)) if len(seconds) else 0.0)


def robust_z(values: np.ndarray) -> np.ndarray:
    """float64[R]: how many spreads a rater lies from the middle one, 0.6745 (x - median) / MAD.

    MAD is the median of the absolute distances from the median; 0.6745 makes the figure that of a
    normal crowd (Iglewicz and Hoaglin 1993, who call more than 3.5 an outlier). Unlike mean and
    deviation, a few bad raters can't move it. NaN where at least half of the raters are equal.

    >>> robust_z(np.array([1.0, 2.0, 3.0, 4.0, 10.0, np.nan])).round(2).tolist()
    [-1.35, -0.67, 0.0, 0.67, 4.72, nan]
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return np.full(len(values), np.nan)
    from_middle = values - np.median(defined)
    spread = np.median(np.abs(from_middle[~np.isnan(values)]))
    return 0.6745 * from_middle / spread if spread > 0 else np.full(len(values), np.nan)
