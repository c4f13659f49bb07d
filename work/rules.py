"""Weeks, active time, and what it is worth."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from work.errors import BadWeek

HOUR = 3600


@dataclass(frozen=True, order=True)
class Week:
    """An ISO 8601 week: it begins on Monday, and belongs to the year of its Thursday.

    >>> str(Week.of(date(2027, 1, 3))), Week.parse("2026-W53").monday
    ('2026-W53', datetime.date(2026, 12, 28))
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(*day.isocalendar()[:2])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises BadWeek, also for a 53rd week where the year has none."""
        written = re.fullmatch(r"(2\d{3})-W(\d{2})", text, re.ASCII)
        if not written:
            raise BadWeek(text)
        week = cls(*map(int, written.groups()))
        try:
            date.fromisocalendar(week.year, week.number, 1)
        except ValueError:
            raise BadWeek(text) from None
        return week

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> Self:
        return self.of(self.monday - timedelta(days=7))

    @property
    def after(self) -> Self:
        return self.of(self.monday + timedelta(days=7))

    def span(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The first moment of its Monday, and of the next one, where clocks show `zone`."""
        return start_of(self.monday, zone), start_of(self.after.monday, zone)


def start_of(day: date, zone: tzinfo) -> datetime:
    """Midnight, at which the day begins where clocks show `zone`."""
    return datetime.combine(day, time(), zone)


def whole_seconds(milliseconds: int) -> int:
    """Rounded half up, so that the same work is the same time on every page and in every file.

    >>> whole_seconds(1499), whole_seconds(1500)
    (1, 2)
    """
    return (milliseconds + 500) // 1000


def hours_of(seconds: int) -> Decimal:
    """In hundredths of an hour, rounded half up: to read, not to compute pay from."""
    return _hundredths(Decimal(seconds) / HOUR)


def pay_of(seconds: int, per_hour: Decimal | None) -> Decimal | None:
    """seconds × rate / 3600, in hundredths, rounded half up once. None where nothing is paid.

    >>> pay_of(90, Decimal("10.00")), pay_of(5400, Decimal("9.99"))
    (Decimal('0.25'), Decimal('14.99'))
    """
    return None if per_hour is None else _hundredths(seconds * per_hour / HOUR)


def _hundredths(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
