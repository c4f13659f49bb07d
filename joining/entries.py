"""The verb on what a campaign asks for besides consent and the quiz."""

from django.db import transaction

from annotation.models import Campaign
from joining import members
from joining.models import Entry


@transaction.atomic
def change(*, campaign: Campaign, asks_strata: bool, shows_guideline: bool) -> None:
    """From now on raters are asked about themselves, are shown the guideline first, or aren't."""
    members.hold(campaign)
    asked = {"asks_strata": asks_strata, "shows_guideline": shows_guideline}
    Entry.objects.update_or_create(campaign=campaign, defaults=asked)
    members.ask_again(campaign=campaign)
