from fractions import Fraction
from math import nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.panels import FAMILIES, with_feelings, with_signals
from agreement.table import Judgements
from tests.agreement import plain
from tests.agreement.crowds import AFFECTS, crowds, table

KINDS = ("like", "haha", "share", "report", "impression")


def share(answers, option):
    return Fraction(sum(option in picks for picks in answers.values()), len(answers))


def pearson(numbers, crowd, option):
    """Between the posts' numbers and the shares of their raters, by the definition."""
    found = plain.pearson(list(numbers.values()), [share(crowd[post], option) for post in numbers])
    return nan if found is None else found


@given(crowds(), st.data())
def test_publisher_feelings_equal_the_definition_read_aloud(crowd, data):
    said = st.sampled_from(["sad", "proud", "tired", ""])
    feelings = {post: data.draw(said) for post in crowd}
    named = {post: feelings[post] for post in plain.shared(crowd) if feelings[post]}

    panel = with_feelings(table(crowd), feelings, fewest=2)

    counts = {name: list(named.values()).count(name) for name in set(named.values())}
    assert dict(zip(panel.rows, panel.posts.tolist(), strict=True)) == {
        name: count for name, count in counts.items() if count >= 2
    }
    for name, row in zip(panel.rows, panel.correlations, strict=True):
        numbers = {post: int(feeling == name) for post, feeling in named.items()}
        expected = [pearson(numbers, crowd, option) for option in panel.columns]
        assert row == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(crowds(), st.data())
def test_signals_are_shares_of_their_family_and_equal_the_definition(crowd, data):
    counts = {post: {k: data.draw(st.integers(0, 3)) for k in KINDS} for post in crowd}
    frame = pd.DataFrame.from_dict(counts, orient="index", columns=KINDS)

    panel = with_signals(table(crowd), frame)

    assert panel.rows == KINDS[:-1]  # seeing a post is no family
    for kind, row in zip(panel.rows, panel.correlations, strict=True):
        family = next(set(family) & set(KINDS) for family in FAMILIES if kind in family)
        totals = {post: sum(counts[post][k] for k in family) for post in plain.shared(crowd)}
        numbers = {post: Fraction(counts[post][kind], n) for post, n in totals.items() if n}
        expected = [pearson(numbers, crowd, option) for option in panel.columns]
        assert row == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_a_weight_of_two_is_a_post_seen_twice():
    crowd = {1: {1: {"calm"}, 2: {"calm"}}, 2: {1: {"calm"}, 2: set()}, 3: {1: set(), 2: {"sad"}}}
    feelings = {1: "sad", 2: "proud", 3: "proud", 4: "proud"}
    once = table(crowd)
    weighted = Judgements(
        once.posts, once.raters, once.picks, AFFECTS, np.where(once.posts == 3, 2.0, 1.0)
    )

    twice = with_feelings(table({**crowd, 4: crowd[3]}), feelings, fewest=1)

    found = with_feelings(weighted, feelings, fewest=1).correlations
    assert found == pytest.approx(twice.correlations, abs=1e-12, nan_ok=True)
