"""Doorbells for the worker: harmless if rung twice."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from analysis import analyses
from analysis.models import Analysis

#: Seconds after which a bell that nobody answered is rung again.
RING_AGAIN_AFTER = 300


@shared_task
def read_file(analysis_id: int) -> None:
    analysis = Analysis.objects.filter(id=analysis_id).first()
    if analysis:
        analyses.execute(analysis=analysis)


@shared_task
def ring_again() -> None:
    """Rings for analyses whose bell was lost, or whose worker was. A bell ends before the next."""
    since = timezone.now() - timedelta(seconds=RING_AGAIN_AFTER)
    for analysis_id in analyses.waiting(since=since):
        read_file.apply_async([analysis_id], expires=RING_AGAIN_AFTER)
