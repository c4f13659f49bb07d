"""What a rater's judgements were like, week by week, in the zone that pages show."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.utils import timezone

from annotation.models import Judgement
from quality import queries
from quality.figures import Work
from quality.weeks import by_week, microseconds

BERLIN = ZoneInfo("Europe/Berlin")


def work(*rows: tuple[datetime, int, float | None, int]) -> Work:
    """Of one rater; rows: when, picks, seconds, gold."""
    made, picks, seconds, gold = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Work(
        ids=np.array([1]),
        rater=np.zeros(len(rows), np.int64),
        picks=np.array(picks, np.int64),
        seconds=np.array(seconds, float),
        gold=np.array(gold, np.int8),
        made=np.array([microseconds(when) for when in made], np.int64),
        recent=np.zeros(len(rows), bool),
    )


def test_a_week_begins_on_monday_where_the_clocks_are():
    found = work(
        (datetime(2026, 5, 3, 21, 59, 59, 999_999, UTC), 1, 5.0, -1),
        (datetime(2026, 5, 3, 22, tzinfo=UTC), 3, 7.0, -1),
    )

    assert [week["week"] for week in by_week(found, BERLIN)] == [
        date(2026, 4, 27),
        date(2026, 5, 4),
    ]
    assert [week["judgements"] for week in by_week(found, UTC)] == [2]


def test_each_week_has_its_own_figures_and_idle_ones_are_left_out():
    when = datetime(2026, 5, 4, 12, tzinfo=UTC)
    found = work(
        (when.replace(day=20), 0b111, None, 1),
        (when, 0b1, 4.0, -1),
        (when, 0b11, 6.0, -1),
        (when, 0b1, 20.0, 1),
        (when, 0b10, None, 0),
    )

    assert by_week(found, UTC) == [
        {
            "week": date(2026, 5, 4),
            "judgements": 4,
            "seconds": 6.0,
            "picks": 1.25,
            "gold_n": 2,
            "gold_share": 0.5,
        },
        {
            "week": date(2026, 5, 18),
            "judgements": 1,
            "seconds": None,
            "picks": 3.0,
            "gold_n": 1,
            "gold_share": 1.0,
        },
    ]


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, 23), datetime(2026, 10, 25, 23)])
def test_clocks_that_are_changed_move_no_judgement(day):
    late = day.replace(tzinfo=BERLIN)

    (week,) = by_week(work((late, 1, 1.0, -1)), BERLIN)

    assert week["week"].isocalendar()[:2] == day.isocalendar()[:2]


def test_nothing_judged_is_no_week():
    assert by_week(work(), UTC) == []


def test_times_come_from_the_database_to_the_microsecond(judged, liner):
    when = datetime(2026, 5, 3, 21, 59, 59, 999_999, UTC)
    Judgement.objects.filter(rater=liner.rater).update(judged_at=when)

    with timezone.override(BERLIN):
        found = queries.read_work(queries.of_membership(liner), np.array([liner.rater_id]))

    assert set(found.made.tolist()) == {microseconds(when)}
