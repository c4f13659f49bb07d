"""A rater's judgements can be taken out of every figure, and brought back exactly as they were."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation import assignments, campaigns, judgements, members, queries
from annotation.errors import AlreadySetAside, MembershipPaused, NothingToSetAside, NotSetAside
from annotation.models import Campaign, CampaignPost, Judgement, Membership, Pause, SettingAside


@pytest.fixture
def posts(campaign, add_posts):
    return add_posts(campaign, "first", "second", "third")


@pytest.fixture
def eve(campaign, people):
    return campaigns.add_rater(campaign=campaign, user=people("Eve")).rater


@pytest.fixture
def fay(campaign, people):
    return campaigns.add_rater(campaign=campaign, user=people("Fay")).rater


@pytest.fixture
def part(campaign, ada) -> Membership:
    """Ada's part in the campaign."""
    return Membership.objects.get(campaign=campaign, rater=ada)


def judge_all(campaign, rater) -> None:
    while held := assignments.claim(campaign=campaign, rater=rater):
        judgements.submit(assignment=held[0], picks=["neutral"])


def places(campaign) -> list[tuple]:
    posts = CampaignPost.objects.filter(campaign=campaign).order_by("id")
    return list(posts.values_list("wanted", "reserved", "judged"))


def counting(campaign) -> list[int]:
    found = queries.counted(Judgement.objects.filter(campaign=campaign)).order_by("id")
    return list(found.values_list("rater_id", flat=True))


def test_judgements_are_set_aside_and_come_back(campaign, posts, part, ada, eve, ben):
    for rater in (ada, eve):
        judge_all(campaign, rater)
    before = list(Judgement.objects.order_by("id").values()), places(campaign)

    made = members.set_aside(membership=part, reason="always the same", by=ben)

    assert counting(campaign) == [eve.id] * 3
    assert (made.judgements, made.reason, made.made_by) == (3, "always the same", ben)
    assert places(campaign) == before[1]

    undone = members.bring_back(membership=part, by=ben)

    assert (list(Judgement.objects.order_by("id").values()), places(campaign)) == before
    assert undone == made
    assert undone.undone_by == ben
    assert undone.undone_at


def test_only_this_rater_in_this_campaign_is_meant(campaign, taxonomy, posts, part, ada, eve, ben):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    campaigns.add_rater(campaign=other, user=ada.user)
    CampaignPost.objects.create(campaign=other, post=posts[0].post, wanted=1)
    for where in (campaign, other):
        judge_all(where, ada)
    judge_all(campaign, eve)

    members.set_aside(membership=part, reason="x", by=ben, ask_again=True)

    aside = Judgement.objects.filter(set_aside=True)
    assert set(aside.values_list("rater", "campaign")) == {(ada.id, campaign.id)}
    assert places(other) == [(1, 1, 1)]


def test_what_came_before_a_time_stays(campaign, posts, part, ada, ben):
    judge_all(campaign, ada)
    first, *later = Judgement.objects.order_by("id")
    since = timezone.now() - timedelta(days=1)
    Judgement.objects.filter(id=first.id).update(judged_at=since - timedelta(seconds=1))
    Judgement.objects.filter(id=later[0].id).update(judged_at=since)
    assert queries.still_counting(part, since).count() == 2

    made = members.set_aside(membership=part, reason="x", by=ben, since=since)

    assert (made.since, made.judgements) == (since, 2)
    assert list(Judgement.objects.filter(set_aside=False)) == [first]


def test_other_raters_are_asked_in_their_stead(campaign, posts, part, ada, eve, fay, ben):
    for rater in (ada, eve):
        judge_all(campaign, rater)
    assert assignments.claim(campaign=campaign, rater=fay) == []

    members.set_aside(membership=part, reason="x", by=ben, ask_again=True, pause=False)
    assert places(campaign) == [(3, 2, 2)] * 3
    assert assignments.claim(campaign=campaign, rater=ada) == []
    assignment = assignments.claim(campaign=campaign, rater=fay)[0]
    judgements.submit(assignment=assignment, picks=["neutral"])

    members.bring_back(membership=part, by=ben)
    assert places(campaign) == [(3, 3, 3), (2, 2, 2), (2, 2, 2)]


def test_a_place_that_somebody_holds_is_not_taken_away(campaign, posts, part, ada, eve, fay, ben):
    for rater in (ada, eve):
        judge_all(campaign, rater)
    members.set_aside(membership=part, reason="x", by=ben, ask_again=True)
    held = assignments.claim(campaign=campaign, rater=fay)[0]

    members.bring_back(membership=part, by=ben)

    assert judgements.submit(assignment=held, picks=["neutral"]).set_aside is False
    assert places(campaign)[0] == (3, 3, 3)


