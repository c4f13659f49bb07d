"""Target rates: the arithmetic of MODELS between scores and propensities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import rules
from routing.errors import BadRound
from routing.rules import Shares

NEUTRAL = np.array([False, False, True])
PUBLISHED = Shares(0.6, 0.2, 0.0, 0.2)


def rates(scores, values, budget, shares=None, screens=NEUTRAL):
    wanted = {
        "exploit": rules.exploit(scores, values, screens, 0.5),
        "uncertainty": rules.uncertainty(scores),
    }
    parts = rules.components(wanted, len(scores), shares or PUBLISHED)
    return rules.inclusion(parts.sum(axis=1), budget)


@given(
    size=st.integers(1, 200),
    budget=st.integers(1, 250),
    spread=st.floats(0.1, 20),
    seed=st.integers(0, 2**32 - 1),
)
def test_propensities_add_up_to_the_budget_and_never_fall_below_the_uniform_floor(
    size, budget, spread, seed
):
    rng = np.random.default_rng(seed)
    scores = 1 / (1 + np.exp(-spread * rng.normal(size=(size, 3))))

    pi = rates(scores, np.array([0.9, 0.1, 0.0]), budget)

    assert pi.sum() == pytest.approx(min(budget, size))
    assert pi.max() <= 1
    assert pi.min() >= min(1, 0.2 * budget / size) * (1 - 1e-9)


def test_the_formula_as_it_is_written():
    scores = np.array([[0.04, 0.25, 0.0], [0.0, 0.01, 0.5]])
    values = np.array([0.8, 0.2, 0.0])

    exploit = rules.exploit(scores, values, NEUTRAL, 0.5)
    uncertainty = rules.uncertainty(scores)

    assert exploit.tolist() == pytest.approx([0.8 * 0.2 + 0.2 * 0.5, 0.2 * 0.1 * (1 - 0.5)])
    by_hand = [(4 * 0.04 * 0.96 + 4 * 0.25 * 0.75) / 3, (4 * 0.01 * 0.99 + 4 * 0.25) / 3]
    assert uncertainty.tolist() == pytest.approx(by_hand)
    expected = 0.6 * exploit / exploit.sum() + 0.2 * uncertainty / uncertainty.sum() + 0.2 / 2
    parts = rules.components({"exploit": exploit, "uncertainty": uncertainty}, 2, PUBLISHED)
    assert parts.sum(axis=1).tolist() == pytest.approx(expected.tolist())


def test_neutral_lowers_the_exploit_part_but_not_the_floor():
    scores = np.array([[0.9, 0.1, 0.0], [0.9, 0.1, 1.0]])
    wanted = {"exploit": rules.exploit(scores, np.array([0.5, 0.5, 0]), NEUTRAL, 0.5)}

    parts = rules.components(wanted, 2, PUBLISHED)

    assert parts[:, 0].tolist() == pytest.approx([0.6, 0.0])
    assert parts[:, 3].tolist() == [0.1, 0.1]


def test_focused_gives_each_affect_the_part_that_its_value_says():
    """A common affect with high scores everywhere does not outvote a rare one."""
    scores = np.array([[0.9, 0.001], [0.8, 0.03], [0.9, 0.001]])
    values, no_screen = np.array([0.5, 0.5]), np.zeros(2, bool)

    wanted = rules.focused_exploit(scores, values, no_screen, 1.0)

    by_hand = 0.5 * scores[:, 0] / scores[:, 0].mean() + 0.5 * scores[:, 1] / scores[:, 1].mean()
    assert wanted.tolist() == pytest.approx(by_hand.tolist())
    assert wanted.argmax() == 1 and rules.exploit(scores, values, no_screen, 1.0).argmax() != 1


def test_rare_and_important_affects_are_worth_more():
    values = rules.affect_values([1.0, 1.0, 3.0, 0.0], [100, 10, 100, 0])

    assert values.tolist() == pytest.approx([1 / 14, 10 / 14, 3 / 14, 0])


def test_without_any_importance_the_exploit_share_is_spread_evenly():
    pi = rates(np.full((4, 3), 0.3), rules.affect_values([0, 0, 0], [1, 1, 1]), 2)

    assert pi.tolist() == [0.5] * 4


SCREENS = [
    (["sad", "neutral"], ["negative", "neutral"], [False, True]),
    (["sad", "informed"], ["negative", "neutral"], [False, True]),
    # loaded without valences: each is neutral by default, and only the name tells
    (["sad", "neutral"], ["neutral", "neutral"], [False, True]),
    (["sad", "glad"], ["neutral", "neutral"], [False, False]),
]


@pytest.mark.parametrize(("keys", "valences", "screens"), SCREENS)
def test_neutral_affects_screen(keys, valences, screens):
    assert rules.screening(keys, valences).tolist() == screens


@pytest.mark.parametrize("shares", [(0.6, 0.2, 0.0, 0.1), (1.2, -0.4, 0.0, 0.2)])
def test_shares_must_be_a_mixture(shares):
    with pytest.raises(BadRound, match="add up to 1"):
        Shares(*shares)


def test_the_uniform_share_cannot_be_taken_away():
    with pytest.raises(BadRound, match="every post has a chance"):
        Shares(0.6, 0.2, 0.2, 0.0)


DUE = [
    # new judgements, time, drawn left, last failed, first; due
    (0, False, False, False, True, True),  # never routed
    (500, False, True, False, False, True),  # enough was learnt
    (499, False, True, False, False, False),
    (1, True, True, False, False, True),  # it is time, and there is something new
    (0, True, True, False, False, False),  # it is time, but nothing was learnt
    (0, False, False, False, False, True),  # raters would get posts that nobody drew
    (0, False, False, True, False, False),  # failed just now: it would fail at once again
    (500, False, False, True, False, True),
]


@pytest.mark.parametrize(("new", "time", "left", "failed", "first", "due"), DUE)
def test_when_a_round_is_due(new, time, left, failed, first, due):
    said = rules.is_due(
        new_judgements=new,
        every=500,
        is_time=time,
        drawn_left=left,
        last_failed=failed,
        is_first=first,
    )

    assert said is due


def test_focused_looks_harder_for_what_is_hardly_found_but_no_chance_carrier_takes_it_all():
    once, rare, common = rules.focused_values([1, 1, 1], [1, 10, 100])

    assert rare / common > 6 * 10
    assert once / rare < 11
