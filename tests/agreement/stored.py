"""Crowds {post: {rater: set of affects}} put into the database, and read aloud from it."""

from math import isnan

import numpy as np
import pytest
from django.utils import timezone

from annotation.models import Campaign, CampaignPost, Judgement, Post, Rater
from taxonomy.rules import OTHER_BIT, mask_of
from tests.agreement import plain

OTHER = "other"


def store(campaign: Campaign, crowd: dict) -> None:
    """The crowd's judgements, by raters who have no account. Posts and raters in no order."""
    raters = {name for answers in crowd.values() for name in answers}
    raters = {name: Rater.objects.get_or_create(key=str(name))[0] for name in raters}
    posts = {name: add_post(campaign, str(name), len(answers)) for name, answers in crowd.items()}
    Judgement.objects.bulk_create(
        judgement(posts[post], raters[rater], picks)
        for post, answers in crowd.items()
        for rater, picks in answers.items()
    )


def add_post(campaign: Campaign, key: str, raters: int) -> CampaignPost:
    post = Post.objects.create(key=key, body=key, content_hash=b"0" * 16)
    counts = dict.fromkeys(("wanted", "reserved", "judged"), raters)
    return CampaignPost.objects.create(campaign=campaign, post=post, **counts | {"wanted": 9})


def judgement(campaign_post: CampaignPost, rater: Rater, picks: set, **fields) -> Judgement:
    campaign = campaign_post.campaign
    mask = mask_of(sorted(picks - {OTHER}), campaign.taxonomy.keys) | (OTHER in picks) << OTHER_BIT
    return Judgement(
        campaign=campaign,
        campaign_post=campaign_post,
        rater=rater,
        picks=mask,
        other="a word" if OTHER in picks else "",
        frame=campaign.frame,
        judged_at=timezone.now(),
        **fields,
    )


def read_aloud(crowd: dict, affects: tuple[str, ...], pairs_among: int = 99, **ways) -> dict:
    """What `agreement --json` must say of the crowd, by loops; options and more counts apart.

    pairs_among  co-occurrence between the first so many affects only, because that loop is slow
    """
    some = affects[:pairs_among]
    by_affect = {affect: _of_affect(crowd, affect, **ways) for affect in affects}
    defined = [row["interrater"] for key, row in by_affect.items() if key != OTHER]
    defined = [value for value in defined if not isnan(value)]
    return {
        "posts": len(crowd),
        "judgements": sum(len(answers) for answers in crowd.values()),
        "raters": len({rater for answers in crowd.values() for rater in answers}),
        "interrater": plain.mean(defined),
        "set_alpha": plain.set_alpha(crowd),
        "affects": by_affect,
        "co_occurrence": {
            "order": list(affects),
            "post_means": plain.co_occurrence(crowd, some, "post_means"),
            "judgements": plain.co_occurrence(crowd, some, "judgements"),
        },
    }


def _of_affect(crowd: dict, affect: str, **ways) -> dict:
    value, raters, undefined = plain.interrater(crowd, affect, **ways)
    most = max(len(answers) for answers in plain.shared(crowd).values())
    return {
        "interrater": value,
        "raters": raters,
        "undefined": undefined,
        "alpha": plain.nominal_alpha(crowd, affect),
        "support": plain.support(crowd, affect),
        "votes": [plain.posts_with(crowd, affect, k) for k in range(1, most + 1)],
    }


def as_printed(expected):
    """The same with None for NaN, and floats that fit to 1e-9."""
    if isinstance(expected, dict):
        return {key: as_printed(value) for key, value in expected.items()}
    if isinstance(expected, list):
        return [as_printed(value) for value in expected]
    if not isinstance(expected, float):
        return expected
    return None if isnan(expected) else pytest.approx(expected, abs=1e-9)


def promised(printed: dict, expected: dict) -> dict:
    """Of what was printed, the part that `expected` speaks of: a matrix may be a corner of it."""
    return {key: _as_much(printed[key], value) for key, value in expected.items()}


def _as_much(printed, expected):
    if isinstance(expected, dict):
        return promised(printed, expected)
    if isinstance(expected, list) and expected and isinstance(expected[0], list):
        return [row[: len(expected)] for row in printed[: len(expected)]]
    return printed


def ragged(seed: int, posts: int = 40, raters: int = 7) -> dict:
    """One to five raters a post; unclear answers, `other`, and a rater who always says the same."""
    rng = np.random.default_rng(seed)
    options = ("entertained", "saddened", "neutral", OTHER)

    def answer(rater: int, called_up: np.ndarray) -> set[str]:
        if rater == 0:
            return {"neutral"}
        odds = np.where(called_up, 0.7, 0.1)
        return {
            option for option, picked in zip(options, rng.random(4) < odds, strict=True) if picked
        }

    crowd = {}
    for number in range(posts):
        called_up = rng.random(4) < 0.35
        seen_by = rng.permutation(raters)[: rng.integers(1, 6)].tolist()
        crowd[f"post {number}"] = {f"r{r}": answer(r, called_up) for r in seen_by}
    return crowd
