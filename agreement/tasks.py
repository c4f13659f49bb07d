"""Doorbells for the worker: harmless if rung twice."""

from celery import shared_task
from django.contrib.auth.models import AbstractBaseUser

from agreement import reports
from agreement.models import Report
from agreement.options import Options
from annotation.models import Campaign


@shared_task
def compute_report(report_id: int) -> None:
    report = Report.objects.select_related("campaign").filter(id=report_id).first()
    if report:
        reports.execute(report=report)


def ask_for_report(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Report:
    """Puts the report in the queue, once, and rings for it. A lost bell is rung again this way."""
    report = reports.queue(campaign=campaign, options=options, created_by=created_by)
    compute_report.delay_on_commit(report.id)
    return report
