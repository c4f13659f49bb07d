"""Look-ups for engineers; the doors check that the user is one."""

from annotation.models import Campaign
from snapshots import snapshots
from snapshots.errors import NotReady, UnknownFile, UnknownSnapshot
from snapshots.models import Snapshot


def get_snapshot(snapshot_id: int) -> Snapshot:
    """The snapshot as it truly stands: one whose build was killed has failed."""
    snapshot = Snapshot.objects.select_related("campaign").filter(id=snapshot_id).first()
    if snapshot is None:
        raise UnknownSnapshot
    snapshots.settle(snapshot=snapshot)
    return snapshot


def list_snapshots(campaign: Campaign) -> list[Snapshot]:
    """All snapshots of the campaign, newest first, as they truly stand."""
    found = list(campaign.snapshots.order_by("-id"))
    for snapshot in found:
        snapshots.settle(snapshot=snapshot)
    return found


def get_file(snapshot: Snapshot, name: str) -> dict:
    """The facts about one of its files. Raises NotReady or UnknownFile."""
    if snapshot.state != Snapshot.State.READY:
        raise NotReady(f"The snapshot is {snapshot.state}, so it has no files to download.")
    if name not in snapshot.files:
        raise UnknownFile(f"There is no '{name}'; there are {', '.join(snapshot.files)}.")
    return snapshot.files[name]
