"""The simulated crowd: what was planted comes out, and it plays by everybody's rules."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from annotation import campaigns, crowd, simulation
from annotation.models import CampaignPost

KEYS = ("entertained", "saddened", "neutral")


def test_the_same_seed_gives_the_same_judgements(taxonomy, campaign, add_posts):
    twin = campaigns.create(slug="twin", taxonomy=taxonomy, raters_per_post=2)
    for campaign_post in add_posts(campaign, *"abcdef"):
        CampaignPost.objects.create(campaign=twin, post=campaign_post.post, wanted=2)

    for each in (campaign, twin):
        list(simulation.simulate(campaign=each, raters=4, judgements_wanted=9, seed=3))

    assert said(campaign) == said(twin)
    assert len(said(twin)) == 9


def said(campaign) -> list[tuple]:
    """(post, rater, picks) of every judgement, in the order in which they were made."""
    return [
        (judgement.campaign_post.post_id, judgement.rater.key.split("/")[1], judgement.picks)
        for judgement in campaign.judgements.order_by("id").select_related("campaign_post", "rater")
    ]


def test_the_crowd_stops_when_nothing_is_left(campaign, add_posts):
    add_posts(campaign, "a", "b")

    made = list(simulation.simulate(campaign=campaign, raters=5, judgements_wanted=99, seed=1))

    assert made == [1, 2, 3, 4]
    assert not CampaignPost.objects.exclude(judged=2).exists()


def test_careful_raters_answer_from_the_truth():
    rng = np.random.default_rng(0)
    careful = crowd.SimulatedRater("sim-001", "careful", 1.0, 2)

    picks = [
        crowd.answer(careful, np.array([0.8, 0.1, 0.0]), KEYS, least=1, most=2, rng=rng).picks
        for _ in range(2000)
    ]

    shares = [sum(key in picked for picked in picks) / 2000 for key in KEYS]
    # where nothing is drawn the likeliest is given: 0.8 + 0.2 * 0.9
    assert shares == pytest.approx([0.98, 0.1, 0.0], abs=0.03)


def test_a_straight_liner_repeats_one_affect():
    rng = np.random.default_rng(0)
    liner = crowd.SimulatedRater("sim-001", "straight_liner", 0.0, 1)

    picks = {
        tuple(crowd.answer(liner, np.array([0.9, 0, 0]), KEYS, least=1, most=2, rng=rng).picks)
        for _ in range(50)
    }

    assert picks == {("saddened",)}


def test_the_planted_truth_of_a_post_wins_over_the_drawn_one():
    planted = {"p1": {"neutral": 0.7}}

    assert crowd.truth_of("p1", KEYS, planted).tolist() == [0.0, 0.0, 0.7]
    assert crowd.truth_of("p2", KEYS, planted).tolist() == crowd.truth_of("p2", KEYS, {}).tolist()


def test_a_truth_file_that_is_none_says_so(campaign, tmp_path):
    path = tmp_path / "truth.jsonl"
    path.write_text('{"id": "p1"}\n')

    with pytest.raises(CommandError, match="can't be used as planted truth"):
        call_command("simulate_raters", campaign="feelings", raters=1, judgements=1, truth=path)
