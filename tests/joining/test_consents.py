"""The verbs on consent: versions are never edited, everybody is asked again, withdrawing ends it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from annotation import assignments, judgements
from annotation.errors import NotAdmitted
from annotation.models import Judgement
from joining import consents, members
from joining.errors import ConsentTextEmpty, ConsentTextReplaced
from joining.models import Consent, ConsentText
from joining.rules import Step


@pytest.fixture
def text(campaign):
    return consents.publish(campaign=campaign, text="We store what you judge.")


def test_a_new_text_is_a_new_version_and_the_old_one_stays(campaign, text):
    second = consents.publish(campaign=campaign, text="We store it for ten years.")

    assert list(ConsentText.objects.order_by("version").values_list("version", "text")) == [
        (1, "We store what you judge."),
        (2, "We store it for ten years."),
    ]
    assert second.published_at > text.published_at


def test_the_same_text_again_asks_nobody_again(campaign, text, member):
    consents.give(membership=member, consent_text=text)
    members.admit(membership=member)

    assert consents.publish(campaign=campaign, text=" We store what you judge.\n") == text
    member.refresh_from_db()
    assert member.admitted


@pytest.mark.parametrize("nothing", ["", " \n\t"])
def test_an_empty_text_is_not_published(campaign, nothing):
    with pytest.raises(ConsentTextEmpty):
        consents.publish(campaign=campaign, text=nothing)

    assert not ConsentText.objects.exists()


def test_consent_is_stored_once_with_version_and_time(member, text):
    first = consents.give(membership=member, consent_text=text)
    again = consents.give(membership=member, consent_text=text)

    assert again == first
    stored = Consent.objects.get()
    assert (stored.consent_text.version, stored.rater, stored.withdrawn_at) == (
        1, member.rater, None,
    )  # fmt: skip
    assert stored.given_at >= text.published_at


def test_after_a_new_version_everybody_is_asked_before_the_next_post(
    campaign, member, text, add_posts
):
    add_posts(campaign, "a post")
    consents.give(membership=member, consent_text=text)
    members.admit(membership=member)

    consents.publish(campaign=campaign, text="We store it for ten years.")

    with pytest.raises(NotAdmitted):
        assignments.claim(campaign=campaign, rater=member.rater)
    assert members.next_step(member) is Step.CONSENT
    with pytest.raises(ConsentTextReplaced):
        consents.give(membership=member, consent_text=text)


def test_withdrawing_gives_posts_back_and_keeps_judgements(campaign, member, text, add_posts):
    first, second = add_posts(campaign, "first", "second")
    consents.give(membership=member, consent_text=text)
    members.admit(membership=member)
    held = assignments.claim(campaign=campaign, rater=member.rater, count=2)
    judgements.submit(assignment=held[0], picks=["neutral"])

    assert consents.withdraw(membership=member)

    member.refresh_from_db()
    second.refresh_from_db()
    assert (member.admitted, second.reserved, Judgement.objects.count()) == (False, 0, 1)
    assert Consent.objects.get().withdrawn_at is not None
    assert members.next_step(member) is Step.CONSENT


def test_who_has_withdrawn_may_agree_again(member, text):
    consents.give(membership=member, consent_text=text)
    consents.withdraw(membership=member)
    consents.give(membership=member, consent_text=text)

    assert members.admit(membership=member) is Step.READY
    assert Consent.objects.count() == 2


def test_who_never_agreed_has_nothing_to_withdraw(member):
    assert not consents.withdraw(membership=member)
    member.refresh_from_db()
    assert member.admitted


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_publish_at_once_make_two_versions(campaign):
    def publish(number: int) -> int:
        try:
            return consents.publish(campaign=campaign, text=f"text {number}").version
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        versions = sorted(pool.map(publish, range(4)))

    assert versions == [1, 2, 3, 4]
