"""What a door shows: of few judgements the figures as of now, of many the stored ones."""

from dataclasses import dataclass

from agreement import queries, readings, reports
from agreement.kept import Kept
from agreement.models import Reading, Report
from agreement.options import Options
from agreement.readings import Asked
from annotation.models import Campaign

State = Kept.State


@dataclass(frozen=True)
class Shown:
    """What there is to show.

    report  with figures; None where there is none yet
    latest  the last one asked for: the same, or one that is queued or has failed
    newer   judgements made or revised since the report
    """

    report: Kept | None
    latest: Kept | None
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
    return _stored(Report, campaign, options.as_dict())


def get_reading(campaign: Campaign, asked: Asked) -> Shown:
    """Never reads more than a few judgements."""
    if queries.are_few(campaign.judgements.all()):
        reading = readings.compute(campaign=campaign, asked=asked)
        return Shown(reading, reading)
    return _stored(Reading, campaign, asked.as_dict())


def _stored(kind: type[Kept], campaign: Campaign, options: dict) -> Shown:
    kept = queries.asked_for(kind, campaign, options)
    done = kept.filter(state=State.DONE).first()
    newer = queries.newer_than(done) if done else 0
    return Shown(done, kept.defer("figures_json").first(), newer)
