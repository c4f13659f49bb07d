"""The report that a door shows: of few judgements the one as of now, of many the stored one."""

from dataclasses import dataclass

from agreement import queries, reports
from agreement.models import Report
from agreement.options import Options
from annotation.models import Campaign

State = Report.State


@dataclass(frozen=True)
class Shown:
    """What there is to show.

    report  with figures; None where there is none yet
    latest  the last one asked for: the same, or one that is queued or has failed
    newer   judgements made or revised since the report
    """

    report: Report | None
    latest: Report | None
    newer: int = 0

    @property
    def is_queued(self) -> bool:
        return bool(self.latest) and self.latest.state == State.QUEUED

    @property
    def has_failed(self) -> bool:
        return bool(self.latest) and self.latest.state == State.FAILED


def get_report(campaign: Campaign, options: Options) -> Shown:
    """Never reads more than a few judgements."""
    if reports.is_quick(campaign=campaign, options=options):
        report = reports.compute(campaign=campaign, options=options)
        return Shown(report, report)
    asked = queries.asked_for(campaign, options)
    report = asked.filter(state=State.DONE).first()
    return Shown(
        report, asked.defer("figures_json").first(), queries.newer_than(report) if report else 0
    )
