"""What is asked next: routing's panel on the overview of a campaign."""

from annotation.models import Campaign
from annotation.overview import Panel, panel
from routing import plans, progress


@panel
def next_round(campaign: Campaign) -> Panel | None:
    """The newest round and the plan; None for a campaign that asks nobody."""
    if campaign.analysis_only:
        return None
    newest = progress.asked(campaign.rounds.order_by("-id")[:1])
    shown = {"round": newest[0] if newest else None, "plan": plans.plan_of(campaign)}
    return Panel("routing/_overview.html", shown)
