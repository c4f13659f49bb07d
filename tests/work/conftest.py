"""What the tests of work share: a signed-in client, and work done at a chosen time."""

from datetime import datetime

import pytest
from django.utils import timezone


@pytest.fixture
def browser(client):
    """`browser(ada)`: the client, signed in as that person."""

    def sign_in(person):
        client.force_login(getattr(person, "user", person))
        return client

    return sign_in


def moment(text: str) -> datetime:
    """A time as clocks of the pages' zone show it: `moment("2026-11-20 23:59")`."""
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def judge(add_posts):
    """`judge(ada, "2026-11-20 23:59", seconds=30)`: a judgement of a new post at that time."""
    from annotation import assignments, judgements
    from annotation.models import Judgement

    def add(
        rater, at: str, *, seconds: float | None = 60, picks=("neutral",), campaign=None, **more
    ):
        campaign = campaign or rater.memberships.order_by("id").first().campaign
        add_posts(campaign, "a post")
        held = assignments.claim(campaign=campaign, rater=rater)[0]
        done = judgements.submit(assignment=held, picks=list(picks), seconds=seconds)
        Judgement.objects.filter(id=done.id).update(judged_at=moment(at), **more)
        return done

    return add


@pytest.fixture
def skip(add_posts):
    """`skip(ada, "2026-11-20 23:59", seconds=5)`: a new post skipped at that time."""
    from annotation import assignments
    from annotation.models import Assignment

    def add(rater, at: str, *, seconds: float | None = 5, reason=""):
        campaign = rater.memberships.order_by("id").first().campaign
        add_posts(campaign, "a post")
        held = assignments.claim(campaign=campaign, rater=rater)[0]
        assignments.skip(assignment=held, reason=reason, seconds=seconds)
        Assignment.objects.filter(id=held.id).update(closed_at=moment(at))

    return add


@pytest.fixture
def lived(ada, live):
    """Ada has done all that one can do."""
    live(ada)


@pytest.fixture
def live(campaign, ben, add_posts):
    """`live(eve)`: a row of Eve's in every table that tells of raters, her name wherever it fits."""

    def add(rater) -> None:
        membership = rater.memberships.get(campaign=campaign)
        come_in(membership)
        take_quiz(membership, *add_posts(campaign, "a quiz post"))
        for deed in ("judged", "skipped", "flagged"):
            add_posts(campaign, deed)
            work_on(membership, deed)
        fall_out(membership, ben)

    return add


def come_in(membership) -> None:
    from django.contrib.auth import get_user_model
    from rest_framework.authtoken.models import Token

    from joining.models import (
        Consent,
        ConsentText,
        Entrance,
        GuidelineReading,
        Invitation,
        Participant,
        Strata,
    )

    campaign, rater, now = membership.campaign, membership.rater, timezone.now()
    name, email = rater.key, f"{rater.key}@example.org"
    get_user_model().objects.filter(rater=rater).update(
        email=email, first_name=name.title(), last_name=name.title(), last_login=now
    )
    Token.objects.create(user=rater.user)
    text, _ = ConsentText.objects.get_or_create(campaign=campaign, version=1, text="I agree.")
    Consent.objects.create(consent_text=text, rater=rater)
    Strata.objects.create(rater=rater, location=f"where {name} lives")
    link, _ = Entrance.objects.get_or_create(campaign=campaign, token="x", name="a link")
    Participant.objects.create(
        entrance=link, rater=rater, participant=f"{name}-7", study="s", session=f"{name}-s"
    )
    Invitation.objects.create(
        campaign=campaign, email=email, expires_at=now, used_at=now, used_by=rater
    )
    GuidelineReading.objects.create(membership=membership)


def take_quiz(membership, post) -> None:
    from qualification.models import QuizAnswer, QuizTry

    post.state = "quiz"
    post.save(update_fields=["state"])
    quiz_try = QuizTry.objects.create(membership=membership, number=1, passed=True)
    QuizAnswer.objects.create(
        quiz_try=quiz_try,
        campaign_post=post,
        position=1,
        picks=1,
        right=True,
        answered_at=timezone.now(),
    )


def work_on(membership, deed: str) -> None:
    from annotation import assignments, judgements

    held = assignments.claim(campaign=membership.campaign, rater=membership.rater)[0]
    if deed == "skipped":
        assignments.skip(assignment=held, reason="I can’t tell", seconds=3)
        return
    if deed == "flagged":
        assignments.flag(assignment=held, reason="It is not a real post")
    done = judgements.submit(assignment=held, picks=["neutral"], seconds=2)
    judgements.revise(judgement=done, picks=["saddened"], other="wistful")


def fall_out(membership, admin) -> None:
    from annotation import members

    members.set_aside(membership=membership, reason="odd", by=admin)
    members.resume(membership=membership, by=admin)
    members.pause(membership=membership, reason=f"{membership.rater.key} too fast", by=admin)
