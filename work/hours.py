"""A campaign's hours of a week, rater by rater, as a table, as CSV and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils import timezone

from annotation.models import Campaign
from lib.spreadsheets import csv_lines
from work import queries
from work.rules import Week, hours_of, pay_of

COLUMNS = [
    "week", "rater", "judgements", "skipped", "active_seconds", "active_hours", "rate", "currency",
    "pay",
]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A rater's week in a campaign. Pay rests on the whole seconds that stand beside it."""

    week: str
    rater: str
    judgements: int
    skipped: int
    active_seconds: int
    active_hours: Decimal
    rate: Decimal | None
    currency: str
    pay: Decimal | None


def lines_of(campaign: Campaign, week: Week) -> list[Line]:
    """A line for each rater who did something in that week, in the order of their keys."""
    found = queries.with_week(campaign.memberships.order_by("rater__key"), week)
    rows = found.values_list("rater__key", "judgements_of_week", "others_of_week")
    return [
        _line(campaign, week, key, queries.work_of_week(judgements, others))
        for key, judgements, others in rows
        if judgements or others
    ]


def total_of(campaign: Campaign, week: Week, lines: list[Line]) -> Line:
    """All lines together: what is to be paid is the sum of what each rater gets."""
    seconds = sum(line.active_seconds for line in lines)
    return Line(
        week=str(week),
        rater="",
        judgements=sum(line.judgements for line in lines),
        skipped=sum(line.skipped for line in lines),
        active_seconds=seconds,
        active_hours=hours_of(seconds),
        rate=campaign.pay_per_hour,
        currency=campaign.pay_currency,
        pay=None
        if campaign.pay_per_hour is None
        else sum((line.pay for line in lines), Decimal("0.00")),
    )


def as_csv(lines: list[Line]) -> Iterator[str]:
    """The header, then a line for each rater; nothing in it is a formula to a spreadsheet."""
    yield from csv_lines(COLUMNS, (list(asdict(line).values()) for line in lines))


def report(campaign: Campaign, week: Week) -> dict:
    """The week with its lines and their total, as the JSON doors show it."""
    lines = lines_of(campaign, week)
    return {
        "campaign": campaign.slug,
        "week": str(week),
        "time_zone": timezone.get_current_timezone_name(),
        "raters": [asdict(line) for line in lines],
        "total": asdict(total_of(campaign, week, lines)),
    }


def _line(campaign: Campaign, week: Week, key: str, work: queries.Work) -> Line:
    return Line(
        week=str(week),
        rater=key,
        judgements=work.judged,
        skipped=work.skipped,
        active_seconds=work.seconds,
        active_hours=hours_of(work.seconds),
        rate=campaign.pay_per_hour,
        currency=campaign.pay_currency,
        pay=pay_of(work.seconds, campaign.pay_per_hour),
    )
