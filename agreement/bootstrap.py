"""95 % intervals for interrater correlation and alpha: a bootstrap over posts.

Posts are what a campaign samples, so a draw takes as many posts as there are, with replacement,
each with all its judgements, and computes every figure again. All figures follow from sums over
posts: the posts are dealt at random into at most 1,000 groups, each group's sums are taken once,
and a draw of groups is one row of a matrix product. With fewer posts than groups that is the plain
bootstrap; with more, the variance between groups of equal size still estimates the same variance.

Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13 (percentiles).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import lcm

import numpy as np
import pandas as pd

from agreement.alpha import alpha, distances_of_all, picks_apart, votes_apart
from agreement.interrater import (
    check_ways,
    columns,
    correlate,
    mean_of_defined,
    mean_over_raters,
    others_means,
    positions,
    shared_posts,
    tabulate,
)
from agreement.table import Block, Judgements

#: What a block contributes: an array whose last axis is its posts, or that can be stretched so.
Part = Callable[[Block], np.ndarray | int]

LEVEL = 0.95
GROUPS = 1000
#: With very many raters there are fewer groups, so that a count table for each of them stays
#: below 256 MB; but never fewer than this, or the tails get coarse.
FEWEST_GROUPS = 100
MOST_CELLS = 1 << 25
#: Draws of whole count tables that are held at a time.
TABLES_AT_ONCE = 50
#: Single precision holds every whole number up to here.
EXACT_IN_SINGLE = 1 << 24
#: The others' means are counted in whole parts of it, if that makes them whole; see `_parts`.
MOST_PARTS = 1000
#: Below this share of its largest value a variance of sums in floating point counts as none. The
#: smallest real one, one odd post among 10,000, is above 1e-8.
NO_VARIANCE = 1e-10


@dataclass(frozen=True, eq=False)
class Intervals:
    """Low and high ends in the last axis; NaN where a figure is undefined in every draw.

    interrater [O, 2], headline [2], alpha [O, 2], set_alpha [2]
    """

    interrater: np.ndarray
    headline: np.ndarray
    alpha: np.ndarray
    set_alpha: np.ndarray


def intervals(
    judgements: Judgements,
    *,
    draws: int,
    rng: np.random.Generator,
    correlation: str = "pearson",
    undefined: str = "exclude",
    min_posts: int = 2,
) -> Intervals:
    """Percentile intervals from `draws` draws; options as in `interrater`.

    Which raters have enough posts is settled by what they judged and doesn't change by the draw.

    >>> rows = [(post, rater, post % 2) for post in range(20) for rater in (1, 2)]
    >>> rng = np.random.default_rng(1)
    >>> intervals(Judgements.of(rows, ("calm",)), draws=100, rng=rng).headline.tolist()
    [1.0, 1.0]
    """
    check_ways(correlation, undefined)
    sample = Resample.of(judgements, draws, rng)
    enough = shared_posts(judgements) >= min_posts
    draw = _pearson if correlation == "pearson" else _spearman
    by_option = [
        mean_over_raters(np.where(enough, correlations, np.nan), undefined)
        for correlations in draw(sample)
    ]
    interrater = np.reshape(by_option, (-1, draws))
    return Intervals(
        interrater=ends(interrater),
        headline=ends(mean_of_defined(interrater[: len(judgements.affects)], axis=0)),
        alpha=ends(_nominal_alpha(sample)),
        set_alpha=ends(_set_alpha(sample)),
    )


def ends(draws: np.ndarray) -> np.ndarray:
    """[..., 2]: the middle 95 % of the draws [..., B] that are defined."""
    some = ~np.isnan(draws).all(axis=-1, keepdims=True)
    tail = (1 - LEVEL) / 2
    low_high = np.nanquantile(np.where(some, draws, 0), [tail, 1 - tail], axis=-1)
    return np.where(some, np.moveaxis(low_high, 0, -1), np.nan)


def how_many_groups(judgements: Judgements) -> int:
    cells = 2 * len(judgements.rater_ids) * len(others_means(judgements))
    affordable = max(MOST_CELLS // max(cells, 1), FEWEST_GROUPS)
    return max(min(judgements.shared_posts, GROUPS, affordable), 1)


@dataclass(frozen=True, eq=False)
class Resample:
    """The posts in G groups, and B draws of G groups each.

    groups  int32[posts]   the group of each post
    copies  float64[B, G]  how often a draw takes each group
    blocks  all posts, group after group
    """

    judgements: Judgements
    groups: np.ndarray
    copies: np.ndarray
    blocks: list[Block]

    @classmethod
    def of(cls, judgements: Judgements, draws: int, rng: np.random.Generator) -> "Resample":
        count = how_many_groups(judgements)
        groups = rng.permutation(judgements.shared_posts).astype(np.int32) % count
        copies = rng.multinomial(count, np.full(count, 1 / count), size=draws)
        return cls(judgements, groups, copies.astype(float), judgements.blocks_in(groups))

    def sums(self, cells: int, places: Part, values: Part) -> np.ndarray:
        """float64[B, cells]: for each draw, the weighted sums of the values at their places."""
        return self.drawn(self.group_sums(cells, places, values))

    def drawn(self, sums: np.ndarray) -> np.ndarray:
        """float64[B, N]: the sums of each draw, from sums [G, N] of each group.

        Whole numbers whose sums stay below 2^24 are exact in single precision, in half the time.
        """
        most = self.copies.max(initial=0) * np.abs(sums).sum(axis=0).max(initial=0)
        if most < EXACT_IN_SINGLE and np.array_equal(sums, np.rint(sums)):
            return (self.copies.astype(np.float32) @ sums.astype(np.float32)).astype(np.float64)
        return self.copies @ sums

    def group_sums(self, cells: int, places: Part, values: Part) -> np.ndarray:
        """float64[G, cells]: the same for each group; places and values are [..., P] of a block."""
        total = np.zeros((self.copies.shape[1], cells))
        for block in self.blocks:
            first, last = self.groups[block.posts[[0, -1]]]
            at = (self.groups[block.posts] - first) * cells + places(block)
            value = np.broadcast_to(values(block) * block.weight, at.shape)
            found = np.bincount(at.ravel(), value.ravel(), (last - first + 1) * cells)
            total[first : last + 1] += found.reshape(-1, cells)
        return total


def _pearson(sample: Resample) -> Iterator[np.ndarray]:
    """[B, R] for each option, from n, Σx, Σy, Σxy and Σy² of each rater."""
    raters = len(sample.judgements.rater_ids)
    parts = _parts(sample.judgements)
    n = sample.sums(raters, lambda block: block.raters, lambda block: 1)
    for option in range(len(sample.judgements.bits)):
        total = np.zeros((4, sample.copies.shape[1], raters))
        for groups, counts in _tables(sample, option):
            total[:, groups] += _moments(counts, parts)
        x, y, xy, yy = map(sample.drawn, total)
        spread_x, spread_y = n * x - x * x, n * yy - y * y
        defined = (spread_x > NO_VARIANCE * n * x) & (spread_y > NO_VARIANCE * n * yy)
        spread = np.sqrt(np.where(defined, spread_x * spread_y, np.nan))
        yield np.clip((n * xy - x * y) / spread, -1, 1)


def _parts(judgements: Judgements) -> int:
    """In how many parts of one the others' means are counted, so that all are whole numbers: no
    correlation notices. 1, and so in fractions, where it would take too many."""
    parts = lcm(*(block.size - 1 for block in judgements.blocks))
    return parts if parts <= MOST_PARTS else 1


def _moments(counts: np.ndarray, parts: int) -> np.ndarray:
    """[4, ...]: Σx, Σy, Σxy and Σy² from counts [..., 2, m], y being the others' mean in parts."""
    size = counts.shape[-1]
    x, votes = np.indices((2, size)).reshape(2, -1)
    y = votes * parts / (size - 1)
    powers = np.column_stack([x, y, x * y, y * y])
    return np.moveaxis(counts.reshape(*counts.shape[:-2], -1) @ powers, -1, 0)


