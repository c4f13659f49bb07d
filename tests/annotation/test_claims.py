"""Who gets which post: admission, quotas, spared raters, posts let go and taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation import assignments, campaigns, judgements
from annotation.errors import LeaseEnded, MembershipPaused, NotAdmitted, PostWithdrawn
from annotation.models import Assignment, CampaignPost, Judgement, Membership

HOUR = 3600.0


def claim(campaign, rater, count=1) -> list[str]:
    """The texts of what the rater holds now."""
    held = assignments.claim(campaign=campaign, rater=rater, count=count)
    return [assignment.campaign_post.post.body for assignment in held]


def judge(assignment, **more):
    return judgements.submit(assignment=assignment, picks=["neutral"], **more)


def lease_ends(**ago) -> None:
    """Every live lease ended that long ago."""
    Assignment.objects.update(lease_expires_at=timezone.now() - timedelta(**ago))


def places() -> list[tuple[int, int]]:
    return list(CampaignPost.objects.order_by("id").values_list("reserved", "judged"))


@pytest.fixture
def eve(campaign, people):
    return campaigns.add_rater(campaign=campaign, user=people("Eve")).rater


def test_nobody_gets_a_post_before_being_admitted(campaign, people, posts):
    campaign.entry_required = True
    campaign.save()
    new = campaigns.add_rater(campaign=campaign, user=people("Eve")).rater

    with pytest.raises(NotAdmitted):
        claim(campaign, new)

    assert places() == [(0, 0), (0, 0)]


def test_a_paused_rater_hears_why(campaign, ada, posts):
    Membership.objects.update(state="paused", paused_reason="Please read the guideline again")

    with pytest.raises(MembershipPaused, match="Please read the guideline again"):
        claim(campaign, ada)


def test_a_quota_counts_what_is_judged_and_what_is_held(campaign, ada, add_posts):
    add_posts(campaign, "a", "b", "c", "d")
    Membership.objects.update(quota=2)

    assert claim(campaign, ada, count=3) == ["a", "b"]
    for assignment in assignments.live(campaign, ada):
        judge(assignment)
    assert claim(campaign, ada, count=3) == []


@pytest.mark.parametrize("spares", ["rater", "campaign"])
def test_sensitive_posts_pass_by_those_who_are_spared(spares, campaign, ada, eve, add_posts):
    add_posts(campaign, "calm")
    CampaignPost.objects.filter(id=add_posts(campaign, "hard")[0].id).update(
        sensitive=True, priority=1
    )
    if spares == "rater":
        Membership.objects.filter(rater=ada).update(avoids_sensitive=True)
        assert claim(campaign, eve, count=2) == ["hard", "calm"]
    campaign.leaves_out_sensitive = spares == "campaign"

    assert claim(campaign, ada, count=2) == ["calm"]


def test_half_judged_posts_are_finished_first(campaign, ada, eve, posts):
    judge(*assignments.claim(campaign=campaign, rater=ada))
    assert claim(campaign, ada) == ["second post"]

    assert claim(campaign, eve) == ["first post"]


def test_a_half_judged_post_stays_first_when_a_lease_on_it_ends(campaign, ada, eve, people, posts):
    judge(*assignments.claim(campaign=campaign, rater=ada))
    claim(campaign, eve)
    lease_ends(minutes=1)
    new = campaigns.add_rater(campaign=campaign, user=people("Fay")).rater

    assert claim(campaign, new) == ["first post"]


def test_what_a_rater_gives_back_goes_to_others(campaign, ada, eve, posts):
    CampaignPost.objects.update(wanted=1)
    assert claim(campaign, ada, count=2) == ["first post", "second post"]
    assert claim(campaign, eve) == []

    assert assignments.give_back(campaign=campaign, rater=ada) == 2

    assert places() == [(0, 0), (0, 0)]
    assert claim(campaign, eve, count=2) == ["first post", "second post"]


def test_own_posts_come_back_when_nothing_else_is_left(campaign, ada, posts):
    """Five raters for five judgements: one who went home for the night can still finish."""
    first = assignments.claim(campaign=campaign, rater=ada)[0]
    assignments.give_back(campaign=campaign, rater=ada)

    assert claim(campaign, ada) == ["second post"]
    judge(assignments.live(campaign, ada)[0])
    again = assignments.claim(campaign=campaign, rater=ada)

    assert again == [first]
    assert judge(again[0]).campaign_post_id == first.campaign_post_id
    assert places() == [(1, 1), (1, 1)]
    assert claim(campaign, ada) == []


def test_an_answer_held_up_on_its_way_is_taken_while_there_is_a_place(campaign, ada, eve, posts):
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    lease_ends(minutes=10)
    assert claim(campaign, eve) == ["first post"]  # which releases Ada's lease
    assert places() == [(1, 0), (0, 0)]

    judge(held, waited=HOUR)

    assert places() == [(2, 1), (0, 0)]
    assert Assignment.objects.get(id=held.id).state == "done"


@pytest.mark.parametrize("released", [True, False])
def test_an_answer_given_after_the_lease_is_refused(released, campaign, ada, posts):
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    lease_ends(hours=2)
    if released:
        assignments.release_ended_leases(campaign=campaign)

    with pytest.raises(LeaseEnded):
        judge(held, waited=HOUR)

    assert not Judgement.objects.exists()


def test_a_late_answer_never_brings_a_post_over_its_number(campaign, ada, eve, posts):
    CampaignPost.objects.update(wanted=1)
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    lease_ends(minutes=10)
    assert claim(campaign, eve) == ["first post"]

    with pytest.raises(LeaseEnded):
        judge(held, waited=HOUR)

    assert places() == [(1, 0), (0, 0)]
    assignments.note_time(assignment=held, seconds=12.5)
    assert Assignment.objects.get(id=held.id).seconds == 12.5


def test_a_late_answer_sent_twice_is_stored_once(campaign, ada, posts):
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    lease_ends(minutes=10)
    assignments.release_ended_leases(campaign=campaign)

    first, second = (judge(held, waited=HOUR, idempotency_key="k") for _ in range(2))

    assert first == second
    assert places() == [(1, 1), (0, 0)]


def test_a_withdrawn_post_leaves_the_desks_that_hold_it(campaign, ada, eve, posts):
    held = assignments.claim(campaign=campaign, rater=ada, count=2)
    campaigns.withdraw_post(campaign_post=held[0].campaign_post)

    assert claim(campaign, ada, count=1) == ["second post"]
    assert claim(campaign, eve, count=2) == ["second post"]
    assert places() == [(0, 0), (2, 0)]
    held[0].refresh_from_db()
    with pytest.raises(PostWithdrawn):
        judge(held[0], waited=HOUR)


def test_skipping_keeps_the_time_it_took(campaign, ada, posts):
    held = assignments.claim(campaign=campaign, rater=ada)[0]

    assignments.skip(assignment=held, reason="I can’t tell", seconds=4.5)

    held.refresh_from_db()
    assert (held.state, held.skip_reason, held.seconds) == ("skipped", "I can’t tell", 4.5)
