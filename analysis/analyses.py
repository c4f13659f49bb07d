"""The verbs on analyses: ask for one, execute a queued one."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import get_valid_filename

from analysis import campaigns, figures, names, reading, removal
from analysis.errors import BadPlan, BeingRead, Stopped, TooLarge, UnknownAnalysis
from analysis.models import Analysis
from analysis.plans import Plan
from annotation.models import Campaign
from lib.errors import PathosError, told_as
from lib.locks import ANALYSES, lock
from lib.rejects import RejectsFile
from lib.tables.rows import megabytes

#: What one file that is sent may have. A command reads a file of any size.
MAX_BYTES = 512 * 1024 * 1024
MAX_NAME = 100
#: A file that stops one worker after the other is not given to a fourth.
MOST_ATTEMPTS = 3
State = Analysis.State


def ask(
    *,
    chunks: Iterable[bytes],
    file_name: str,
    name: str = "",
    plan: Plan,
    created_by: AbstractBaseUser | None = None,
) -> Analysis:
    """Keeps the file and queues its analysis, once its first rows look as if it could be read.

    Raises TooLarge, BadFile, BadPlan.
    """
    file_name = _file_name(file_name)
    name = name or names.name_of(Path(file_name))
    campaigns.check_name(name=name)
    incoming = Path(settings.ANALYSES_DIR)
    incoming.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="incoming-", dir=incoming) as folder:
        kept = Path(folder) / file_name
        _keep(chunks, kept)
        with told_as(kept, file_name):
            reading.check(kept, plan)
        with transaction.atomic():
            analysis = Analysis.objects.create(
                name=name, file_name=file_name, plan=plan.as_dict(), created_by=created_by
            )
            analysis.upload.parent.mkdir(parents=True)
            kept.rename(analysis.upload)
    return analysis


def execute(*, analysis: Analysis) -> None:
    """Reads a file that waits: once, however often and by how many this is called.

    One whose worker was killed is read from its beginning. When that has happened MOST_ATTEMPTS
    times, it has failed.
    """
    with lock(ANALYSES, analysis.id) as won:
        if won and _begins(analysis):
            _execute(analysis)


def waiting(*, since: datetime) -> list[int]:
    """The ids of what was asked for before then and is not finished, oldest first."""
    unfinished = Analysis.objects.filter(state__in=[State.QUEUED, State.READING])
    return list(unfinished.filter(created_at__lt=since).order_by("id").values_list("id", flat=True))


def find(analysis_id: int) -> Analysis:
    """Raises UnknownAnalysis."""
    analysis = Analysis.objects.select_related("campaign").filter(id=analysis_id).first()
    if analysis is None:
        raise UnknownAnalysis
    return analysis


def delete(*, analysis: Analysis) -> None:
    """Takes the analysis away, with its files and the campaign that it was brought into.

    Raises BeingRead, InUse.
    """
    if analysis.campaign:
        delete_campaign(campaign=analysis.campaign)
        return
    # One statement: a worker that begins at this moment finds nothing, or is found.
    idle = Analysis.objects.filter(id=analysis.id).exclude(state=State.READING)
    if not idle.delete()[0]:
        raise BeingRead
    shutil.rmtree(analysis.folder, ignore_errors=True)


def delete_campaign(*, campaign: Campaign) -> None:
    """Takes a campaign for analysis only away, with every file that was brought into it.

    Raises BeingRead, InUse, NotBrought.
    """
    check_deletable(campaign=campaign)
    folders = [analysis.folder for analysis in campaign.analyses.all()]
    removal.remove(campaign=campaign)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def check_deletable(*, campaign: Campaign) -> None:
    """Raises BeingRead, InUse, NotBrought."""
    removal.check(campaign=campaign)
    being_read = Analysis.objects.filter(state=State.READING).values_list("name", flat=True)
    if campaign.slug in map(names.slug_of, being_read):
        raise BeingRead


def _begins(analysis: Analysis) -> bool:
    """Whether there is anything left to do, now that nobody else is at it."""
    unfinished = Analysis.objects.filter(id=analysis.id, finished_at=None)
    begun = unfinished.update(state=State.READING, stored=0, attempts=F("attempts") + 1)
    analysis.attempts = unfinished.values_list("attempts", flat=True).first()
    return begun == 1


def _execute(analysis: Analysis) -> None:
    try:
        if analysis.attempts > MOST_ATTEMPTS:
            raise Stopped
        with told_as(analysis.upload, analysis.file_name), told_as(analysis.folder, "its folder"):
            _read(analysis)
    except PathosError as error:
        _update(analysis, state=State.FAILED, error=error.message, finished_at=timezone.now())
    except Exception:
        sentence = "The file could not be read; the worker's log says why."
        _update(analysis, state=State.FAILED, error=sentence, finished_at=timezone.now())
        raise
    shutil.rmtree(analysis.upload.parent, ignore_errors=True)


def _read(analysis: Analysis) -> None:
    plan = Plan.of(analysis.plan)
    with RejectsFile(analysis.rejects) as rejected:
        answers = reading.read(analysis.upload, plan, rejected.add)
        _update(analysis, answers=len(answers.rows), headline=figures.headline(answers))
        brought = campaigns.bring(
            answers=answers,
            name=analysis.name,
            reject=rejected.add,
            keep_names=plan.keep_names,
            told=lambda rows: _update(analysis, stored=F("stored") + rows),
        )
    _update(
        analysis,
        state=State.READY,
        campaign=brought.campaign,
        counts=brought.counts,
        rejected=rejected.count,
        finished_at=timezone.now(),
    )


def _file_name(given: str) -> str:
    """The name that a file was sent with, without anything that leads out of a folder."""
    try:
        return get_valid_filename(given[-MAX_NAME:])
    except SuspiciousFileOperation:
        what = f"'{given[:40]}' is no name for a file."
        raise BadPlan(what, errors=[{"where": "file_name", "what": what}]) from None


def _keep(chunks: Iterable[bytes], path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_BYTES:
                raise TooLarge(
                    f"The file has more than {megabytes(MAX_BYTES)}. Zip it with gzip, or read it "
                    "where it lies: 'manage.py analyse FILE'."
                )
            file.write(chunk)


def _update(analysis: Analysis, **fields) -> None:
    Analysis.objects.filter(id=analysis.id).update(**fields)
