"""The verbs on snapshots: create one, build it, notice that a build died, write one anywhere."""

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from annotation.models import Campaign
from lib.errors import PathosError
from snapshots import plans
from snapshots.build import build
from snapshots.errors import Interrupted
from snapshots.files import describe
from snapshots.folders import new_folder, sweep
from snapshots.manifest import MANIFEST
from snapshots.models import Secret, Snapshot
from snapshots.plans import Plan
from snapshots.reading import consistent_view

State = Snapshot.State
#: Two keys name the lock that a build holds to its end, and that ends with a killed process.
LOCK = "SELECT pg_try_advisory_xact_lock(%s, %s)"
BUILDS = 7_0004


def create(*, campaign: Campaign, plan: Plan, created_by: AbstractBaseUser | None) -> Snapshot:
    """A snapshot in the queue. The door that created it rings the task."""
    return Snapshot.objects.create(
        campaign=campaign,
        name=plan.name,
        rules=[rule.name for rule in plan.rules],
        options=plan.options(),
        created_by=created_by,
    )


def write(*, campaign: Campaign, plan: Plan, folder: Path, report: Callable[[float], None]) -> dict:
    """Builds a snapshot in `folder`, which must be new or empty; returns its manifest."""
    with consistent_view() as view:
        return _write(view, campaign, plan, folder, report)


def build_queued(*, snapshot: Snapshot) -> None:
    """Builds a snapshot that was created: once, however often and by how many this is called.

    A build that was killed begins again. One that fails says why in `error` and stays failed.
    """
    with consistent_view() as view:
        if not view.execute(LOCK, [BUILDS, snapshot.id]).fetchone()[0]:
            return
        snapshot.refresh_from_db()
        if snapshot.is_finished:
            return
        _update(snapshot, state=State.BUILDING, progress=0.0)
        _clear(snapshot)
        try:
            _finish(snapshot, _write_stored(view, snapshot))
        except PathosError as error:
            _fail(snapshot, error.message)
        except Exception as error:
            _fail(snapshot, f"The build failed by a fault of ours, which the log tells: {error}")
            raise


@transaction.atomic
def settle(*, snapshot: Snapshot) -> None:
    """Marks a build as failed that calls itself running while nobody holds its lock any more."""
    if snapshot.state != State.BUILDING:
        return
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [BUILDS, snapshot.id])
        if not cursor.fetchone()[0]:
            return
    # It may have ended between the look at its state and the look at its lock.
    if Snapshot.objects.filter(id=snapshot.id, state=State.BUILDING).exists():
        _clear(snapshot)
        _fail(snapshot, Interrupted().message)
    snapshot.refresh_from_db()


def _write_stored(view: psycopg.Connection, snapshot: Snapshot) -> dict:
    plan = plans.make(name=snapshot.name, rules=snapshot.rules, **snapshot.options)

    def report(share: float) -> None:
        _update(snapshot, progress=share)

    return _write(view, snapshot.campaign, plan, snapshot.folder, report)


def _write(
    view: psycopg.Connection,
    campaign: Campaign,
    plan: Plan,
    folder: Path,
    report: Callable[[float], None],
) -> dict:
    secret, _ = Secret.objects.get_or_create(campaign=campaign)
    with new_folder(folder) as inside:
        return build(
            view=view,
            campaign=campaign,
            plan=plan,
            secret=bytes(secret.key),
            folder=inside,
            report=report,
        )


def _clear(snapshot: Snapshot) -> None:
    """Removes what a killed build left; a whole folder too, as its row never became ready."""
    sweep(snapshot.folder)
    shutil.rmtree(snapshot.folder, ignore_errors=True)


def _finish(snapshot: Snapshot, manifest: dict) -> None:
    _update(
        snapshot,
        state=State.READY,
        progress=1.0,
        finished_at=timezone.now(),
        sha256=manifest["sha256"],
        counts=manifest["counts"],
        files={**manifest["files"], MANIFEST: describe(snapshot.folder / MANIFEST, None)},
    )


def _fail(snapshot: Snapshot, sentence: str) -> None:
    _update(snapshot, state=State.FAILED, error=sentence, finished_at=timezone.now())


def _update(snapshot: Snapshot, **fields) -> None:
    Snapshot.objects.filter(id=snapshot.id).update(**fields)
