import pytest

from snapshots.models import Snapshot
from tests.training.snapshot_factory import write_snapshot


@pytest.fixture
def snapshot(campaign):
    """A ready snapshot with files to learn from."""
    snapshot = Snapshot.objects.create(
        campaign=campaign, name="first", rules=["votes>=3"], state="ready", sha256="0" * 64
    )
    write_snapshot(snapshot.folder)
    return snapshot
