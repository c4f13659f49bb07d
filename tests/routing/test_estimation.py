"""What a judged post stands for, after one round and after several that learn from each other."""

import numpy as np
import pytest

from routing import estimation
from routing.estimation import Draws

ROUNDS, POSTS, BUDGET = 5, 1500, 100
TRUTH = np.random.default_rng(0)
CHANCE = TRUTH.beta(0.5, 6, POSTS)
CARRIES = TRUTH.random(POSTS) < CHANCE


def simulate(seed: int, reached: float) -> Draws:
    """Five rounds go for likely carriers, ever better informed; `reached` of the drawn are judged
    before the next round."""
    rng = np.random.default_rng(seed)
    pool, judged = np.ones(POSTS, bool), np.zeros(POSTS, bool)
    propensities, drawn = np.zeros((2, ROUNDS, POSTS))
    for number in range(ROUNDS):
        score = CHANCE * np.exp(rng.normal(size=POSTS) / (number + 1))
        wanted = np.where(pool, np.sqrt(score), 0)
        rate = BUDGET * (0.8 * wanted / wanted.sum() + 0.2 * pool / pool.sum())
        propensities[number] = np.minimum(rate, 1)
        drawn[number] = rng.random(POSTS) < propensities[number]
        answered = (drawn[number] > 0) & (rng.random(POSTS) < reached)
        judged |= answered
        pool &= ~answered
    some = drawn.any(axis=0)
    return Draws(
        np.flatnonzero(some), propensities[:, some], drawn[:, some].astype(bool), judged[some]
    )


def estimate(draws: Draws, weights: np.ndarray) -> float:
    """The weighted (Hájek) share of posts that carry the affect."""
    weights = weights[draws.judged]
    return (weights * CARRIES[draws.ids[draws.judged]]).sum() / weights.sum()


@pytest.mark.parametrize("reached", [1.0, 0.4])
def test_weights_are_unbiased_over_rounds_that_learn(reached):
    runs = [simulate(seed, reached) for seed in range(150)]

    found = np.array([estimate(draws, estimation.weights(draws)) for draws in runs])
    plain = np.array([CARRIES[draws.ids[draws.judged]].mean() for draws in runs])

    error = found.std() / np.sqrt(len(found))
    assert abs(found.mean() - CARRIES.mean()) < 3 * error
    assert plain.mean() > 1.5 * CARRIES.mean()


def test_after_one_round_weight_and_propensity_say_the_same():
    draws = Draws(
        ids=np.array([4, 5, 6]),
        propensities=np.array([[0.5, 0.25, 0.1]]),
        drawn=np.ones((1, 3), bool),
        judged=np.ones(3, bool),
    )

    assert estimation.propensities(draws).tolist() == pytest.approx([0.5, 0.25, 0.1])
    assert estimation.weights(draws).tolist() == pytest.approx([2, 4, 10])


def test_posts_that_were_not_reached_in_time_lower_the_propensity():
    """One of two drawn posts was judged: the chance of having been drawn and judged is half pi."""
    draws = Draws(
        ids=np.array([4, 5]),
        propensities=np.array([[0.5, 0.5]]),
        drawn=np.ones((1, 2), bool),
        judged=np.array([True, False]),
    )

    assert estimation.propensities(draws)[0] == pytest.approx(0.25)
    assert estimation.weights(draws).tolist() == pytest.approx([4, 0])


def test_the_propensity_combines_the_rounds_in_whose_pool_the_post_was():
    """Post 8 was in both pools and drawn by the second round; post 7 was judged after the first."""
    draws = Draws(
        ids=np.array([7, 8]),
        propensities=np.array([[0.5, 0.2], [0.0, 0.4]]),
        drawn=np.array([[True, False], [False, True]]),
        judged=np.array([True, True]),
    )

    expected = [0.5, 1 - (1 - 0.2) * (1 - 0.4)]
    assert estimation.propensities(draws).tolist() == pytest.approx(expected)


def test_nothing_judged_is_no_trouble():
    draws = Draws(np.array([7]), np.array([[0.5]]), np.array([[True]]), np.array([False]))

    assert estimation.weights(draws).tolist() == [0.0]


def test_a_campaign_without_rounds_is_no_trouble():
    nothing = np.empty((0, 0))
    draws = Draws(np.empty(0, np.int64), nothing, nothing.astype(bool), np.empty(0, bool))

    assert estimation.propensities(draws).tolist() == []
    assert estimation.weights(draws).tolist() == []


def test_a_stand_in_weighs_its_near_duplicates_as_well():
    draws = Draws(
        ids=np.array([4, 5]),
        propensities=np.array([[0.5, 0.25]]),
        drawn=np.ones((1, 2), bool),
        judged=np.ones(2, bool),
        copies=np.array([1, 3]),
    )

    assert estimation.weights(draws).tolist() == pytest.approx([2, 12])
