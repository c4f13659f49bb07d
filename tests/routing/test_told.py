"""What routing tells agreement: by which share posts were drawn, and when rounds were done."""

import pytest
from django.utils import timezone

from agreement import chosen, marks
from agreement.options import Options
from routing import told
from routing.models import Round, Selection
from tests.agreement.stored import store

HEADS = {"affects": [{"affect": "neutral", "trained": True}]}
SHARES = {"exploit": 0.3, "uncertainty": 0.1, "diversity": 0.0, "uniform": 0.1}


def make_round(campaign, number: int, posts, heads: dict, **fields) -> None:
    made = Round.objects.create(
        campaign=campaign, number=number, strategy="mixed", seed=1, budget=1, drawn=len(posts),
        pool_size=9, heads=heads, **{"state": "done", "finished_at": timezone.now()} | fields,
    )  # fmt: skip
    Selection.objects.bulk_create(
        Selection(round=made, campaign_post=post, propensity=0.5, scores=[], **SHARES)
        for post in posts
    )


@pytest.fixture
def posts(campaign):
    store(campaign, {f"p{n}": {"r1": {"neutral"}, "r2": set()} for n in range(4)})
    return list(campaign.campaign_posts.order_by("id"))


def test_a_posts_last_draw_says_how_even_it_was(campaign, posts):
    make_round(campaign, 1, posts[:3], {})
    make_round(campaign, 2, posts[1:3], HEADS)
    make_round(campaign, 3, posts, HEADS, state="failed")

    assert told.even_parts(campaign) == {
        posts[0].id: 1.0,
        posts[1].id: pytest.approx(0.2),
        posts[2].id: pytest.approx(0.2),
    }


def test_agreement_looks_at_each_share_alone(campaign, posts):
    make_round(campaign, 1, posts[:1], {})
    make_round(campaign, 2, posts[1:3], HEADS)

    even = chosen.of_campaign(campaign, Options(drawn="uniform"))
    searched = chosen.of_campaign(campaign, Options(drawn="routed"))

    ids = [post.id for post in posts]
    assert even.posts.tolist() == [ids[n] for n in (0, 0, 1, 1, 2, 2)]
    assert even.weights.tolist() == pytest.approx([1, 1, 0.2, 0.2, 0.2, 0.2])
    assert searched.posts.tolist() == [ids[n] for n in (1, 1, 2, 2)]
    assert searched.weights.tolist() == pytest.approx([0.8] * 4)


def test_rounds_are_marks_of_the_campaign(campaign, posts):
    make_round(campaign, 1, posts[:3], {})
    make_round(campaign, 2, posts[:1], {}, state="failed")

    assert [what for _, what in marks.all_of(campaign)] == ["Routing round 1, 3 posts drawn"]
