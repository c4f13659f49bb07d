"""A snapshot's life: queued, built once, ready; or failed, with a sentence."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def snapshot(campaign, add_posts):
    """In the queue."""
    from snapshots import plans, snapshots

    add_posts(campaign, "A dog")
    return snapshots.create(campaign=campaign, plan=plans.make(name="study"), created_by=None)


def build(snapshot):
    from snapshots.tasks import build_snapshot

    build_snapshot(snapshot.id)
    snapshot.refresh_from_db()
    return snapshot


def test_a_task_that_is_rung_twice_builds_once(snapshot):
    finished_at = build(snapshot).finished_at
    manifest = (snapshot.folder / "manifest.json").stat()

    assert build(snapshot).finished_at == finished_at
    assert (snapshot.folder / "manifest.json").stat() == manifest


def test_a_task_for_a_snapshot_that_is_gone_is_harmless(db):
    from snapshots.tasks import build_snapshot

    build_snapshot(999)


def test_nobody_builds_what_another_is_building(snapshot):
    from snapshots import snapshots
    from snapshots.reading import consistent_view

    with consistent_view() as another:
        another.execute(snapshots.LOCK, [snapshots.BUILDS, snapshot.id])
        assert build(snapshot).state == "queued"

    assert build(snapshot).state == "ready"


def test_a_build_that_fails_says_why_and_stays_failed(snapshot, settings, tmp_path):
    (tmp_path / "in-the-way").write_text("a file where a folder should be")
    settings.SNAPSHOTS_DIR = tmp_path / "in-the-way"

    assert build(snapshot).state == "failed"
    assert "can't be written: File exists" in snapshot.error

    settings.SNAPSHOTS_DIR = tmp_path / "snapshots"
    assert build(snapshot).state == "failed"


def test_a_fault_of_ours_is_told_and_not_swallowed(snapshot, monkeypatch):
    from snapshots import card

    monkeypatch.delattr(card, "text")

    with pytest.raises(AttributeError):
        build(snapshot)

    snapshot.refresh_from_db()
    assert snapshot.state == "failed"
    assert snapshot.error.startswith("The build failed by a fault of ours")


@pytest.fixture
def killed(snapshot):
    """A build whose process died: it says "building", and left half of its folder and a whole one."""
    from snapshots.models import Snapshot

    Snapshot.objects.update(state="building", progress=0.5)
    snapshot.refresh_from_db()
    for folder in (f".{snapshot.id}.building-x", str(snapshot.id)):
        half = snapshot.folder.parent / folder
        half.mkdir(parents=True)
        (half / "posts.parquet").write_bytes(b"PAR1")
    return snapshot


def test_a_killed_build_is_seen_to_have_failed(killed, api, dan):
    found = api(dan).get(f"/api/v1/snapshots/{killed.id}/").json()

    assert (found["state"], found["files"]) == ("failed", [])
    assert found["error"].startswith("The build was stopped before its end")
    assert list(killed.folder.parent.iterdir()) == []


def test_a_killed_build_begins_again_when_its_task_comes_back(killed):
    assert build(killed).state == "ready"
    assert [path.name for path in killed.folder.parent.iterdir()] == [str(killed.id)]


def test_a_build_that_runs_is_not_called_dead(killed):
    from snapshots import access, snapshots
    from snapshots.reading import consistent_view

    with consistent_view() as builder:
        builder.execute(snapshots.LOCK, [snapshots.BUILDS, killed.id])
        assert access.get_snapshot(killed.id).state == "building"
