"""Each post goes to raters of several strata, where a campaign asks for it: first come, and yet even.

The raters of stratum 1 are a0, a1, …, those of stratum 2 b0, b1, …, and u0, u1, … told nothing.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from annotation import assignments, campaigns, judgements
from annotation.models import Assignment, CampaignPost, Judgement, Membership

STRATA = {"a": 1, "b": 2, "c": 3, "u": None}


@pytest.fixture
def crowd(campaign, people):
    """`crowd("a0", "b0")`: raters by name, each of the stratum of the first letter."""
    campaign.spread = "gender"
    campaign.save()

    def make(*names: str) -> list:
        raters = [campaigns.add_rater(campaign=campaign, user=people(name)).rater for name in names]
        for rater in raters:
            stratum = STRATA[rater.key[0]]
            Membership.objects.filter(rater=rater).update(stratum=stratum)
        return raters

    return make


@pytest.fixture
def queue(campaign, add_posts):
    """`queue("p", "q", wanted=4)`: posts of one priority."""

    def make(*bodies: str, wanted: int, priority: float = 0.0) -> list[CampaignPost]:
        ids = [post.id for post in add_posts(campaign, *bodies)]
        posts = CampaignPost.objects.filter(id__in=ids)
        posts.update(wanted=wanted, priority=priority, reopened=False)
        return list(posts.order_by("id"))

    return make


def turn(campaign, rater) -> str | None:
    """The rater judges the post that comes next; its text."""
    for held in assignments.claim(campaign=campaign, rater=rater):
        judgements.submit(assignment=held, picks=["neutral"])
        return held.campaign_post.post.body
    return None


def shares() -> dict[str, Counter]:
    """Of which strata a post's raters are."""
    told: dict[str, Counter] = {}
    for judgement in Judgement.objects.select_related("campaign_post__post", "rater"):
        told.setdefault(judgement.campaign_post.post.body, Counter())[judgement.rater.key[0]] += 1
    return told


def test_two_strata_share_each_post_evenly(campaign, crowd, queue):
    queue(*"pqrst", wanted=4)
    raters = crowd("a0", "a1", "a2", "b0", "b1", "b2")

    for _ in range(3):
        for rater in raters:
            turn(campaign, rater)

    assert shares() == {**{body: {"a": 2, "b": 2} for body in "pqrs"}, "t": {"a": 1, "b": 1}}


def test_without_asking_posts_go_to_whoever_comes(campaign, crowd, queue):
    queue(*"pq", wanted=4)
    raters = crowd("a0", "a1", "a2", "b0")
    campaign.spread = ""

    assert [turn(campaign, rater) for rater in raters] == list("pppp")


def test_a_stratum_that_has_its_part_goes_on_to_the_next_post(campaign, crowd, queue):
    queue(*"pq", wanted=4)
    a0, a1, a2, b0 = crowd("a0", "a1", "a2", "b0")

    assert [turn(campaign, rater) for rater in (a0, a1, a2)] == ["p", "p", "q"]
    assert turn(campaign, b0) == "p"


@pytest.mark.parametrize(
    ("wanted", "strata", "comers", "left_over"),
    [
        (5, "ab", "aaab", "b"),  # three and two
        (4, "abc", "aab", "c"),  # one of them twice, and yet each of three
        (3, "abc", "ab", "c"),
        (2, "abc", "a", "b"),  # fewer places than strata: nobody twice
        (7, "abc", "aaabb", "c"),  # three, two, two
    ],
)
def test_places_are_kept_for_strata_that_have_not_come_yet(
    wanted, strata, comers, left_over, campaign, crowd, queue
):
    queue("p", "q", wanted=wanted)
    raters = crowd(*(f"{kind}{number}" for kind in strata for number in range(4)))
    waiting = {kind: [r for r in raters if r.key[0] == kind] for kind in strata}

    assert {turn(campaign, waiting[kind].pop()) for kind in comers} == {"p"}

    full = comers[0]
    assert turn(campaign, waiting[full].pop()) == "q"
    assert turn(campaign, waiting[left_over].pop()) == "p"


