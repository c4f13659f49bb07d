"""Doorbells for the worker: harmless if rung twice."""

from celery import shared_task

from annotation.models import Campaign
from quality import tables


@shared_task
def compute_table(campaign_id: int) -> None:
    campaign = Campaign.objects.filter(id=campaign_id).first()
    if campaign:
        tables.keep(campaign)


def ask_for_table(campaign: Campaign) -> None:
    """Rings for a table as of now, once until it is there."""
    if tables.note_asked(campaign):
        compute_table.delay_on_commit(campaign.id)
