"""The verbs on what raters declare of themselves."""

from django.db import transaction

from annotation.models import Campaign, Membership, Rater
from joining import members, spreads
from joining.models import Strata

PARTS = ("age_band", "gender", "ethnicity", "ideology", "location")


@transaction.atomic
def declare(*, rater: Rater, **parts: str) -> Strata:
    """Stores what the rater says of themselves now; parts that are left out become blank."""
    said = {part: " ".join(parts.get(part, "").split()) for part in PARTS}
    for campaign in Campaign.objects.filter(memberships__rater=rater).order_by("id"):
        members.hold(campaign)
    strata, _ = Strata.objects.update_or_create(rater=rater, defaults=said)
    spreads.note(memberships=Membership.objects.filter(rater=rater))
    return strata


def withdraw(*, rater: Rater) -> None:
    """Erases every value. That the rater was asked stays, so that nobody asks again."""
    declare(rater=rater)
