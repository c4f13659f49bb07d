"""How many raters deserve a look: quality's panel on the overview of a campaign."""

from annotation.models import Campaign
from annotation.overview import Panel, panel
from quality import access


@panel
def looks(campaign: Campaign) -> Panel | None:
    """From the figures that are there; none are computed for it over many judgements."""
    table = access.get_table(campaign).table
    if table is None or not table.crowd["raters"]:
        return None
    odd = [figures for figures in table.raters.values() if figures["look"]]
    return Panel("quality/_overview.html", {"crowd": table.crowd, "odd": odd})
