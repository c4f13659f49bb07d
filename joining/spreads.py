"""The verb that tells claims apart raters of different strata, where a campaign's posts are spread.

A claim sees a number. What it stands for, and why, stays in this room.
"""

from django.db.models import QuerySet

from annotation.models import Membership
from joining.strata_choices import SPREADABLE


def note(*, memberships: QuerySet[Membership]) -> None:
    """Gives each of them the number of what their rater has declared, or takes it away."""
    concerned = memberships.exclude(campaign__spread="", stratum=None)
    changed = []
    for member in concerned.select_related("campaign", "rater__strata"):
        stratum = _stratum_of(member)
        if stratum != member.stratum:
            member.stratum = stratum
            changed.append(member)
    Membership.objects.bulk_update(changed, ["stratum"], batch_size=1000)


def number(question: str, answer: str) -> int | None:
    """1 for the first answer of the question's list; 0 for own words; None where nothing was told.

    >>> number("age_band", "25-34"), number("gender", "two spirit"), number("ideology", "")
    (2, 0, None)
    """
    listed = [value for value, _ in SPREADABLE[question]]
    if not answer:
        return None
    return listed.index(answer) + 1 if answer in listed else 0


def _stratum_of(member: Membership) -> int | None:
    declared = getattr(member.rater, "strata", None)
    question = member.campaign.spread
    return number(question, getattr(declared, question)) if question and declared else None
