"""The verb on what a campaign asks for besides consent and the quiz, and what follows from it."""

from django.db import transaction

from annotation.models import Campaign
from joining import members
from joining.errors import NothingToSpreadBy
from joining.models import Entry
from joining.strata_choices import SPREADABLE


@transaction.atomic
def change(
    *, campaign: Campaign, asks_strata: bool, shows_guideline: bool, spread: str = ""
) -> None:
    """From now on raters are asked about themselves, are shown the guideline first, or aren't.

    `spread` names the question by which each post goes to raters of different strata; empty: it goes
    to whoever comes. Raises NothingToSpreadBy.
    """
    if spread and not (asks_strata and spread in SPREADABLE):
        raise NothingToSpreadBy
    members.hold(campaign)
    asked = {"asks_strata": asks_strata, "shows_guideline": shows_guideline}
    Entry.objects.update_or_create(campaign=campaign, defaults=asked)
    campaign.spread = spread
    campaign.save(update_fields=["spread"])
    members.ask_again(campaign=campaign)
