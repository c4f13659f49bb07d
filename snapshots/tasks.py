import logging

from celery import shared_task

from snapshots import snapshots
from snapshots.models import Snapshot

logger = logging.getLogger(__name__)


@shared_task
def build_snapshot(snapshot_id: int) -> None:
    """Harmless if rung twice."""
    snapshot = Snapshot.objects.select_related("campaign__taxonomy").filter(id=snapshot_id).first()
    if snapshot is None:
        logger.warning("There is no snapshot %s to build.", snapshot_id)
        return
    snapshots.build_queued(snapshot=snapshot)
