"""The check: posts drawn evenly that no head ever learns from, and how the heads of each round rank
them. What is measured on it is the learning curve.

scikit-learn is imported inside the functions that measure: workers and commands do, pages read.
"""

from collections.abc import Sequence

import numpy as np
from django.db import transaction

from agreement.table import tally
from annotation.models import Campaign
from routing import learning, queries, rules, scoring
from routing.models import Measurement, Round

#: Affects with fewer carriers on the check are shown, but are no part of the mean.
FEWEST_CARRIERS = 10


def curve(campaign: Campaign) -> dict:
    """The stored measurements, oldest round first, and how many posts of the check are judged."""
    check = queries.check_posts(campaign)
    stored = Measurement.objects.filter(round__campaign=campaign).order_by("round_id")
    return {
        "posts": check.count(),
        "judged": check.filter(judged__gt=0).count(),
        "rounds": [_point(each) for each in stored.select_related("round")],
    }


def measure(*, campaign: Campaign) -> int:
    """Measures the heads of all rounds anew where the check has grown; the number measured.

    All on the same posts, so that rounds can be compared. Called twice it does nothing the second
    time.
    """
    posts, positive = _answers(campaign)
    done = queries.done(campaign).select_related("campaign__taxonomy")
    rounds = [round for round in done if round.affects]
    if not len(posts) or _is_measured(rounds, len(posts)):
        return 0
    found = [_measurement(round, posts, positive) for round in rounds]
    with transaction.atomic():
        Measurement.objects.filter(round__campaign=campaign).delete()
        Measurement.objects.bulk_create(found)
    return len(found)


def average_precision(
    logits: np.ndarray, trained: Sequence[str], keys: Sequence[str], positive: np.ndarray
) -> dict[str, float | None]:
    """Per affect of the taxonomy, how well its head ranks the P posts of the check.

    logits   float[P, A]   one column per trained head
    positive bool[P, keys] whether the majority picked the affect

    An affect without a head is ranked as by chance, which has its prevalence as average precision;
    None where no post of the check carries it.
    """
    from sklearn.metrics import average_precision_score

    columns = dict(zip(trained, logits.T, strict=True))
    found = {}
    for key, carries in zip(keys, positive.T, strict=True):
        ranked = columns.get(key, np.zeros(len(carries)))
        some = carries.any()
        found[key] = round(float(average_precision_score(carries, ranked)), 5) if some else None
    return found


def macro(figures: dict[str, float | None], carriers: dict[str, int]) -> float | None:
    """The mean over the affects with enough carriers; None where none has.

    >>> macro({"calm": 0.5, "glad": 0.1, "sad": None}, {"calm": 10, "glad": 9, "sad": 0})
    0.5
    """
    enough = [figures[key] for key, count in carriers.items() if count >= FEWEST_CARRIERS]
    return round(float(np.mean(enough)), 5) if enough else None


def _answers(campaign: Campaign) -> tuple[np.ndarray, np.ndarray]:
    """ids int64[P], rising, and positive bool[P, A] of the check's judged posts."""
    keys = campaign.taxonomy.keys
    of_check = campaign.judgements.filter(campaign_post__in=queries.check_posts(campaign))
    ids, raters, votes = tally(queries.judgements(of_check, keys))
    return ids, rules.majority(votes[:, : len(keys)], raters)


def _is_measured(rounds: list[Round], posts: int) -> bool:
    known = Measurement.objects.filter(round__in=rounds, posts=posts)
    return known.count() == len(rounds)


def _measurement(round: Round, posts: np.ndarray, positive: np.ndarray) -> Measurement:
    keys = round.campaign.taxonomy.keys
    scorer = scoring.read_scorer(round)
    seen = learning.embedded(scorer.embedder) if scorer.embedder else learning.words()
    figures = average_precision(scorer.heads.of(seen.rows(posts)), round.affects, keys, positive)
    carriers = dict(zip(keys, positive.sum(axis=0).tolist(), strict=True))
    return Measurement(round=round, posts=len(posts), carriers=carriers, figures=figures)


def _point(measured: Measurement) -> dict:
    learnt = measured.round.heads["affects"]
    return {
        "round": measured.round.number,
        "learnt_from": max((head["positives"] + head["negatives"] for head in learnt), default=0),
        "posts": measured.posts,
        "macro": macro(measured.figures, measured.carriers),
        "affects": measured.figures,
    }
