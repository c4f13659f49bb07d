"""The champion: modelling's panel on the overview of a campaign."""

from annotation.models import Campaign
from annotation.overview import Panel, panel
from modelling import figures, queries
from modelling.models import ModelVersion


@panel
def champion(campaign: Campaign) -> Panel:
    versions = queries.versions_of(ModelVersion.objects.filter(champion=True), campaign)
    found = versions.first()
    macro = figures.macro(found.metrics) if found else []
    return Panel("modelling/_overview.html", {"champion": found, "macro": macro[:1]})
