"""What happened in a campaign that may show in its figures."""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from annotation.models import Campaign, SettingAside
from joining.models import ConsentText

Mark = tuple[datetime, str]
GUIDELINE = "The guideline changed"


def of_campaign(campaign: Campaign) -> list[Mark]:
    """Guidelines changed, consent texts published, raters set aside and brought back."""
    changed = campaign.guideline_changes.values_list("changed_at", flat=True)
    texts = ConsentText.objects.filter(campaign=campaign)
    return [
        *((when, GUIDELINE) for when in changed),
        *((text.published_at, f"Consent text {text.version} published") for text in texts),
        *_settings_aside(campaign),
    ]


def all_of(campaign: Campaign) -> list[Mark]:
    """Those that every room knows of, earliest first."""
    rooms = map(import_string, settings.CAMPAIGN_MARKS)
    return sorted(mark for room in rooms for mark in room(campaign))


def _settings_aside(campaign: Campaign) -> list[Mark]:
    found = []
    for each in SettingAside.objects.filter(membership__campaign=campaign):
        what = f"Judgements of rater {each.membership_id} ({each.judgements:,})"
        found.append((each.made_at, f"{what} set aside"))
        if each.undone_at:
            found.append((each.undone_at, f"{what} brought back"))
    return found