def test_nobody_is_asked_again_for_gold(campaign, posts, part, ada, ben):
    judge_all(campaign, ada)
    gold = CampaignPost.objects.filter(id=posts[0].id)
    gold.update(state="gold", wanted=32767)
    Judgement.objects.filter(campaign_post=posts[0]).update(gold_right=False)

    made = members.set_aside(membership=part, reason="x", by=ben, ask_again=True)
    assert (made.judgements, places(campaign)) == (3, [(32767, 1, 1), (3, 1, 1), (3, 1, 1)])

    members.bring_back(membership=part, by=ben)
    assert places(campaign) == [(32767, 1, 1), (2, 1, 1), (2, 1, 1)]


def test_a_second_setting_aside_is_refused_kindly(campaign, posts, part, ada, ben):
    judge_all(campaign, ada)
    members.set_aside(membership=part, reason="x", by=ben)

    with pytest.raises(AlreadySetAside, match="Bring them back first"):
        members.set_aside(membership=part, reason="y", by=ben)

    assert SettingAside.objects.count() == 1


def test_the_database_refuses_it_too(part):
    SettingAside.objects.create(membership=part, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        SettingAside.objects.create(membership=part, reason="y")


def test_nothing_to_set_aside_or_to_bring_back_is_said(campaign, posts, part, ada, ben):
    with pytest.raises(NothingToSetAside):
        members.set_aside(membership=part, reason="x", by=ben)
    with pytest.raises(NotSetAside):
        members.bring_back(membership=part, by=ben)
    judge_all(campaign, ada)
    with pytest.raises(NothingToSetAside):
        members.set_aside(membership=part, reason="x", by=ben, since=timezone.now())

    assert not SettingAside.objects.exists()
    assert Membership.objects.get(id=part.id).state == "active"


def test_the_history_stays(campaign, posts, part, ada, ben):
    judge_all(campaign, ada)
    for reason in ("first", "second"):
        members.set_aside(membership=part, reason=reason, by=ben)
        members.bring_back(membership=part, by=ben)

    kept = part.settings_aside.values_list("reason", "judgements", "undone_by")
    assert list(kept) == [("second", 3, ben.id), ("first", 3, ben.id)]


def test_judgements_that_come_later_count(campaign, posts, part, ada, ben):
    held = assignments.claim(campaign=campaign, rater=ada, count=3)
    judgements.submit(assignment=held[0], picks=["neutral"])

    members.set_aside(membership=part, reason="x", by=ben)
    judgements.submit(assignment=held[1], picks=["neutral"])

    assert list(Judgement.objects.order_by("id").values_list("set_aside", flat=True)) == [
        True,
        False,
    ]


def test_a_paused_rater_gets_nothing_new_and_loses_nothing(campaign, posts, part, ada, ben):
    held = assignments.claim(campaign=campaign, rater=ada)[0]

    members.pause(membership=part, reason="Let us talk first.", by=ben)

    with pytest.raises(MembershipPaused, match="Let us talk first."):
        assignments.claim(campaign=campaign, rater=ada)
    judgements.submit(assignment=held, picks=["neutral"])

    members.resume(membership=part, by=ben)
    assert assignments.claim(campaign=campaign, rater=ada)


def test_pausing_and_resuming_twice_changes_nothing(part, ben, dan):
    for _ in range(2):
        members.pause(membership=part, reason="a break", by=ben)
    once = Pause.objects.get()
    assert (once.reason, once.made_by, once.ended_at) == ("a break", ben, None)

    for by in (dan, ben):
        members.resume(membership=part, by=by)
    once.refresh_from_db()
    assert once.ended_by == dan
    part.refresh_from_db()
    assert (part.state, part.paused_reason) == ("active", "")


@pytest.mark.parametrize("pauses", [True, False])
def test_setting_aside_pauses_if_asked_and_keeps_the_reason_to_admins(
    campaign, posts, part, ada, ben, pauses
):
    judge_all(campaign, ada)

    members.set_aside(membership=part, reason="a spammer", by=ben, pause=pauses)

    part.refresh_from_db()
    assert (part.state, part.paused_reason) == ("paused" if pauses else "active", "")


def test_progress_tells_work_done_and_how_much_counts_no_more(campaign, posts, part, ada, ben):
    judge_all(campaign, ada)
    members.set_aside(membership=part, reason="x", by=ben, ask_again=True)

    shown = queries.with_progress(Campaign.objects.all()).get()

    assert (shown.judged, shown.wanted, shown.set_aside) == (3, 9, 3)
