from math import isnan

import numpy as np
import pytest
from hypothesis import given

from agreement.reliability import reliabilities, weighted_shares
from agreement.table import OTHER
from tests.agreement import plain
from tests.agreement.crowds import crowds, simulated, table


def said_aloud(crowd, judgements):
    """{rater: weight} by the definition."""
    affects = [option for option in judgements.options if option != OTHER]
    found = {}
    for option in affects:
        for rater, value in plain.rater_correlations(crowd, option).items():
            found.setdefault(rater, []).append(value)
    known = {
        rater: max(plain.mean([v for v in values if v is not None]), 0)
        for rater, values in found.items()
        if any(value is not None for value in values)
    }
    usual = plain.mean(list(known.values()))
    raters = {rater for answers in crowd.values() for rater in answers}
    return {rater: known.get(rater, 1.0 if isnan(usual) else usual) for rater in raters}


@given(crowds())
def test_weights_and_shares_equal_the_definition_read_aloud(crowd):
    judgements = table(crowd)
    weights = said_aloud(crowd, judgements)

    found = weighted_shares(judgements)

    assert reliabilities(judgements) == pytest.approx(
        [weights[rater] for rater in judgements.ids_of_all[1].tolist()], abs=1e-9
    )
    for post, shares in zip(judgements.ids_of_all[0].tolist(), found, strict=True):
        say = {rater: weights[rater] for rater in crowd[post]}
        if sum(say.values()) < 1e-9:
            continue  # a correlation of 0 but for rounding is a say of its own
        expected = [
            sum(say[rater] for rater, picks in crowd[post].items() if option in picks)
            / sum(say.values())
            for option in judgements.options
        ]
        assert shares == pytest.approx(expected, abs=1e-6)


def test_where_nobody_has_a_say_all_have_the_same():
    judgements = table({7: {1: {"calm"}, 2: set()}})

    shares = weighted_shares(judgements, np.zeros(2))

    assert shares[0, 0] == 0.5


def test_spammers_weigh_less():
    noise = np.where(np.arange(12) < 4, 1.0, 0.1)
    judgements = simulated(np.random.default_rng(5), posts=1000, noise=noise)

    weights = reliabilities(judgements)[np.argsort(judgements.ids_of_all[1])]

    assert weights[:4].max() < 0.1 < 0.5 < weights[4:].min()
