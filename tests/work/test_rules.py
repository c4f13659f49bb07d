"""Weeks, time and pay as pure arithmetic."""

import doctest
from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import spreadsheets
from work import rules
from work.errors import BadWeek
from work.rules import Week, pay_of
from work.templatetags import work_amounts


@pytest.mark.parametrize("module", [rules, spreadsheets, work_amounts])
def test_the_examples_in_the_docs_hold(module):
    assert doctest.testmod(module).failed == 0


WEEKS = [
    (date(2026, 11, 22), "2026-W47"),  # a Sunday still belongs to the week of its Monday
    (date(2026, 11, 23), "2026-W48"),
    (date(2026, 12, 31), "2026-W53"),
    (date(2027, 1, 3), "2026-W53"),  # New Year does not end a week
    (date(2027, 1, 4), "2027-W01"),
    (date(2029, 12, 31), "2030-W01"),  # and a week of the next year may begin in this one
]


@pytest.mark.parametrize(("day", "week"), WEEKS)
def test_a_day_lies_in_its_iso_week(day, week):
    assert str(Week.of(day)) == week
    assert Week.parse(week).monday <= day <= Week.parse(week).sunday


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-47", "2026-W00", "2027-W53", "2026-W4", "2026-W47\n", "٢٠٢٦-W47"]
)
def test_what_is_no_week_is_refused_with_an_example(text):
    with pytest.raises(BadWeek, match="Write it as 2026-W47"):
        Week.parse(text)


@given(st.dates(date(2000, 1, 3), date(2999, 12, 1)))
def test_weeks_follow_each_other_without_a_gap(day):
    week = Week.of(day)

    assert Week.parse(str(week)) == week
    assert week.after.before == week
    assert (week.after.monday - week.sunday).days == 1


@pytest.mark.parametrize(
    ("week", "hours"),
    [("2026-W43", 169), ("2026-W13", 167), ("2026-W47", 168)],  # clocks go back, forward, on
)
def test_a_week_is_as_long_as_clocks_make_it(week, hours):
    start, end = Week.parse(week).span(ZoneInfo("Europe/Berlin"))

    assert (end.timestamp() - start.timestamp()) / 3600 == hours
    assert (start.hour, end.hour) == (0, 0)


@given(
    st.integers(0, 10**7),
    st.decimals(0, 999_999, places=2),
)
def test_pay_is_exact_up_to_half_a_hundredth(seconds, rate):
    pay = pay_of(seconds, rate)

    assert abs(Fraction(pay) - Fraction(rate) * seconds / 3600) <= Fraction(1, 200)
    assert pay == pay.quantize(Decimal("0.01"))


def test_no_rate_no_pay():
    assert pay_of(3600, None) is None
    assert pay_of(3600, Decimal(0)) == 0
