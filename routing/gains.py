"""What all rounds of a campaign gained together: yields, corrected prevalence, what weights are worth.

Axes: S posts that a round drew, C components, A affects.
"""

from dataclasses import dataclass

import numpy as np

from agreement.support import effective_size
from agreement.table import tally
from annotation.models import Campaign
from routing import advice, checks, estimation, intervals, judged_posts, queries, rules
from routing.intervals import Estimate

#: What routing looked for, beside what it drew evenly.
ROUTED, UNIFORM = "routed", "uniform"


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of the campaign's posts by now.

    draws     what the rounds drew
    shares    float[S, C]  of each component in a post's last draw; 0 if that was not routed
    raters    int[S]       judgements that count
    positive  bool[S, A]   whether the majority picked the affect
    known     posts that were judged without a draw
    """

    affects: tuple[str, ...]
    draws: estimation.Draws
    shares: np.ndarray
    raters: np.ndarray
    positive: np.ndarray
    known: estimation.Known


def read(campaign: Campaign) -> Evidence:
    """The evidence as of now."""
    affects = campaign.taxonomy.keys
    draws = queries.read_draws(campaign)
    ids, raters, votes = tally(queries.judgements(queries.of_drawn(campaign), affects))
    positive = rules.majority(votes[:, : len(affects)], raters)
    place = np.searchsorted(draws.ids, ids)
    return Evidence(
        affects=affects,
        draws=draws,
        shares=queries.component_shares(campaign, draws.ids),
        raters=_placed(raters, place, len(draws.ids)),
        positive=_placed(positive, place, len(draws.ids)),
        known=judged_posts.count(campaign).without(estimation.Known.of(positive)),
    )


def report(campaign: Campaign) -> dict:
    """Everything that the page, the command and REST show; undefined figures are None."""
    evidence = read(campaign)
    curve = checks.curve(campaign)
    found = yields(evidence)
    return {
        "campaign": campaign.slug,
        "rounds_done": len(evidence.draws.drawn),
        "judged": int(evidence.draws.judged.sum()),
        "undrawn": evidence.known.posts,
        "reach": reached(campaign, evidence.draws),
        **found,
        "prevalence": prevalence(evidence),
        "weights": worth(evidence),
        "curve": curve,
        "advice": advice.advise(
            figures=[point["macro"] for point in curve["rounds"]],
            ratios={key: row["ratio"] for key, row in found["affects"].items()},
            pool_left=queries.pool(campaign.campaign_posts).exists(),
        ),
    }


def reached(campaign: Campaign, draws: estimation.Draws) -> list[dict]:
    """How many posts each finished round drew, and how many were judged because of it."""
    numbers = queries.done(campaign).values_list("number", flat=True)
    columns = (draws.reach.drawn.tolist(), draws.reach.answered.tolist())
    return [
        {"round": number, "drawn": drawn, "judged": answered}
        for number, drawn, answered in zip(numbers, *columns, strict=True)
    ]


def yields(evidence: Evidence) -> dict:
    """Positives per 1,000 judgements in the routed and in the uniform share of the same rounds.

    A post counts for either share by the part that it had in the post's chance of being drawn.
    """
    parts = np.array([evidence.shares[:, :-1].sum(axis=1), evidence.shares[:, -1]])
    judgements = parts @ evidence.raters
    counts, squares = parts @ evidence.positive, parts**2 @ evidence.positive
    largest = parts.max(axis=1, initial=0.0)
    rates = [
        intervals.rate(counts[n], squares[n], largest[n], base=judgements[n] / 1000) for n in (0, 1)
    ]
    columns = (*rates, intervals.ratio(counts, squares, judgements))
    names = (ROUTED, UNIFORM, "ratio")
    posts = (evidence.positive & (evidence.shares.sum(axis=1) > 0)[:, None]).sum(axis=0)
    return {
        "judgements": dict(zip(names, np.round(judgements, 1).tolist(), strict=False)),
        "affects": {
            key: {
                "posts": int(posts[n]),
                **{name: figure(column, n) for name, column in zip(names, columns, strict=True)},
            }
            for n, key in enumerate(evidence.affects)
        },
    }


def prevalence(evidence: Evidence) -> dict[str, dict]:
    """Per affect the share of judged posts with it, and what that is in the whole campaign."""
    draws, known = evidence.draws, evidence.known
    carried = evidence.positive[draws.judged].sum(axis=0) + known.positive
    raw = carried / (draws.judged.sum() + known.posts or np.nan)
    corrected = intervals.prevalence(draws, evidence.positive, known)
    return {
        key: {"raw": _plain(raw[n]), "corrected": figure(corrected, n)}
        for n, key in enumerate(evidence.affects)
    }


def worth(evidence: Evidence) -> dict:
    """How many evenly drawn posts would say as much as the judged ones with their weights."""
    weights = estimation.weights(evidence.draws)[evidence.draws.judged]
    every = np.concatenate([weights, np.ones(evidence.known.posts)])
    size = effective_size(every)
    return {
        "posts": len(every),
        "worth": round(size, 1),
        "share": round(size / len(every), 4) if len(every) else None,
        "largest": round(float(every.max() / every.mean()), 2) if len(every) else None,
    }


def figure(found: Estimate, n: int) -> dict:
    """One affect's figure with the ends of its interval, None for NaN."""
    return {name: _plain(getattr(found, name)[n]) for name in ("value", "low", "high")}


def _plain(number: float) -> float | None:
    return None if np.isnan(number) else round(float(number), 5)


def _placed(rows: np.ndarray, place: np.ndarray, size: int) -> np.ndarray:
    """The rows at their places among so many, 0 elsewhere."""
    found = np.zeros((size, *rows.shape[1:]), rows.dtype)
    found[place] = rows
    return found
