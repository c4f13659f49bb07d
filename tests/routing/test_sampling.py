"""Drawing keeps its promise: over many seeds every post is drawn as often as it should."""

import numpy as np
import pytest

from routing import sampling
from routing.errors import BadRound, TopKRefused

DRAWS = 4000
RNG = np.random.default_rng(5)
PI = np.append(RNG.uniform(0.02, 0.6, 39), 1.0)


def draw_often(method) -> np.ndarray:
    """bool[DRAWS, N]"""
    return np.array([method(PI, np.random.default_rng(seed)) for seed in range(DRAWS)])


@pytest.fixture(scope="module", params=list(sampling.METHODS))
def draws(request):
    return request.param, draw_often(sampling.METHODS[request.param])


def test_posts_are_drawn_as_often_as_their_propensity_says(draws):
    _, drawn = draws

    error = np.sqrt(PI * (1 - PI) / DRAWS)
    off = np.abs(drawn.mean(axis=0) - PI) / np.maximum(error, 1e-12)
    assert off.max() < 4  # 40 normal deviates pass 4 once in 400 such tests; the seeds are fixed
    assert drawn[:, -1].all()


def test_horvitz_thompson_finds_the_pools_total(draws):
    _, drawn = draws
    carries = np.linspace(0, 1, len(PI)) ** 2 + PI  # goes with the propensity, as a score does

    estimates = (drawn * carries / PI).sum(axis=1)

    error = estimates.std() / np.sqrt(DRAWS)
    assert abs(estimates.mean() - carries.sum()) < 3 * error
    assert drawn @ carries @ np.ones(DRAWS) / drawn.sum() > 1.2 * carries.mean()  # unweighted


def test_systematic_draws_the_sum_rounded_down_or_up():
    sizes = {sampling.systematic(PI, np.random.default_rng(seed)).sum() for seed in range(200)}

    assert sizes == {int(PI.sum()), int(PI.sum()) + 1}


def test_systematic_draws_a_whole_budget_exactly():
    pi = PI * 10 / PI.sum()

    sizes = {sampling.systematic(pi, np.random.default_rng(seed)).sum() for seed in range(200)}

    assert sizes == {10}


def test_every_pair_of_neighbours_can_be_drawn_together():
    """Without the random order, near copies that follow one another would shut each other out."""
    pi = np.full(20, 0.2)

    together = np.zeros(19, int)
    for seed in range(600):
        drawn = sampling.systematic(pi, np.random.default_rng(seed))
        together += drawn[1:] & drawn[:-1]

    assert together.min() > 0


def test_the_same_seed_draws_the_same():
    first, again = (sampling.systematic(PI, np.random.default_rng(9)) for _ in range(2))

    assert (first == again).all()


@pytest.mark.parametrize("name", ["top_k", "top-k"])
def test_top_k_is_refused_with_the_reason(name):
    with pytest.raises(TopKRefused, match="their propensity is not defined"):
        sampling.method(name)


def test_an_unknown_way_of_drawing_is_refused():
    with pytest.raises(BadRound, match="use systematic or poisson"):
        sampling.method("dice")
