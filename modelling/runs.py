"""The verbs on training runs: create one, execute it in a worker, notice that one died."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from lib.locks import RUNS, lock
from modelling import recipes, versions
from modelling.errors import SnapshotNotReady
from modelling.models import TrainingRun
from snapshots.models import Snapshot

State = TrainingRun.State
LOST = "The worker stopped during this run. Start it again: it goes on from where it was."


def create(
    *, snapshot: Snapshot, recipe: str, created_by: AbstractBaseUser | None = None
) -> TrainingRun:
    """A run in the queue. The door that created it rings the task."""
    recipes.check(recipe)
    if snapshot.state != Snapshot.State.READY:
        raise SnapshotNotReady
    return TrainingRun.objects.create(snapshot=snapshot, recipe=recipe, created_by=created_by)


def execute(*, run: TrainingRun) -> None:
    """Trains, registers and records the model: once, however often and by how many it is called.

    A run that was killed goes on from its checkpoint. One that fails says why in `error`.
    """
    from training.errors import TrainingError

    with lock(RUNS, run.id) as won:
        run.refresh_from_db()
        if not won or run.is_finished:
            return
        _update(run, state=State.RUNNING, started_at=run.started_at or timezone.now(), error="")
        try:
            trained = versions.train(
                snapshot=run.snapshot.folder, recipe=run.recipe, out=run.folder, report=_report(run)
            )
            versions.publish(trained=trained, run=run)
        except TrainingError as error:
            _fail(run, str(error))
        except Exception as error:
            _fail(run, f"The run failed by a fault of ours, which the log tells: {error}")
            raise
        else:
            _update(run, state=State.DONE, progress=1.0, stage="", finished_at=timezone.now())


def settle(*, run: TrainingRun) -> None:
    """Says of a run that calls itself running while nobody runs it that it was lost.

    It says so to this reader only: a worker that was stopped in good order gave its task back to
    the queue, and the next one will go on with the run as it stands.
    """
    if run.state == State.RUNNING and _is_nobodys(run):
        run.refresh_from_db()
        if run.state == State.RUNNING:
            run.state, run.error = State.FAILED, LOST


def start_again(*, run: TrainingRun) -> None:
    """A failed or lost run goes back to the queue; its checkpoint, if there is one, is still good."""
    ended = [State.FAILED, State.RUNNING] if _is_nobodys(run) else [State.FAILED]
    TrainingRun.objects.filter(id=run.id, state__in=ended).update(
        state=State.QUEUED, error="", finished_at=None
    )


def _is_nobodys(run: TrainingRun) -> bool:
    with lock(RUNS, run.id) as free:
        return free


def _report(run: TrainingRun) -> Callable:
    def report(progress) -> None:
        changed = {"stage": progress.stage, "progress": progress.step / max(1, progress.steps)}
        if progress.validation is not None:
            run.curve.append(progress.validation)
            changed["curve"] = run.curve
        _update(run, **changed)

    return report


def _fail(run: TrainingRun, sentence: str) -> None:
    _update(run, state=State.FAILED, error=sentence, finished_at=timezone.now())


def _update(run: TrainingRun, **fields) -> None:
    TrainingRun.objects.filter(id=run.id).update(**fields)
    for name, value in fields.items():
        setattr(run, name, value)
