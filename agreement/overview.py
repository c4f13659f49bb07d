"""Agreement's panel on the overview of a campaign."""

from agreement import access
from agreement.charted import affect_names
from agreement.options import Options
from agreement.text import DASH
from annotation.models import Campaign
from annotation.overview import Panel, panel


@panel
def headline(campaign: Campaign) -> Panel | None:
    """The same figures as on the page about agreement; None before there are any."""
    figures = access.get_figures(campaign, Options())
    if figures is None:
        return None
    names = affect_names(campaign)
    affects = [
        {"name": names[key], "share": percent(row["prevalence"]), **row}
        for key, row in figures["affects"].items()
    ]
    often = sorted(affects, key=lambda affect: -(affect["prevalence"] or 0.0))
    return Panel("agreement/_overview.html", {"agreement": figures, "affects": often})


def percent(share: float | None) -> str:
    return DASH if share is None else f"{100 * share:.0f}\u00a0%"
