"""What a post stands for, read from what concerns this post alone: the same as for all together."""

import pytest
from django.utils import timezone

from annotation.models import CampaignPost
from routing import gained, queries, reasons, rounds, tasks
from routing.models import Gained, PoolBlock


@pytest.fixture
def answered(campaign, judge):
    """Runs a round and has raters answer the first `count` of the posts that it drew."""

    def run(seed: int, count: int = 6):
        round = rounds.run(campaign=campaign, strategy="focused", budget=8, seed=seed)
        drawn = round.selections.order_by("id").select_related("campaign_post")
        judge([each.campaign_post for each in drawn[:count]], "neutral")
        return round

    return run


@pytest.fixture
def routed(campaign, learnt, add_posts, answered):
    """Three rounds, of which raters did three quarters; some posts say the same."""
    add_posts(campaign, *["exactly the same words about the same old cat"] * 4)
    for seed in (1, 2, 3):
        answered(seed)
    return campaign


def asked_one_by_one(campaign) -> dict[str, dict[int, float]]:
    drawn = campaign.campaign_posts.filter(judged__gt=0, selections__isnull=False).distinct()
    found = {post.id: reasons.of_post(post) for post in drawn}
    return {
        name: {post: why[name] for post, why in found.items()} for name in ("weight", "propensity")
    }


def test_a_post_alone_stands_for_what_it_stands_for_among_all(routed):
    found = asked_one_by_one(routed)

    assert len(found["weight"]) >= 15
    assert found["weight"] == pytest.approx(queries.weights(routed))
    assert found["propensity"] == pytest.approx(queries.propensities(routed))


def test_a_post_that_speaks_for_others_says_so_alone(campaign, add_posts, answered):
    same = add_posts(campaign, *["exactly the same words about the same old cat"] * 4)
    add_posts(campaign, "rain in the north", "bread and butter", "late trains again")
    answered(1, count=4)

    assert reasons.of_post(CampaignPost.objects.get(id=same[0].id))["weight"] == 4.0


def test_every_round_with_the_post_in_its_pool_is_told_newest_first(routed):
    waiting = routed.campaign_posts.filter(judged=0, selections=None).first()

    found = reasons.of_post(waiting)["rounds"]

    in_pools = {
        each.number: queries.pool_of(each).of([waiting.id])[0]
        for each in queries.done(routed).order_by("-id")
    }
    assert [each["round"] for each in found] == [3, 2, 1]
    assert {each["round"]: each["propensity"] for each in found} == pytest.approx(
        in_pools, rel=1e-5
    )


def test_another_post_of_the_same_block_may_lie_outside_the_pool(routed):
    imported = routed.campaign_posts.filter(judged__gt=0, selections=None).first()

    assert reasons.of_post(imported)["rounds"] == []
    assert reasons.of_post(imported)["weight"] == 1.0


def test_more_rounds_cost_no_more_statements(routed, answered, django_assert_num_queries):
    posts = routed.campaign_posts.select_related("post", "campaign")
    asked = posts.filter(judged__gt=0, selections__round__number=1).first()
    with django_assert_num_queries(14) as few:
        reasons.of_post(asked)
    answered(4)

    with django_assert_num_queries(len(few)):
        reasons.of_post(asked)
    assert PoolBlock.objects.filter(round__campaign=routed).count() >= 4


@pytest.fixture
def many_drawn(routed, monkeypatch):
    """The campaign has so many drawn posts that a worker counts; answers what was rung."""
    rung = []
    monkeypatch.setattr(gained, "FEW_DRAWN", 20)
    monkeypatch.setattr(tasks.count_gains, "delay", rung.append)
    return rung


def test_where_many_posts_were_drawn_it_stands_for_what_a_worker_counted(
    routed, many_drawn, answered, client, dan, django_capture_on_commit_callbacks
):
    judged = routed.campaign_posts.filter(judged__gt=0, selections__isnull=False).first()
    at = f"/campaigns/feelings/routing/posts/{judged.id}/"
    client.force_login(dan)
    with django_capture_on_commit_callbacks(execute=True):
        early = client.get(at).content.decode()
    assert "it stands for" not in early and many_drawn == [routed.id]

    tasks.count_gains(routed.id)

    assert asked_one_by_one(routed)["weight"] == pytest.approx(queries.weights(routed))
    counted_at, before = Gained.objects.get().made_at, reasons.of_post(judged)
    assert before["counted_at"] == counted_at
    page = client.get(at).content.decode()
    assert "it stands for" in page
    assert f"judged on {timezone.localtime(counted_at):%-d %B %Y, %H:%M}" in page
    newest = answered(4).selections.filter(campaign_post__judged__gt=0).first().campaign_post
    assert reasons.of_post(newest)["weight"] is None
    assert reasons.of_post(judged) | {"rounds": []} == before | {"rounds": []}