def _spearman(sample: Resample) -> Iterator[np.ndarray]:
    """[B, R] for each option. Ranks differ by draw, so this draws whole count tables."""
    fractions = others_means(sample.judgements)
    shape = (len(sample.judgements.rater_ids), 2, len(fractions))
    for option in range(len(sample.judgements.bits)):
        total = np.zeros((sample.copies.shape[1], *shape))
        for groups, counts in _tables(sample, option):
            total[groups][..., columns(counts.shape[-1], fractions)] += counts
        total = total.reshape(len(total), -1)
        found = []
        for first in range(0, len(sample.copies), TABLES_AT_ONCE):
            tables = (sample.copies[first : first + TABLES_AT_ONCE] @ total).reshape(-1, *shape)
            found.append(correlate(tables, positions(tables, fractions, "spearman")))
        yield np.concatenate(found)


def _tables(sample: Resample, option: int) -> Iterator[tuple[slice, np.ndarray]]:
    """For each block the groups that it touches, and their counts [groups, R, 2, m]."""
    raters = len(sample.judgements.rater_ids)
    for block in sample.blocks:
        group = sample.groups[block.posts]
        touched = slice(group[0], group[-1] + 1)
        groups = touched.stop - touched.start
        yield touched, tabulate(block, option, raters, group - touched.start, groups)


def _nominal_alpha(sample: Resample) -> np.ndarray:
    """[O, B]"""
    options = len(sample.judgements.bits)
    sums = partial(sample.sums, options, lambda block: np.arange(options)[:, None])
    split = sums(lambda block: votes_apart(block.size)[block.votes])
    ones = sums(lambda block: block.votes)
    n, judgements = _judgements(sample)
    return alpha(split, 2 * ones * (n - ones), n, judgements).T


def _set_alpha(sample: Resample) -> np.ndarray:
    """[B]"""
    sets, _ = sample.judgements.pick_sets
    index = pd.Index(sets)
    counts = sample.sums(
        len(sets),
        lambda block: index.get_indexer(block.picks.ravel()).reshape(block.picks.shape),
        lambda block: 1,
    )
    split = sample.sums(1, lambda block: 0, lambda block: picks_apart(block.picks))
    n, judgements = _judgements(sample)
    return alpha(split, distances_of_all(sets, counts)[:, None], n, judgements)[:, 0]


def _judgements(sample: Resample) -> tuple[np.ndarray, np.ndarray]:
    """[B, 1] the weight of each draw's judgements; [B, 1] how many they are."""
    weight = sample.sums(1, lambda block: 0, lambda block: block.size)
    count = sample.sums(1, lambda block: 0, lambda block: block.size / block.weight)
    return weight, count
