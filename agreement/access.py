"""What a door shows: of few judgements the figures as of now, of many the stored ones."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from agreement import chosen, differences, drift, queries, readings, reports, slices
from agreement.kept import Kept
from agreement.models import Reading, Report, Slices, Weeks
from agreement.options import Options
from agreement.readings import Asked
from annotation.models import Campaign
from lib.errors import NotFound

State = Kept.State
#: What is kept is shown at once, however old; from this age on a worker makes a new one meanwhile.
FRESH_FOR = timedelta(minutes=10)
#: A report for each of so many weeks is to be expected.
WEEKS = 10


@dataclass(frozen=True)
class Shown:
    """What there is to show.

    report  with figures; None where there is none yet
    latest  the last one asked for: the same, or one that is queued or has failed
    newer   judgements made or revised since what is kept: the report, or the corrected part of it
    stored  the report that the corrected figures are from, where those as judged are as of now
    """

    report: Kept | None
    latest: Kept | None
    newer: int = 0
    stored: Kept | None = None

    @property
    def is_wanting(self) -> bool:
        """Whether a worker should be asked: nobody was yet, or what is kept has grown old."""
        if self.latest is None:
            return True
        if self.latest.state != State.DONE or not self.newer:
            return False
        return timezone.now() - self.latest.computed_at > FRESH_FOR

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
    chosen.check(campaign, options)
    kept = _stored(Report, campaign, options.as_dict())
    if not reports.follows_from_sums(campaign, options):
        return kept
    report = reports.as_judged(campaign=campaign, options=options, stored=kept.report)
    return Shown(report, kept.latest, kept.newer, stored=kept.report)


def get_figures(campaign: Campaign, options: Options) -> dict | None:
    """As judged, whatever routing did; None before there are any."""
    if reports.follows_from_sums(campaign, options):
        return reports.of_sums(campaign, options)
    report = get_report(campaign, options).report
    return report and report.figures


def get_weeks(campaign: Campaign, options: Options) -> Shown:
    """Never reads more than a few judgements."""
    if queries.are_few(campaign.judgements.all(), reports=WEEKS) and not options.bootstrap:
        weeks = drift.compute(campaign=campaign, options=options)
        return Shown(weeks, weeks)
    return _stored(Weeks, campaign, options.ways)


def get_slices(campaign: Campaign) -> Shown:
    """The newest release, unless judgements have been set aside or brought back since."""
    found = _stored(Slices, campaign, slices.OPTIONS)
    if found.report and slices.is_withheld(found.report):
        return Shown(None, found.latest, found.newer)
    return found


def get_stored(campaign: Campaign, report_id: int) -> Report:
    """One of the campaign's stored reports. Raises NotFound."""
    report = queries.stored_reports(campaign).filter(id=report_id).first()
    if report is None:
        raise NotFound(f"The campaign '{campaign.slug}' has no stored report {report_id}.")
    return report


def beside_all(campaign: Campaign, options: Options, figures: dict) -> dict | None:
    """How figures of chosen judgements differ from those of all; None where all were chosen, or
    where a worker has yet to compute those of all."""
    if not options.choice:
        return None
    of_all = get_report(campaign, options.of_all).report
    return differences.between(of_all.figures, figures) if of_all else None


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
