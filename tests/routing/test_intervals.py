"""Intervals hold what they promise, also for rare affects and over rounds that learn."""

import numpy as np
import pytest

from routing import estimation, intervals
from routing.estimation import Draws, Known
from tests.routing.test_estimation import CARRIES, simulate

NOBODY = Known.of(np.empty((0, 1), bool))


def covers(found: intervals.Estimate, truth: float) -> bool:
    return bool(found.low[0] <= truth <= found.high[0])


@pytest.mark.parametrize("reached", [1.0, 0.4])
def test_nineteen_of_twenty_intervals_hold_the_prevalence(reached):
    runs = [simulate(seed, reached) for seed in range(200)]
    found = [intervals.prevalence(run, CARRIES[run.ids][:, None], NOBODY) for run in runs]

    held = np.mean([covers(each, CARRIES.mean()) for each in found])
    width = np.mean([each.high - each.low for each in found])
    spread = np.std([each.value for each in found])

    assert held >= 0.94
    assert width < 1.7 * 2 * intervals.Z * spread


def test_taking_the_judged_posts_as_they_are_misses_it():
    """What top scores look like: an interval that knows nothing of how the posts were chosen."""
    judged = [CARRIES[run.ids[run.judged]] for run in map(simulate, range(50), [1.0] * 50)]

    naive = [intervals.share(np.array([some.mean()]), np.array([len(some)])) for some in judged]

    assert np.mean([covers(each, CARRIES.mean()) for each in naive]) < 0.2


def test_posts_judged_without_a_draw_stand_for_themselves():
    draws = Draws(np.array([7]), np.array([[0.25]]), np.array([[True]]), np.array([True]))

    found = intervals.prevalence(draws, np.array([[True]]), Known.of(np.array([[False], [True]])))

    assert found.value.tolist() == pytest.approx([(4 + 1) / (4 + 2)])


def test_without_a_judgement_nothing_is_said():
    draws = Draws(np.array([7]), np.array([[0.25]]), np.array([[True]]), np.array([False]))

    found = intervals.prevalence(draws, np.array([[True]]), NOBODY)

    assert np.isnan([found.value, found.low, found.high]).all()


def test_an_affect_nobody_found_still_may_be_there():
    found = intervals.share(np.array([0.0]), np.array([100]))

    assert found.low[0] == 0
    assert 0.03 < found.high[0] < 0.05


# The exact intervals of a Poisson count, as in any table of them.
POISSON = [(0, 0.0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (20, 12.217, 30.888)]


@pytest.mark.parametrize(("count", "low", "high"), POISSON)
def test_counts_of_weight_one_have_the_exact_interval(count, low, high):
    found = intervals.rate(np.array([float(count)]), np.array([float(count)]), 1.0, base=1.0)

    assert found.low[0] == pytest.approx(low, abs=0.02)
    assert found.high[0] == pytest.approx(high, rel=0.01)


def test_one_heavy_post_makes_a_rate_unsure():
    light = intervals.rate(np.array([10.0]), np.array([10.0]), 1.0, base=1.0)
    heavy = intervals.rate(np.array([10.0]), np.array([50.0]), 5.0, base=1.0)

    assert heavy.low < light.low < light.high < heavy.high


def test_a_component_that_chose_nothing_has_no_rate():
    assert np.isnan(intervals.rate(np.zeros(2), np.zeros(2), 0.0, base=0.0).value).all()


def test_after_a_judged_census_the_interval_is_a_point():
    """Everybody was asked: nothing is left to be unsure about."""
    draws = Draws(np.arange(50), np.ones((1, 50)), np.ones((1, 50), bool), np.ones(50, bool))

    assert intervals._variance(draws, CARRIES[:50, None] - 0.5).tolist() == [0.0]
    assert estimation.weights(draws).tolist() == [1.0] * 50
