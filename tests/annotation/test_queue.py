"""Where a rater's walk through the queue begins, and that no post before it is lost.

Eve has judged the upper half of four posts, so her walk begins at the third (as it would after a
walk that took long).
"""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from annotation import assignments, campaigns, judgements, members
from annotation.models import Assignment, CampaignPost, Membership


def claim(campaign, rater) -> str | None:
    """The text of the post that the rater is handed, or already holds."""
    held = assignments.claim(campaign=campaign, rater=rater)
    return held[0].campaign_post.post.body if held else None


def judge(campaign, rater) -> None:
    (held,) = assignments.claim(campaign=campaign, rater=rater)
    judgements.submit(assignment=held, picks=["neutral"])


def begin_at(rater, post: CampaignPost, *, spares: bool = False) -> None:
    Membership.objects.filter(rater=rater).update(
        walked_priority=post.priority, walked_id=post.id, walked_spares=spares
    )


@pytest.fixture
def queue(campaign, add_posts) -> list[CampaignPost]:
    posts = add_posts(campaign, "a", "b", "c", "d")
    for number, post in enumerate(posts):
        post.priority = [2.0, 1.0, 1.0, 0.0][number]
    CampaignPost.objects.bulk_update(posts, ["priority"])
    CampaignPost.objects.update(wanted=1, reopened=False)
    return posts


@pytest.fixture
def eve(campaign, people):
    return campaigns.add_rater(campaign=campaign, user=people("Eve")).rater


@pytest.fixture
def ahead(campaign, ada, eve, queue):
    """Ada holds the first post and Eve has judged the second; Eve's walk begins at the third."""
    assert claim(campaign, ada) == "a"
    judge(campaign, eve)
    begin_at(eve, queue[2])
    return queue


def test_a_walk_goes_on_where_it_began_to_be_new(campaign, eve, ahead):
    """Within a priority first, then through the lower ones, to the end."""
    seen = []
    while body := claim(campaign, eve):
        seen.append(body)
        judge(campaign, eve)

    assert seen == ["c", "d"]


def test_posts_before_the_beginning_are_passed_by(campaign, eve, ahead):
    """What the other tests here rely on: nothing but the mark keeps Eve from this place."""
    CampaignPost.objects.filter(id=ahead[0].id).update(wanted=2)
    CampaignPost.objects.update(reopened=False)

    assert claim(campaign, eve) == "c"


def test_a_skipped_post_is_offered_to_those_who_are_past_it(campaign, ada, eve, ahead):
    assignments.skip(assignment=Assignment.objects.get(rater=ada))

    assert claim(campaign, eve) == "a"


def test_a_post_whose_lease_ended_is_offered_to_those_who_are_past_it(campaign, ada, eve, ahead):
    Assignment.objects.filter(rater=ada).update(lease_expires_at="2020-01-01T00:00Z")

    assert claim(campaign, eve) == "a"


def test_a_post_that_wants_one_more_is_offered_to_those_who_are_past_it(campaign, eve, ahead):
    CampaignPost.objects.filter(id=ahead[0].id).update(wanted=2)

    assert claim(campaign, eve) == "a"


def test_a_post_that_moves_up_is_next(campaign, eve, ahead):
    CampaignPost.objects.filter(id=ahead[3].id).update(priority=3)

    assert claim(campaign, eve) == "d"


def test_a_post_that_is_sensitive_no_more_is_offered_to_the_spared(campaign, ada, eve, ahead):
    assignments.give_back(campaign=campaign, rater=ada)
    CampaignPost.objects.filter(id=ahead[0].id).update(sensitive=True, reopened=False)
    members.spare(membership=Membership.objects.get(rater=eve), spared=True)
    begin_at(eve, ahead[2], spares=True)
    CampaignPost.objects.filter(id=ahead[0].id).update(sensitive=False)

    assert claim(campaign, eve) == "a"


def test_who_is_spared_from_now_on_goes_on(campaign, ada, eve, ahead):
    """All posts before the mark were Eve's, so all that are not sensitive were."""
    assignments.give_back(campaign=campaign, rater=ada)
    CampaignPost.objects.update(reopened=False)
    members.spare(membership=Membership.objects.get(rater=eve), spared=True)

    assert claim(campaign, eve) == "c"


def test_who_is_spared_no_more_begins_anew(campaign, ada, eve, ahead):
    assignments.give_back(campaign=campaign, rater=ada)
    CampaignPost.objects.filter(id=ahead[0].id).update(sensitive=True)
    CampaignPost.objects.update(reopened=False)
    begin_at(eve, ahead[2], spares=True)

    assert claim(campaign, eve) == "a"


def test_a_long_walk_is_not_taken_twice(campaign, eve, queue, monkeypatch):
    monkeypatch.setattr(assignments, "PATIENCE", timedelta(0))
    judge(campaign, eve)

    assert claim(campaign, eve) == "b"

    part = Membership.objects.get(rater=eve)
    assert (part.walked_priority, part.walked_id, part.walked_spares) == (1, queue[1].id, False)


@pytest.mark.django_db(transaction=True)
def test_a_post_that_somebody_held_during_the_walk_stays_first(campaign, eve, queue, monkeypatch):
    """The next walk begins at the first post that Eve lacks, not at the one that she was handed."""
    monkeypatch.setattr(assignments, "PATIENCE", timedelta(0))
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT FROM annotation_campaignpost WHERE id = %s FOR UPDATE", [queue[0].id])
        assert claim(campaign, eve) == "b"

    judge(campaign, eve)

    assert Membership.objects.get(rater=eve).walked_id == queue[0].id
    assert claim(campaign, eve) == "a"


def test_a_daily_limit_counts_what_is_judged_today_and_what_is_held(campaign, ada, queue):
    campaign.daily_limit = 2
    judge(campaign, ada)

    held = assignments.claim(campaign=campaign, rater=ada, count=3)

    assert len(held) == 1
    judgements.submit(assignment=held[0], picks=["neutral"])
    assert claim(campaign, ada) is None


def test_yesterdays_judgements_leave_room_for_todays(campaign, ada, queue):
    campaign.daily_limit = 1
    judge(campaign, ada)
    campaign.judgements.update(judged_at="2020-01-01T00:00Z")

    assert claim(campaign, ada) == "b"
