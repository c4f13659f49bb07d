"""Doorbells for the worker: harmless if rung twice."""

import logging

from celery import shared_task
from django.contrib.auth.models import AbstractBaseUser

from agreement import live, readings, reports
from agreement.models import Change, Reading, Report, RunningSums
from agreement.options import Options
from agreement.readings import Asked
from annotation.models import Campaign

logger = logging.getLogger(__name__)


@shared_task
def compute_report(report_id: int) -> None:
    report = Report.objects.select_related("campaign").filter(id=report_id).first()
    if report:
        reports.execute(report=report)


@shared_task
def compute_reading(reading_id: int) -> None:
    reading = Reading.objects.select_related("campaign").filter(id=reading_id).first()
    if reading:
        readings.execute(reading=reading)


@shared_task
def fold_journals() -> None:
    """Keeps the journal short where nobody looks at the figures."""
    waiting = set(Change.objects.values_list("campaign_id", flat=True).distinct())
    campaigns = Campaign.objects.in_bulk(waiting)
    Change.objects.filter(campaign_id__in=waiting - campaigns.keys()).delete()
    for campaign in campaigns.values():
        live.current(campaign=campaign)


@shared_task
def check_sums() -> None:
    """The nightly proof that the running sums are what a recount comes to."""
    for kept in RunningSums.objects.select_related("campaign").order_by("id"):
        if not live.check(campaign=kept.campaign).was_equal:
            logger.warning(
                "The running sums of '%s' differed from its judgements and were counted anew.",
                kept.campaign.slug,
            )


def ask_for_report(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Report:
    """Puts the report in the queue, once, and rings for it. A lost bell is rung again this way."""
    report = reports.queue(campaign=campaign, options=options, created_by=created_by)
    compute_report.delay_on_commit(report.id)
    return report


def ask_for_reading(
    *, campaign: Campaign, asked: Asked, created_by: AbstractBaseUser | None = None
) -> Reading:
    """Puts the readings in the queue, once, and rings for them."""
    reading = readings.queue(campaign=campaign, asked=asked, created_by=created_by)
    compute_reading.delay_on_commit(reading.id)
    return reading
