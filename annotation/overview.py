"""What the overview tells of a campaign beside its progress: its pace, and panels of other rooms.

A room above this one hangs a panel in when it is loaded, so that no import goes up:

    @overview.panel
    def latest(campaign: Campaign) -> overview.Panel | None: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from annotation import queries
from annotation.forecast import LOOKS_BACK, Forecast, forecast, full_days
from annotation.models import Campaign

#: Days that the chart shows: eight weeks.
SHOWN_DAYS = 56


@dataclass(frozen=True)
class Panel:
    """A part of the page: its template, and what that is told on top of the page's context."""

    template: str
    shown: dict


_makers: list[Callable[[Campaign], Panel | None]] = []


def panel(make: Callable[[Campaign], Panel | None]) -> Callable[[Campaign], Panel | None]:
    """Hangs a panel in behind those that hang there; None for a campaign leaves it out."""
    _makers.append(make)
    return make


def panels(campaign: Campaign) -> list[Panel]:
    return [found for make in _makers if (found := make(campaign))]


@dataclass(frozen=True)
class Pace:
    """How quickly judgements come in, and when that will have been all.

    days         (day, judgements), oldest first, today last
    per_day      mean of the last full days that `forecast` looks back on; None before there is one
    today, week  raters who judged today, and in the last seven days
    end          as days from now; None where it can't be told, or nothing goes on
    """

    days: list[tuple[date, int]]
    per_day: float | None
    full_days: int
    today: int
    week: int
    end: Forecast | None
    now: datetime

    @property
    def made_today(self) -> int:
        return self.days[-1][1]

    @property
    def bars(self) -> list[dict]:
        """One a day, ten wide with the gap beside it, the highest of them a hundred high."""
        heights = [100 * made / (self.most or 1) for _, made in self.days]
        return [
            {"x": 10 * place, "y": 100 - height, "height": height}
            for place, height in enumerate(heights)
        ]

    @property
    def most(self) -> int:
        return max((made for _, made in self.days), default=0)

    @property
    def weeks(self) -> list[tuple[date, int]]:
        """(Monday, judgements) of each week, latest first."""
        by_week = groupby(self.days, key=lambda day: day[0] - timedelta(days=day[0].weekday()))
        return [(monday, sum(made for _, made in days)) for monday, days in by_week][::-1]

    @property
    def expected(self) -> datetime | None:
        return self._on(self.end and self.end.expected)

    @property
    def soonest(self) -> datetime | None:
        return self._on(self.end and self.end.soonest)

    @property
    def latest(self) -> datetime | None:
        return self._on(self.end and self.end.latest)

    def _on(self, days: float | None) -> datetime | None:
        return None if days is None else self.now + timedelta(days=days)


def pace(campaign: Campaign) -> Pace:
    """Of a campaign as `queries.with_progress` has it; from stored counts."""
    now, midnight = timezone.localtime(), queries.midnight()
    days = queries.by_day(campaign, days=SHOWN_DAYS)
    known = full_days([made for _, made in days])[-LOOKS_BACK:]
    goes_on = campaign.state == Campaign.State.OPEN
    return Pace(
        days=days,
        per_day=sum(known) / len(known) if known else None,
        full_days=len(known),
        today=queries.at_work(campaign, since=midnight),
        week=queries.at_work(campaign, since=midnight - timedelta(days=6)),
        end=forecast(known, campaign.wanted - campaign.judged) if goes_on else None,
        now=now,
    )
