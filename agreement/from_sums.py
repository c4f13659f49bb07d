"""A campaign's report from its running sums: the same figures, however many judgements it has."""

import numpy as np

from agreement.alpha import NESTED, OVERLAPPING, alpha, distances_of_all, nominal_alpha
from agreement.co_occurrence import conditional, over_judgements
from agreement.interrater import Interrater, check_ways, columns, from_tables, means_of
from agreement.report import plain
from agreement.sums import Sums
from agreement.support import Histograms, mean_support, posts_with_at_least, prevalence
from agreement.table import OTHER, OTHER_BIT


def figures(
    sums: Sums,
    affects: tuple[str, ...],
    *,
    correlation: str = "pearson",
    undefined: str = "exclude",
    min_posts: int = 2,
    max_votes: int | None = None,
) -> dict:
    """As `agreement.report.compute` makes them, without weights and without intervals."""
    ways = {"correlation": correlation, "undefined": undefined, "min_posts": min_posts}
    options = _options(sums, affects)
    found = histograms(sums, len(options))
    compared = _counts(sums, fewest=2)
    result = interrater(sums, len(options), len(affects), **ways)
    columns = {
        "interrater": result.values,
        "raters": result.raters,
        "undefined": result.left_out,
        "alpha": nominal_alpha(found, compared["judgements"]),
        "support": mean_support(found),
        "prevalence": prevalence(found),
        "votes": posts_with_at_least(found, max_votes),
    }
    rows = [
        dict(zip(columns, row, strict=True))
        for row in zip(*map(plain, columns.values()), strict=True)
    ]
    return {
        **_counts(sums, fewest=1),
        "compared": {**compared, "worth": float(compared["posts"])},
        "interrater": plain(result.headline),
        "set_alpha": plain(set_alpha(sums)),
        "affects": dict(zip(options, rows, strict=True)),
        "co_occurrence": {"order": options, **_co_occurrence(sums, found)},
        "options": {**ways, "bootstrap": 0, "seed": 0, "weighted": False},
    }


def interrater(sums: Sums, options: int, affects: int, **ways) -> Interrater:
    """As `agreement.interrater.interrater`; raters in the order of `Sums.raters`, but for those
    who share no post with anybody."""
    check_ways(ways["correlation"], ways["undefined"])
    shared = {size: table for size, table in sums.tables.items() if size > 1 and table.any()}
    posts = sum(table[:, 0].sum(axis=(1, 2)) for table in shared.values())
    compared = np.flatnonzero(posts)
    fractions = means_of(shared)
    tables = np.zeros((options, len(compared), 2, len(fractions)), np.int64)
    for size, table in shared.items():
        tables[..., columns(size, fractions)] += table[compared, :options].swapaxes(0, 1)
    posts = posts[compared] if len(compared) else np.empty(0, np.int64)
    return from_tables(tables, fractions, posts, affects, **ways)


def histograms(sums: Sums, options: int) -> Histograms:
    """As `agreement.support.histograms`. A post with s votes is counted by each of its m raters:
    by s of them as one who picked it, and by m - s as one who didn't."""
    found: Histograms = {2: np.zeros((options, 3), np.int64)}
    for size, table in sums.tables.items():
        if size > 1 and table.any():
            without, picked = table[:, :options].sum(axis=0).swapaxes(0, 1)
            met = np.zeros((options, size + 1), np.int64)
            met[:, :-1] += without
            met[:, 1:] += picked
            found[size] = met // size
    return found


def set_alpha(sums: Sums) -> float:
    """As `agreement.alpha.set_alpha`."""
    split = 0.0
    for (size, both, either, nested), count in sorted(sums.pairs.items()):
        share = (NESTED if nested else OVERLAPPING) * both / max(either, 1)
        split += 2 / (size - 1) * count * (0 if both == either else 1 - share)
    sets, counts = _pick_sets(sums)
    return float(alpha(split, distances_of_all(sets, counts), counts.sum(), counts.sum()))


def joint_counts(sums: Sums, bits: list[int]) -> np.ndarray:
    """As `agreement.co_occurrence.joint_counts`."""
    sets, counts = _pick_sets(sums)
    picked = (sets[:, None] >> np.array(bits)) & 1
    return (picked * counts[:, None]).T @ picked


def over_post_means(sums: Sums, found: Histograms) -> np.ndarray:
    """As `agreement.co_occurrence.over_post_means`."""
    options = len(found[2])
    posts = sum(int(counts[0].sum()) for counts in found.values())
    total, products = np.zeros(options), np.zeros((options, options))
    low, high = np.ones(options), np.zeros(options)
    for size, counts in found.items():
        shares = np.arange(size + 1) / size
        total += counts @ shares
        products += (
            sums.products.get(size, np.zeros((options, options)))[:options, :options] / size**2
        )
        low = np.minimum(low, np.where(counts, shares, 1).min(axis=1))
        high = np.maximum(high, np.where(counts, shares, 0).max(axis=1))
    covariances = products - np.outer(total, total) / max(posts, 1)
    squares = np.where(low < high, np.diagonal(covariances), np.nan)
    return np.clip(covariances / np.sqrt(np.outer(squares, squares)), -1, 1)


def _pick_sets(sums: Sums) -> tuple[np.ndarray, np.ndarray]:
    # In one order, whatever came and went: floats added in another one differ in their last place.
    sets = sorted(sums.sets)
    return np.array(sets, np.int64), np.array([sums.sets[picks] for picks in sets], np.int64)


def _options(sums: Sums, affects: tuple[str, ...]) -> list[str]:
    """The affects, and `other` if somebody used it."""
    used = any(table[:, -1, 1].any() for table in sums.tables.values())
    return [*affects, OTHER] if used else [*affects]


def _counts(sums: Sums, fewest: int) -> dict:
    """Of posts with so many raters or more."""
    by_rater = {
        size: table[:, 0].sum(axis=(1, 2)) for size, table in sums.tables.items() if size >= fewest
    }
    of_all = np.sum([*by_rater.values()], axis=0, dtype=np.int64) if by_rater else np.empty(0)
    return {
        "posts": sum(int(posts.sum()) // size for size, posts in by_rater.items()),
        "judgements": int(of_all.sum()),
        "raters": int((of_all > 0).sum()),
    }


def _co_occurrence(sums: Sums, found: Histograms) -> dict:
    options = len(found[2])
    affects = sums.options - 1
    counts = joint_counts(sums, [*range(affects), OTHER_BIT][:options])
    return {
        "post_means": plain(over_post_means(sums, found)),
        "judgements": plain(over_judgements(counts, sum(sums.sets.values()))),
        "counts": plain(counts),
        "conditional": plain(conditional(counts)),
    }
