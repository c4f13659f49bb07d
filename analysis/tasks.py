"""Doorbells for the worker: harmless if rung twice."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from agreement.queries import are_few
from analysis import analyses
from analysis.models import Analysis
from annotation.models import Campaign
from lib.errors import PathosError

log = logging.getLogger(__name__)

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


@shared_task
def delete_campaign(campaign_id: int) -> None:
    campaign = Campaign.objects.select_related("taxonomy").filter(id=campaign_id).first()
    try:
        if campaign:
            analyses.delete_campaign(campaign=campaign)
    except PathosError as refused:
        log.warning("%s was to be deleted: %s", campaign, refused)


def delete(campaign: Campaign) -> bool:
    """Deletes a campaign for analysis only if that is quickly done; else a worker will, and the
    answer is False. Raises BeingRead, InUse, NotBrought."""
    if are_few(campaign.judgements.all()):
        analyses.delete_campaign(campaign=campaign)
        return True
    analyses.check_deletable(campaign=campaign)
    delete_campaign.delay_on_commit(campaign.id)
    return False
