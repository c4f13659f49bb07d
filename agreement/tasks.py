"""Doorbells for the worker: harmless if rung twice."""

import logging
from dataclasses import replace
from datetime import date

from celery import shared_task
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef

from agreement import access, chosen, comparing, drift, live, nightly, readings, reports, slices
from agreement.access import Shown
from agreement.models import Change, Reading, Report, RunningSums, Slices, Weeks
from agreement.options import Options
from agreement.readings import Asked
from annotation.models import Campaign, Judgement

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
def compute_weeks(weeks_id: int) -> None:
    weeks = Weeks.objects.select_related("campaign").filter(id=weeks_id).first()
    if weeks:
        drift.execute(weeks=weeks)


@shared_task
def compute_slices(slices_id: int) -> None:
    queued = Slices.objects.select_related("campaign").filter(id=slices_id).first()
    if queued:
        slices.execute(slices=queued)


@shared_task
def check_sums_of(campaign_id: int) -> None:
    """The same proof for one campaign, when somebody asks for it."""
    campaign = Campaign.objects.filter(id=campaign_id).first()
    if campaign:
        live.check(campaign=campaign)


@shared_task
def keep_figures() -> None:
    """Every night a report and the weeks of each campaign in which something has changed, so that
    there is something older to compare with."""
    judged = Exists(Judgement.objects.filter(campaign=OuterRef("pk")))
    for campaign in Campaign.objects.filter(judged).order_by("id"):
        if nightly.has_changed(campaign):
            nightly.keep(campaign)


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


def show_report(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Shown:
    """The report that there is; where there is none or it has grown old, a worker makes one."""
    found = access.get_report(campaign, options)
    if not found.is_wanting:
        return found
    asked = ask_for_report(campaign=campaign, options=options, created_by=created_by)
    return replace(found, latest=asked)


def show_around(*, day: date, options: Options, **asked) -> list[Shown]:
    """The reports before and after the day, as `show_report` shows each."""
    both = comparing.around(day, options)
    return [show_report(options=each, **asked) for each in both]


def ask_for_report(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Report:
    """Puts the report in the queue, once, and rings for it. A lost bell is rung again this way."""
    chosen.check(campaign, options)
    report = reports.queue(campaign=campaign, options=options, created_by=created_by)
    compute_report.delay_on_commit(report.id)
    return report


def show_weeks(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Shown:
    """The weeks that there are; where there are none or they have grown old, a worker makes some."""
    found = access.get_weeks(campaign, options)
    if not found.is_wanting:
        return found
    asked = ask_for_weeks(campaign=campaign, options=options, created_by=created_by)
    return replace(found, latest=asked)


def ask_for_weeks(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Weeks:
    """Puts the weeks in the queue, once, and rings for them."""
    weeks = drift.queue(campaign=campaign, options=options, created_by=created_by)
    compute_weeks.delay_on_commit(weeks.id)
    return weeks


def show_slices(*, campaign: Campaign, created_by: AbstractBaseUser | None = None) -> Shown:
    """The newest release of strata; a worker makes another one, if it may."""
    found = access.get_slices(campaign)
    if not found.is_wanting:
        return found
    queued = slices.queue(campaign=campaign, created_by=created_by)
    compute_slices.delay_on_commit(queued.id)
    return replace(found, latest=queued)


def ask_for_reading(
    *, campaign: Campaign, asked: Asked, created_by: AbstractBaseUser | None = None
) -> Reading:
    """Puts the readings in the queue, once, and rings for them."""
    reading = readings.queue(campaign=campaign, asked=asked, created_by=created_by)
    compute_reading.delay_on_commit(reading.id)
    return reading
