"""The latest export: snapshots' panel on the overview of a campaign."""

from annotation.models import Campaign
from annotation.overview import Panel, panel
from snapshots.models import Snapshot


@panel
def latest(campaign: Campaign) -> Panel:
    ready = campaign.snapshots.filter(state=Snapshot.State.READY)
    return Panel("snapshots/_overview.html", {"snapshot": ready.order_by("-id").first()})
