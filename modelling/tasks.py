"""Doorbells for the training worker: harmless if rung twice."""

from celery import shared_task

from modelling import runs, versions
from modelling.models import ModelVersion, TrainingRun


@shared_task
def execute_run(run_id: int) -> None:
    run = TrainingRun.objects.select_related("snapshot").filter(id=run_id).first()
    if run:
        runs.execute(run=run)


@shared_task
def crown(version_id: int) -> None:
    version = ModelVersion.objects.filter(id=version_id).first()
    if version:
        versions.crown(version=version)