def test_nobody_starves_where_only_others_are_wanted(campaign, crowd, queue):
    queue(*"pq", wanted=4)
    raters = crowd("a0", "a1", "a2", "a3", "b0")[:4]

    while any(turn(campaign, rater) for rater in raters):
        pass

    assert shares() == {"p": {"a": 4}, "q": {"a": 4}}


def test_a_higher_priority_comes_first_whatever_the_stratum(campaign, crowd, queue):
    queue("low", wanted=4)
    queue("high", wanted=4, priority=1)
    raters = crowd("a0", "a1", "a2", "b0")

    assert [turn(campaign, rater) for rater in raters[:3]] == ["high"] * 3


def test_inside_a_level_the_order_gives_way(campaign, crowd, queue):
    """Rounds draw an order by lot after the point of a priority."""
    queue("first", wanted=2, priority=1.9)
    queue("second", wanted=2, priority=1.1)
    a0, a1, b0 = crowd("a0", "a1", "b0")

    assert [turn(campaign, rater) for rater in (a0, a1, b0)] == ["first", "second", "first"]


def test_no_more_posts_than_the_limit_wait_for_others(campaign, crowd, queue, monkeypatch):
    monkeypatch.setattr(assignments, "LOOK_AHEAD", 2)
    queue(*"pqrs", wanted=2)
    raters = crowd("a0", "a1", "a2", "b0")[:3]

    assert [turn(campaign, rater) for rater in raters] == ["p", "q", "p"]


def test_who_told_nothing_takes_what_comes_first(campaign, crowd, queue):
    queue(*"pq", wanted=4)
    raters = crowd("u0", "u1", "u2", "a0", "b0")

    assert [turn(campaign, rater) for rater in raters[:3]] == ["p"] * 3


def test_what_was_skipped_or_let_go_counts_for_no_stratum(campaign, crowd, queue):
    queue(*"pq", wanted=2)
    a0, a1, a2, _ = crowd("a0", "a1", "a2", "b0")
    assignments.skip(assignment=assignments.claim(campaign=campaign, rater=a0)[0])
    assignments.claim(campaign=campaign, rater=a1)
    Assignment.objects.filter(rater=a1).update(lease_expires_at="2020-01-01T00:00Z")

    assert turn(campaign, a2) == "p"


def test_a_stratum_that_was_withdrawn_counts_no_more(campaign, crowd, queue):
    queue(*"pq", wanted=2)
    a0, a1, _ = crowd("a0", "a1", "b0")
    turn(campaign, a0)
    Membership.objects.filter(rater=a0).update(stratum=None)

    assert turn(campaign, a1) == "q"  # the last place is the other stratum's
    Membership.objects.filter(stratum=2).update(state="paused")
    assert turn(campaign, a1) == "p"


def test_a_post_left_to_others_is_not_lost_after_a_long_walk(campaign, crowd, queue, monkeypatch):
    monkeypatch.setattr(assignments, "PATIENCE", assignments.timedelta(0))
    queue(*"pq", wanted=2)
    a0, a1, b0 = crowd("a0", "a1", "b0")

    assert [turn(campaign, a0), turn(campaign, a1), turn(campaign, a1)] == ["p", "q", "p"]
    assert turn(campaign, b0) == "q"


@pytest.mark.django_db(transaction=True)
def test_a_crowd_at_once_keeps_every_promise_and_spreads(campaign, crowd, queue):
    """Two strata of ten, 60 posts of one priority; half of the places are handed out at once."""
    queue(*(f"post {n}" for n in range(60)), wanted=4)
    raters = crowd(*(f"a{n}" for n in range(10)), *(f"b{n}" for n in range(10)))

    def work(rater):
        for _ in range(6):
            turn(campaign, rater)
        connection.close()

    with ThreadPoolExecutor(len(raters)) as pool:
        list(pool.map(work, raters))

    told = shares()
    assert sum(parts.total() for parts in told.values()) == 120
    assert all(max(parts.values()) <= 2 for parts in told.values())
    posts = CampaignPost.objects.all()
    assert all(post.reserved == post.judged <= 4 for post in posts)
