"""Krippendorff's alpha: nominal for each affect, and set-valued over whole judgements.

    alpha = 1 - D_o / D_e

with D_o the mean distance between two judgements of one post, and D_e that between any two
judgements. 1 is perfect agreement, 0 is chance. Without any variation there is nothing to agree
on, and alpha is undefined (NaN). Source: Krippendorff 2004, "Content Analysis", chapter 11;
MASI: Passonneau 2006, "Measuring Agreement on Set-Valued Items (MASI)".

The `krippendorff` package takes a row per post and affect and knows no weights. Posts with the
same votes are interchangeable, so a histogram of votes gives the same number in a hundredth of
the time; the package is what the tests compare with.

Weights w make D_o and D_e estimates for the pool: every sum over posts becomes a weighted sum,
while the correction for small samples, J / (J - 1), keeps the number of judgements really made.
"""

import numpy as np

from agreement.support import Histograms
from agreement.table import OTHER_BIT, Judgements

#: MASI's share of the Jaccard similarity that counts: one set in the other, or not.
NESTED, OVERLAPPING = 2 / 3, 1 / 3

#: Distances between pick sets computed at a time: no more than fit the processor's cache.
DISTANCES_AT_ONCE = 1 << 18


def nominal_alpha(found: Histograms, judgements: int) -> np.ndarray:
    """float64[O]: alpha of each option, from histograms of votes and the number J of judgements.

    Two posts with two raters each, one agreed on and one split: D_o = 2/4, D_e = 2·1·3/(4·3).

    >>> nominal_alpha({2: np.array([[0, 1, 1]])}, judgements=4).tolist()
    [0.0]
    """
    split = sum(counts @ votes_apart(size) for size, counts in found.items())
    ones = sum(counts @ np.arange(size + 1) for size, counts in found.items())
    n = sum(size * counts.sum(axis=1) for size, counts in found.items())
    return alpha(split, 2 * ones * (n - ones), n, judgements)


def set_alpha(judgements: Judgements) -> float:
    """Alpha with MASI distance between the pick sets of whole judgements; NaN if undefined.

    One post split between {calm, glad} and {calm}, one agreed on {sad}: D_o = 1/3, D_e = 7/9.

    >>> rows = [(1, 1, 0b011), (1, 2, 0b001), (2, 1, 0b100), (2, 2, 0b100)]
    >>> round(set_alpha(Judgements.of(rows, ("calm", "glad", "sad"))), 4)
    0.5714
    """
    # Not by @: for so few numbers its threads wait for each other longer than they compute.
    split = sum((picks_apart(block.picks) * block.weight).sum() for block in judgements.blocks)
    sets, counts = judgements.pick_sets
    return float(alpha(split, distances_of_all(sets, counts), counts.sum(), judgements.size))


def ordinal_alpha(judgements: Judgements) -> float:
    """Alpha of the one affect that each judgement picks, the taxonomy's order being a scale.

    The distance between two grades is the square of how many judgements lie between them, half of
    the two grades' own included. Judgements with another number of picks, or `other`, are left
    out. Weights are, too.

    >>> rows = [(1, 1, 0b001), (1, 2, 0b001), (2, 1, 0b100), (2, 2, 0b010)]
    >>> round(ordinal_alpha(Judgements.of(rows, ("mild", "strong", "extreme"))), 4)
    0.8333
    """
    graded = (np.bitwise_count(judgements.picks) == 1) & (judgements.picks >> OTHER_BIT == 0)
    columns = (judgements.posts, judgements.raters, judgements.picks)
    graded = Judgements(*(column[graded] for column in columns), judgements.affects)
    counts = np.zeros(len(graded.affects))
    sets, found = graded.pick_sets
    counts[np.bitwise_count(sets - 1)] = found
    below = np.cumsum(counts) - counts / 2
    distances = (below[:, None] - below) ** 2
    split = 0.0
    for block in graded.blocks:
        votes = block.votes.astype(float)
        split += (votes * (distances @ votes)).sum() / (block.size - 1)
    return float(alpha(split, counts @ distances @ counts, graded.size, graded.size))


def alpha(split, apart, n, judgements) -> np.ndarray:
    """1 - D_o / D_e from sums; NaN where no two judgements differ.

    split       sum over posts of the distances of all ordered pairs of its judgements, / (m - 1)
    apart       sum of the distances of all ordered pairs of the n judgements: n(n - 1) D_e
    n           judgements, or the sum of their weights
    judgements  how many there really are
    """
    pairs_per_judgement = n * (judgements - 1) / np.maximum(judgements, 1)
    return 1 - split * pairs_per_judgement / np.where(apart > 0, apart, np.nan)


def votes_apart(size: int) -> np.ndarray:
    """float64[m + 1]: what a post of m = size raters adds to the split, by its votes s.

    >>> votes_apart(3).tolist()
    [0.0, 2.0, 2.0, 0.0]
    """
    votes = np.arange(size + 1)
    return 2 * votes * (size - votes) / (size - 1)


def picks_apart(picks: np.ndarray) -> np.ndarray:
    """float64[P]: what each post adds to the split under MASI, from its picks [m, P]."""
    size = len(picks)
    split = np.zeros(picks.shape[1])
    for later in range(1, size):
        split += masi_distance(picks[later], picks[:later]).sum(axis=0)
    return 2 * split / (size - 1)


def distances_of_all(sets: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """[...]: the sum of MASI distances over all ordered pairs, from counts [..., U] of the sets."""
    total = np.zeros(counts.shape[:-1])
    step = DISTANCES_AT_ONCE // max(len(sets), 1) + 1
    for first in range(0, len(sets), step):
        some = slice(first, first + step)
        distances = masi_distance(sets[some, None], sets)
        total += ((counts @ distances.T) * counts[..., some]).sum(axis=-1)
    return total


def masi_distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 - |a ∩ b| / |a ∪ b| · (1 if equal, 2/3 if nested, 1/3 else) of bit masks, elementwise.

    Two judgements without picks are equal.

    >>> masi_distance(np.array([0b011, 0b011, 0b011, 0b000]), np.array([0b001, 0b110, 0b100, 0b000]))
    array([0.66666667, 0.88888889, 1.        , 0.        ])
    """
    both, either = a & b, a | b
    nested = (both == a) | (both == b)
    share = np.where(nested, NESTED, OVERLAPPING) * np.bitwise_count(both)
    return np.where(a == b, 0.0, 1 - share / np.maximum(np.bitwise_count(either), 1))
