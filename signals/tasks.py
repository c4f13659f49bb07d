"""Doorbells for the worker: harmless if rung twice."""

from celery import shared_task

from signals import signals


@shared_task
def cover_reported() -> None:
    """After the beat, so that a campaign that begins to ask for it waits for no import."""
    signals.cover_everywhere()
