"""What the components of a round found: positives per 1,000 judgements."""

from functools import partial

import numpy as np

from agreement import live
from agreement.table import tally
from annotation.models import Judgement
from routing import queries, rules
from routing.models import Round, Selection
from routing.rules import COMPONENTS


def per_thousand(
    shares: np.ndarray, raters: np.ndarray, positive: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Positives per 1,000 judgements float64[4, A], and the judgements float64[4] behind them.

    shares   float[S, 4]  which part of a post's chance came from which component
    raters   int[S]       judgements of the post
    positive bool[S, A]   whether the majority picked the affect

    A post counts for each component by its share in having chosen it, so each row estimates what
    that component alone would have found. NaN where a component chose nothing.

    >>> shares = np.array([[1.0, 0, 0, 0], [0.5, 0, 0, 0.5]])
    >>> rates, n = per_thousand(shares, np.array([5, 5]), np.array([[True], [False]]))
    >>> rates.round(1).tolist(), n.tolist()
    ([[133.3], [nan], [nan], [0.0]], [7.5, 0.0, 0.0, 2.5])
    """
    judgements = shares.T @ raters
    found = shares.T @ positive
    behind = np.where(judgements > 0, judgements, np.nan)
    return 1000 * found / behind[:, None], judgements


def shown(round: Round) -> dict:
    """The same as `report`, counted once until a judgement comes."""
    name, count = f"routing.yield.{round.id}.{round.state}", partial(report, round)
    return live.while_unchanged(campaign=round.campaign, name=name, make=count)


def report(round: Round) -> dict:
    """The round with, per affect, what each component found, and exploit over uniform as `ratio`.

    `posts` is the number of judged posts with the affect; undefined figures are None.
    """
    keys = round.campaign.taxonomy.keys
    shares, raters, positive = outcome(round, keys)
    rates, judgements = per_thousand(shares, raters, positive)
    return {
        "round": round.number,
        "strategy": round.strategy,
        "state": round.state,
        "seed": round.seed,
        "budget": round.budget,
        "pool": round.pool_size,
        "drawn": round.drawn,
        "judged": len(raters),
        "judgements": dict(zip(COMPONENTS, _rounded(judgements), strict=True)),
        "affects": {
            key: {
                "posts": int(positive[:, n].sum()),
                **dict(zip(COMPONENTS, _rounded(rates[:, n]), strict=True)),
                "ratio": _ratio(*rates[[0, -1], n]),
            }
            for n, key in enumerate(keys)
        },
    }


def outcome(round: Round, keys: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """shares float[S, 4], raters int[S], positive bool[S, A] of the round's judged posts."""
    drawn = Judgement.objects.filter(campaign_post__selections__round=round)
    ids, raters, votes = tally(queries.judgements(drawn, keys))
    rows = Selection.objects.filter(round=round).values_list("campaign_post_id", *COMPONENTS)
    shares = {post: parts for post, *parts in rows}
    columns = np.array([shares[post] for post in ids.tolist()]).reshape(-1, len(COMPONENTS))
    return columns, raters, rules.majority(votes[:, : len(keys)], raters)


def _ratio(exploit: float, uniform: float) -> float | None:
    return round(exploit / uniform, 3) if uniform > 0 and not np.isnan(exploit) else None


def _rounded(figures: np.ndarray) -> list[float | None]:
    return [None if np.isnan(figure) else round(figure, 3) for figure in figures.tolist()]
