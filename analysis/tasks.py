"""A doorbell for the worker: harmless if rung twice."""

from celery import shared_task

from analysis import analyses
from analysis.models import Analysis


@shared_task
def read_file(analysis_id: int) -> None:
    analysis = Analysis.objects.filter(id=analysis_id).first()
    if analysis:
        analyses.execute(analysis=analysis)
