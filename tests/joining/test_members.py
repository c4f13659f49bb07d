"""The verbs on members: the way to the first post, and what a change of it does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from annotation import assignments, campaigns
from annotation.errors import NotAdmitted
from annotation.models import Campaign, Membership, Rater
from joining import consents, entries, members, queries, strata
from joining.models import Entry, GuidelineReading
from joining.rules import Step
from qualification.models import Quiz, QuizTry


def newcomer(campaign, user) -> Membership:
    return campaigns.add_rater(campaign=campaign, user=user)


def test_a_campaign_that_nobody_has_configured_asks_for_nothing(campaign, member):
    assert members.next_step(member) is Step.READY
    assert queries.asked_by(campaign) == set()
    assert not campaign.entry_required


def test_the_steps_come_one_after_the_other(every_step, people):
    eve = newcomer(every_step, people("Eve"))
    assert not eve.admitted
    seen = [members.admit(membership=eve)]

    consents.give(membership=eve, consent_text=queries.latest_text(every_step))
    seen.append(members.admit(membership=eve))
    strata.declare(rater=eve.rater)
    seen.append(members.admit(membership=eve))
    members.note_guideline_read(membership=eve)
    seen.append(members.admit(membership=eve))
    eve.refresh_from_db()
    assert not eve.admitted
    QuizTry.objects.create(membership=eve, number=1, passed=True)
    seen.append(members.admit(membership=eve))

    assert seen == [Step.CONSENT, Step.STRATA, Step.GUIDELINE, Step.QUIZ, Step.READY]
    eve.refresh_from_db()
    assert eve.admitted


def test_who_has_no_try_left_is_told_so(every_step, people):
    eve = newcomer(every_step, people("Eve"))
    QuizTry.objects.create(membership=eve, number=1, passed=False)

    assert members.next_step(eve) is Step.FAILED


def test_nobody_gets_a_post_before_the_last_step(every_step, people, add_posts):
    add_posts(every_step, "a post")
    eve = newcomer(every_step, people("Eve"))

    with pytest.raises(NotAdmitted):
        assignments.claim(campaign=every_step, rater=eve.rater)


def test_a_step_that_is_added_holds_up_who_was_in_already(campaign, member, add_posts):
    add_posts(campaign, "first", "second")
    held = assignments.claim(campaign=campaign, rater=member.rater)

    entries.change(campaign=campaign, asks_strata=False, shows_guideline=True)

    campaign.refresh_from_db()
    member.refresh_from_db()
    assert (campaign.entry_required, member.admitted) == (True, False)
    assert list(assignments.live(campaign, member.rater)) == held  # and may be answered


def test_who_has_taken_the_step_before_is_not_held_up(campaign, member):
    strata.declare(rater=member.rater, age_band="25-34")

    entries.change(campaign=campaign, asks_strata=True, shows_guideline=False)

    member.refresh_from_db()
    assert member.admitted


def test_a_step_that_goes_lets_in_who_was_waiting_at_it(campaign, people):
    entries.change(campaign=campaign, asks_strata=True, shows_guideline=False)
    campaign.refresh_from_db()
    eve = newcomer(campaign, people("Eve"))
    assert not eve.admitted

    entries.change(campaign=campaign, asks_strata=False, shows_guideline=False)

    campaign.refresh_from_db()
    eve.refresh_from_db()
    assert (campaign.entry_required, eve.admitted) == (False, True)


def test_another_campaign_is_not_touched(campaign, taxonomy, people):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    eve = newcomer(other, people("Eve"))

    consents.publish(campaign=campaign, text="We store what you judge.")

    other.refresh_from_db()
    eve.refresh_from_db()
    assert (other.entry_required, eve.admitted) == (False, True)


@pytest.mark.parametrize(
    "asks", ["consent", "strata", "guideline", "quiz"], ids=lambda name: f"only {name}"
)
def test_any_one_step_makes_an_entry(asks, campaign, quiz):
    if asks != "quiz":
        Quiz.objects.all().delete()
    if asks == "consent":
        consents.publish(campaign=campaign, text="We store what you judge.")
    if asks in ("strata", "guideline"):
        entries.change(
            campaign=campaign, asks_strata=asks == "strata", shows_guideline=asks == "guideline"
        )

    members.ask_again(campaign=campaign)

    campaign.refresh_from_db()
    assert campaign.entry_required
    assert queries.asked_by(campaign) == {Step(asks)}


def test_reading_twice_is_reading_once(member):
    members.note_guideline_read(membership=member)
    members.note_guideline_read(membership=member)

    assert GuidelineReading.objects.count() == 1


def test_an_admin_sees_how_many_stand_at_each_step(every_step, people, ada):
    assert queries.at_each_step(every_step) == {
        Step.CONSENT: 1, Step.STRATA: 0, Step.GUIDELINE: 0, Step.QUIZ: 0, Step.READY: 0,
    }  # fmt: skip
    eve, fay = (newcomer(every_step, people(name)) for name in ("Eve", "Fay"))
    consents.give(membership=eve, consent_text=queries.latest_text(every_step))
    QuizTry.objects.create(membership=fay, number=1, passed=False)

    assert queries.at_each_step(every_step) == {
        Step.CONSENT: 1, Step.STRATA: 1, Step.GUIDELINE: 0, Step.QUIZ: 0, Step.FAILED: 1,
        Step.READY: 0,
    }  # fmt: skip


def test_raters_without_an_account_stand_nowhere_and_are_not_held_up(campaign, member):
    """Imported and simulated ones: no page could ask them."""
    brought_in = Rater.objects.create(key="brought in")
    Membership.objects.create(campaign=campaign, rater=brought_in)

    consents.publish(campaign=campaign, text="We store what you judge.")

    assert queries.at_each_step(campaign) == {Step.CONSENT: 1, Step.READY: 0}
    assert brought_in.memberships.get().admitted


@pytest.mark.django_db(transaction=True)
def test_nobody_slips_past_a_step_that_is_added_at_that_moment(campaign, people):
    Campaign.objects.update(entry_required=True)
    campaign.refresh_from_db()
    eve = newcomer(campaign, people("Eve"))

    def slip_in() -> Step:
        try:
            return members.admit(membership=eve)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            members.hold(campaign)
            Entry.objects.create(campaign=campaign, shows_guideline=True)
            slipping = pool.submit(slip_in)
            with pytest.raises(TimeoutError):
                slipping.result(timeout=0.3)

        assert slipping.result() is Step.GUIDELINE
    eve.refresh_from_db()
    assert not eve.admitted
