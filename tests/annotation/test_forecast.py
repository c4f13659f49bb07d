"""When a campaign will be done."""

import doctest

import numpy as np
import pytest
from scipy.stats import t

from annotation import forecast as module
from annotation.forecast import T_95, forecast, full_days


def test_the_examples_hold():
    assert doctest.testmod(module).failed == 0


def test_equal_days_leave_no_doubt():
    found = forecast([50] * 14, left=600)

    assert (found.expected, found.soonest, found.latest) == (12.0, 12.0, 12.0)


def test_only_the_last_two_weeks_are_looked_back_on():
    assert forecast([9000] * 30 + [50] * 14, left=600) == forecast([50] * 14, left=600)


@pytest.mark.parametrize(
    ("days", "left"),
    [
        ([50] * 14, 0),  # all is done
        ([50, 60], 100),  # too few days
        ([0] * 14, 100),  # nobody is at work
        ([0] * 13 + [1], 10_000),  # centuries
    ],
)
def test_nothing_is_told_where_nothing_is_known(days, left):
    assert forecast(days, left) is None


def test_days_that_differ_much_have_no_latest_end():
    found = forecast([0, 0, 300, 0], left=300)

    assert found.latest is None
    assert found.soonest < found.expected == 4.0


def test_the_ends_are_where_a_sum_of_days_may_be_what_is_left():
    """The roots, put into the inequality whose they are."""
    days, left = [80, 120, 95, 130, 60, 100, 110], 2000
    n, mean, spread = len(days), np.mean(days), np.var(days, ddof=1)

    found = forecast(days, left)

    for end in (found.soonest, found.latest):
        allowed = T_95[n - 1] ** 2 * spread * (end + end**2 / n)
        assert (end * mean - left) ** 2 == pytest.approx(allowed)


def test_the_table_of_quantiles_is_right():
    right = {free: t.ppf(0.975, free) for free in T_95}

    assert pytest.approx(right, abs=5e-5) == T_95


@pytest.mark.parametrize(("n", "left"), [(14, 2000), (14, 6000), (5, 2000)])
def test_intervals_hold_the_end_as_often_as_they_say(n, left):
    """Crowds whose days are overdispersed counts: the true end is when what was left is done."""
    rng = np.random.default_rng(n * left)
    runs = 2000
    days = rng.negative_binomial(8, 8 / 108, (runs, n + 300))  # mean 100, standard deviation 37
    ends = (days[:, n:].cumsum(axis=1) >= left).argmax(axis=1) + 1
    found = [forecast(made[:n].tolist(), left) for made in days]

    held = [
        np.floor(one.soonest) <= end <= np.ceil(np.inf if one.latest is None else one.latest)
        for one, end in zip(found, ends, strict=True)
    ]

    assert 0.93 <= np.mean(held) <= 0.985


@pytest.mark.parametrize(
    ("by_day", "full"),
    [
        ([0, 0, 3, 8, 0, 9, 1], [8, 0, 9]),
        ([5, 8, 1], [5, 8]),  # it began before what is shown
        ([0, 0, 4], []),  # it began today
        ([0, 0, 0], []),
    ],
)
def test_days_that_are_not_over_do_not_count(by_day, full):
    assert list(full_days(by_day)) == full
