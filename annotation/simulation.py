"""A simulated crowd at work: it claims and submits by the same verbs as everybody else."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from annotation import assignments, crowd, judgements
from annotation.judgements import affect_keys
from annotation.models import Assignment, Campaign, Membership, Rater
from lib.errors import PathosError


def simulate(
    *, campaign: Campaign, raters: int, judgements_wanted: int, seed: int, truth: Path | None = None
) -> Iterator[int]:
    """Lets `raters` simulated raters judge; yields the number of judgements made so far.

    Stops at `judgements_wanted` or when nobody finds a post any more. The same seed and the same
    campaign give the same judgements, where no gold is mixed in: that is drawn anew each time.
    """
    rng = np.random.default_rng(seed)
    keys = affect_keys(campaign.taxonomy_id)
    planted = read_truth(truth) if truth else {}
    at_work = [
        (_member(campaign, simulated), simulated)
        for simulated in crowd.make_crowd(raters, len(keys), rng)
    ]
    made = 0
    while at_work and made < judgements_wanted:
        turn = int(rng.integers(len(at_work)))
        rater, simulated = at_work[turn]
        assignment = next(iter(assignments.claim(campaign=campaign, rater=rater)), None)
        if assignment is None:
            at_work.pop(turn)
            continue
        _judge(campaign, assignment, simulated, planted, rng)
        made += 1
        yield made


def read_truth(path: Path) -> dict[str, dict[str, float]]:
    """post id → affect → probability, from JSON lines of `id` and `affects`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return {row["id"]: row["affects"] for row in map(json.loads, lines)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PathosError(
            f"{path} can't be used as planted truth ({error}). Each line must be a JSON object "
            'such as {"id": "p1", "affects": {"touched": 0.8}}.'
        ) from error


def _member(campaign: Campaign, simulated: crowd.SimulatedRater) -> Rater:
    rater, _ = Rater.objects.get_or_create(key=f"{campaign.slug}/{simulated.name}")
    Membership.objects.get_or_create(campaign=campaign, rater=rater)
    return rater


def _judge(
    campaign: Campaign,
    assignment: Assignment,
    simulated: crowd.SimulatedRater,
    planted: dict,
    rng: np.random.Generator,
) -> None:
    keys = affect_keys(campaign.taxonomy_id)
    truth = crowd.truth_of(assignment.campaign_post.post.key, keys, planted)
    said = crowd.answer(
        simulated, truth, keys, least=campaign.min_picks, most=campaign.max_picks, rng=rng
    )
    judgements.submit(assignment=assignment, picks=said.picks, seconds=said.seconds)
