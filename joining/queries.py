"""Reads about the steps before the first post, and about invitations."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from annotation.models import Campaign, Membership
from joining.models import (
    Consent,
    ConsentText,
    Entry,
    GuidelineReading,
    Invitation,
    Strata,
)
from joining.rules import Step, first_step
from qualification.models import Quiz, QuizTry
from qualification.queries import quiz_posts

#: Which annotation of `with_steps` says that a step is done.
DONE = {
    Step.CONSENT: "consented",
    Step.STRATA: "declared",
    Step.GUIDELINE: "has_read",
    Step.QUIZ: "has_passed",
}


def latest_text(campaign: Campaign) -> ConsentText | None:
    """The version of the consent text that counts; None where no consent is asked for."""
    return campaign.consent_texts.order_by("-version").first()


def entry_of(campaign: Campaign) -> Entry:
    """What the campaign asks for; of one that nobody has configured, nothing."""
    stored = Entry.objects.filter(campaign=campaign).first()
    return stored or Entry(campaign=campaign, asks_strata=False, shows_guideline=False)


def asked_by(campaign: Campaign) -> set[Step]:
    """The steps that the campaign asks for before the first post."""
    entry = entry_of(campaign)
    asks = {
        Step.CONSENT: latest_text(campaign) is not None,
        Step.STRATA: entry.asks_strata,
        Step.GUIDELINE: entry.shows_guideline,
        Step.QUIZ: Quiz.objects.filter(campaign=campaign).exists()
        and quiz_posts(campaign).exists(),
    }
    return {step for step, is_asked in asks.items() if is_asked}


def with_steps(campaign: Campaign) -> QuerySet[Membership]:
    """The memberships of people with an account, who alone can take steps; adds consented (to the
    latest text), declared, has_read and has_passed (each true or false), and failures (tries at the
    quiz that were not passed)."""
    agreed = Consent.objects.filter(
        rater=OuterRef("rater"), consent_text=latest_text(campaign), withdrawn_at=None
    )
    passed = QuizTry.objects.filter(membership=OuterRef("pk"), passed=True)
    return campaign.memberships.filter(rater__user__isnull=False).annotate(
        consented=Exists(agreed),
        declared=Exists(Strata.objects.filter(rater=OuterRef("rater"))),
        has_read=Exists(GuidelineReading.objects.filter(membership=OuterRef("pk"))),
        has_passed=Exists(passed),
        failures=Count("quiz_tries", filter=Q(quiz_tries__passed=False)),
    )


def done_by(membership: Membership) -> set[Step]:
    """The steps that a membership of `with_steps` has behind it."""
    return {step for step, name in DONE.items() if getattr(membership, name)}


def at_each_step(campaign: Campaign) -> dict[Step, int]:
    """How many raters stand at each step, in the order of the steps."""
    asked = asked_by(campaign)
    quiz = Quiz.objects.filter(campaign=campaign).first()
    standing = Counter(
        first_step(asked, done_by(member), failed=_has_failed(member, quiz))
        for member in with_steps(campaign)
    )
    shown = [step for step in Step if step in asked or standing[step] or step is Step.READY]
    return {step: standing[step] for step in shown}


def with_consents(consent_texts: QuerySet[ConsentText]) -> QuerySet[ConsentText]:
    """Adds agreed and withdrawn: how many raters agree to the version, and how many no longer do."""
    taken_back = Q(consents__withdrawn_at__isnull=False)
    return consent_texts.order_by("-version").annotate(
        agreed=Count("consents", filter=~taken_back), withdrawn=Count("consents", filter=taken_back)
    )


def unsent(campaign: Campaign) -> QuerySet[Invitation]:
    """Invitations by e-mail that can still be used and were not sent yet."""
    return _open(campaign).filter(sent_at=None, failure="").exclude(email="")


def usable(campaign: Campaign) -> QuerySet[Invitation]:
    """Invitations whose link lets somebody in."""
    return _open(campaign).order_by("id")


def _open(campaign: Campaign) -> QuerySet[Invitation]:
    return campaign.invitations.filter(
        used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )


def _has_failed(member: Membership, quiz: Quiz | None) -> bool:
    return quiz is not None and not member.has_passed and member.failures >= quiz.tries
