"""Pure decisions about the steps before the first post."""

from collections.abc import Collection

from django.db.models import TextChoices


class Step(TextChoices):
    """What a rater does next; the first four in the order in which they are taken."""

    CONSENT = "consent", "Consent"
    STRATA = "strata", "About themselves"
    GUIDELINE = "guideline", "Guideline"
    QUIZ = "quiz", "Quiz"
    FAILED = "failed", "Failed the quiz"
    READY = "ready", "May judge"


TAKEN_IN_ORDER = (Step.CONSENT, Step.STRATA, Step.GUIDELINE, Step.QUIZ)


def first_step(asked: Collection[Step], done: Collection[Step], *, failed: bool) -> Step:
    """The first step that is asked for and not done.

    Who has failed the quiz for good is asked for nothing any more.

    >>> first_step({Step.QUIZ, Step.GUIDELINE}, {Step.GUIDELINE}, failed=False).value
    'quiz'
    """
    if failed and Step.QUIZ in asked:
        return Step.FAILED
    return next((step for step in TAKEN_IN_ORDER if step in asked and step not in done), Step.READY)
