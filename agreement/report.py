"""Every figure on a campaign's agreement in one plain dict, ready to be printed or stored."""

from math import isnan

import numpy as np
import pandas as pd

from agreement.alpha import nominal_alpha, set_alpha
from agreement.bootstrap import intervals
from agreement.co_occurrence import conditional, joint_counts, over_judgements, over_post_means
from agreement.interrater import interrater
from agreement.support import (
    effective_size,
    histograms,
    mean_support,
    posts_with_at_least,
    prevalence,
)
from agreement.table import Judgements


def compute(
    judgements: Judgements,
    *,
    correlation: str = "pearson",
    undefined: str = "exclude",
    min_posts: int = 2,
    bootstrap: int = 0,
    seed: int = 0,
    max_votes: int | None = None,
) -> dict:
    """The report on a table of judgements; undefined is None, never a number.

    correlation, undefined, min_posts  as in `interrater`
    bootstrap  draws for the 95 % intervals; none by default, and then no intervals either
    max_votes  the K of the votes 1x … Kx; by default the largest number of raters on a post

    "posts", "judgements" and "raters" count the whole table; "compared" counts what the figures
    rest on, the posts with two judgements or more. Its "worth" says how many equally weighted posts
    would tell as much.
    """
    ways = {"correlation": correlation, "undefined": undefined, "min_posts": min_posts}
    report = {
        **_counts(judgements),
        "interrater": None,
        "set_alpha": plain(set_alpha(judgements)),
        "affects": {option: {} for option in judgements.options},
        "co_occurrence": _co_occurrence(judgements),
        "options": {
            **ways,
            "bootstrap": bootstrap,
            "seed": seed,
            "weighted": judgements.weights is not None,
        },
    }
    _add_interrater(report, judgements, ways)
    _add_votes(report, judgements, max_votes)
    if bootstrap:
        _add_intervals(report, judgements, ways)
    return report


def plain(figures: np.ndarray | float) -> list | float | int | None:
    """The same figures as Python numbers in lists, None for NaN."""
    if isinstance(figures, np.ndarray):
        return [plain(figure) for figure in figures.tolist()]
    if isinstance(figures, list):
        return [plain(figure) for figure in figures]
    return None if isnan(figures) else figures


def _counts(judgements: Judgements) -> dict:
    weights = np.concatenate([block.weight for block in judgements.blocks] or [np.empty(0)])
    return {
        "posts": judgements.judged_posts,
        "judgements": len(judgements.posts),
        "raters": len(pd.unique(judgements.raters)),
        "compared": {
            "posts": judgements.shared_posts,
            "judgements": judgements.size,
            "raters": len(judgements.rater_ids),
            "worth": round(effective_size(weights), 1),
        },
    }


def _co_occurrence(judgements: Judgements) -> dict:
    counts = joint_counts(judgements)
    weight = sum(block.size * block.weight.sum() for block in judgements.blocks)
    return {
        "order": list(judgements.options),
        "post_means": plain(over_post_means(judgements)),
        "judgements": plain(over_judgements(counts, weight)),
        "counts": plain(counts),
        "conditional": plain(conditional(counts)),
    }


def _add_interrater(report: dict, judgements: Judgements, ways: dict) -> None:
    result = interrater(judgements, **ways)
    report["interrater"] = plain(result.headline)
    _add(report, interrater=result.values, raters=result.raters, undefined=result.left_out)


def _add_votes(report: dict, judgements: Judgements, max_votes: int | None) -> None:
    found = histograms(judgements)
    _add(
        report,
        alpha=nominal_alpha(found, judgements.size),
        support=mean_support(found),
        prevalence=prevalence(found),
        votes=posts_with_at_least(found, max_votes),
    )


def _add_intervals(report: dict, judgements: Judgements, ways: dict) -> None:
    draws, seed = report["options"]["bootstrap"], report["options"]["seed"]
    found = intervals(judgements, draws=draws, rng=np.random.default_rng(seed), **ways)
    report["interrater_interval"] = plain(found.headline)
    report["set_alpha_interval"] = plain(found.set_alpha)
    _add(report, interrater_interval=found.interrater, alpha_interval=found.alpha)


def _add(report: dict, **columns: np.ndarray) -> None:
    """Give every option in the report its figure from each column."""
    for name, column in columns.items():
        for option, figure in zip(report["affects"].values(), plain(column), strict=True):
            option[name] = figure
