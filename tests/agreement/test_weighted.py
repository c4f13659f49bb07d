"""Weighted figures, on ragged random crowds, equal to slow loops."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agreement.alpha import nominal_alpha, set_alpha
from agreement.co_occurrence import joint_counts, over_judgements, over_post_means
from agreement.interrater import interrater
from agreement.support import histograms, mean_support, posts_with_at_least, prevalence
from agreement.table import Judgements
from tests.agreement import plain
from tests.agreement.crowds import crowds, table


@st.composite
def weighted_crowds(draw):
    """A crowd, and a weight of 1 to 3 for each of its posts."""
    crowd = draw(crowds())
    return crowd, {post: draw(st.integers(1, 3)) for post in crowd}


def with_weights(crowd, weights):
    found = table(crowd)
    columns = (found.posts, found.raters, found.picks)
    of_rows = np.array([weights[post] for post in found.posts.tolist()], float)
    return Judgements(*columns, found.affects, of_rows)


def repeated(crowd, weights):
    """Every post as often as it weighs."""
    return {
        (post, copy): answers for post, answers in crowd.items() for copy in range(weights[post])
    }


def close(expected):
    return pytest.approx(np.array(expected, float), abs=1e-9, nan_ok=True)


@hypothesis_settings(max_examples=40)
@given(weighted_crowds(), st.sampled_from(["pearson", "spearman"]))
def test_weighted_interrater_correlation_counts_a_post_as_often_as_it_weighs(drawn, kind):
    crowd, weights = drawn
    judgements = with_weights(crowd, weights)

    found = interrater(judgements, correlation=kind).values

    again = repeated(crowd, weights)
    values = [_value(crowd, again, option, kind) for option in judgements.options]
    assert found == close(values)


def _value(crowd, again, option, kind):
    """The mean over raters who share two posts, however often these count."""
    posts = Counter(rater for answers in plain.shared(crowd).values() for rater in answers)
    found = plain.rater_correlations(again, option, kind)
    return plain.mean([v for rater, v in found.items() if v is not None and posts[rater] > 1])


@hypothesis_settings(max_examples=40)
@given(weighted_crowds())
def test_weighted_support_and_co_occurrence_count_a_post_as_often_as_it_weighs(drawn):
    crowd, weights = drawn
    judgements = with_weights(crowd, weights)
    again, options = repeated(crowd, weights), judgements.options
    histogram = histograms(judgements)
    n = sum(size * counts[0].sum() for size, counts in histogram.items())

    assert mean_support(histogram) == close([plain.support(again, o) for o in options])
    assert posts_with_at_least(histogram, 2) == close(
        [[plain.posts_with(again, o, k) for k in (1, 2)] for o in options]
    )
    picked = [[x for row in plain.indicators(again, o) for x in row] for o in options]
    assert prevalence(histogram) == close([plain.mean(xs) for xs in picked])
    assert joint_counts(judgements) == close(plain.joint_counts(again, options))
    assert over_judgements(joint_counts(judgements), n) == close(
        plain.co_occurrence(again, options, "judgements")
    )
    assert over_post_means(judgements) == close(plain.co_occurrence(again, options, "post_means"))


def weighted_alpha(crowd, weights, distance, value):
    """Every sum over posts weighted; the correction for small samples as many as there are."""
    units = [
        (weights[post], [value(picks) for picks in answers.values()])
        for post, answers in plain.shared(crowd).items()
    ]
    weight, often = sum(w * len(unit) for w, unit in units), Counter()
    for w, unit in units:
        for v in unit:
            often[v] += w
    observed = sum(
        w * sum(distance(a, b) for a, b in product(unit, unit)) / (len(unit) - 1)
        for w, unit in units
    )
    pairs = product(often.items(), often.items())
    apart = sum(j * k * distance(a, b) for (a, j), (b, k) in pairs)
    judgements = sum(len(unit) for _, unit in units)
    if not apart:
        return plain.nan
    return 1 - (observed / weight) / (apart / weight**2 * judgements / (judgements - 1))


@hypothesis_settings(max_examples=40)
@given(weighted_crowds())
def test_weighted_alpha_equals_the_definition_read_aloud(drawn):
    crowd, weights = drawn
    judgements = with_weights(crowd, weights)

    by_option = nominal_alpha(histograms(judgements), judgements.size)
    over_sets = set_alpha(judgements)

    expected = [
        weighted_alpha(crowd, weights, plain.differ, lambda picks, option=option: option in picks)
        for option in judgements.options
    ]
    assert by_option == close(expected)
    assert over_sets == close(weighted_alpha(crowd, weights, plain.masi, frozenset))
