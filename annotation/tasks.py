"""What the clock rings for: harmless if rung twice."""

import logging

from celery import shared_task

from annotation import counts
from annotation.models import Campaign

logger = logging.getLogger(__name__)


@shared_task
def fold_counts() -> None:
    """Keeps few the rows that pages add up."""
    for campaign in Campaign.objects.all():
        counts.fold(campaign=campaign)


@shared_task
def check_counts() -> None:
    """The nightly proof that stored counts are what counting comes to."""
    for campaign in Campaign.objects.all():
        if wrong := counts.recount(campaign=campaign):
            logger.warning(
                "%d stored counts of '%s' differed from its posts and judgements; they are mended.",
                wrong,
                campaign.slug,
            )
