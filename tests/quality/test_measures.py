"""The measures against plain loops over their definitions."""

from collections import Counter
from math import isnan, sqrt
from statistics import fmean, median, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.interrater import interrater
from agreement.sums import Sums
from quality import measures
from tests.agreement.crowds import AFFECTS, OPTIONS, crowds, table

RATERS = 5
#: Judgements as (rater, picks); rater 4 never has any.
rows = st.lists(st.tuples(st.integers(0, RATERS - 2), st.sampled_from([0, 1, 3, 1 << 62])))


def columns(judged: list) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.array(judged, np.int64).reshape(-1, 2).T)


def of(judged: list, rater: int) -> list:
    return [value for who, value in judged if who == rater]


def same(found, expected: list) -> bool:
    return np.allclose(found, np.array(expected, float), equal_nan=True, atol=1e-12)


@given(rows)
def test_the_favourite_is_the_most_common_pick_set(judged):
    def plain(picks):
        return Counter(picks).most_common(1)[0][1] / len(picks) if picks else float("nan")

    found = measures.favourite_share(*columns(judged), RATERS)

    assert same(found, [plain(of(judged, rater)) for rater in range(RATERS)])


@given(rows)
def test_a_run_is_the_same_pick_set_again_and_again(judged):
    def plain(picks):
        longest = run = 0
        for before, now in zip([None, *picks], picks, strict=False):
            run = run + 1 if now == before else 1
            longest = max(longest, run)
        return longest

    found = measures.longest_run(*columns(judged), RATERS)

    assert found.tolist() == [plain(of(judged, rater)) for rater in range(RATERS)]


@given(st.lists(st.tuples(st.integers(0, RATERS - 2), st.integers(0, 20))))
def test_medians_and_shares(judged):
    rater, values = columns(judged)
    owned = [of(judged, each) for each in range(RATERS)]
    nothing = float("nan")

    medians = measures.medians(rater, values / 2, RATERS)
    shares = measures.share(rater, values < 7, RATERS)

    assert same(medians, [median(own) / 2 if own else nothing for own in owned])
    assert same(
        shares, [sum(each < 7 for each in own) / len(own) if own else nothing for own in owned]
    )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_robust_z_lies_on_the_median_and_its_distances(values):
    middle = median(values)
    spread = median(abs(value - middle) for value in values)

    found = measures.robust_z(np.array([*values, np.nan], float))

    expected = [0.6745 * (each - middle) / spread if spread else float("nan") for each in values]
    assert same(found, [*expected, float("nan")])


def test_one_outlier_moves_nobody_else():
    calm = measures.robust_z(np.array([1.0, 2, 3, 4, 5, 6]))
    odd = measures.robust_z(np.array([1.0, 2, 3, 4, 5, 1e9]))

    assert calm[:5].tolist() == odd[:5].tolist()
    assert odd[5] > 1e6


@pytest.mark.parametrize(
    ("right", "n"), [(0, 1), (1, 1), (0, 25), (10, 25), (25, 25), (199, 200), (1, 100_000)]
)
def test_wilsons_ends_are_the_shares_that_the_test_would_just_not_refuse(right, n):
    """|p - share| = z √(p (1 - p) / n) at both ends: what the interval is made from."""
    ends = [float(end) for end in measures.wilson(np.array(right), np.array(n))]

    for end in ends:
        if 0 < end < 1:
            distance = measures.Z_95 * sqrt(end * (1 - end) / n)
            assert abs(abs(end - right / n) - distance) < 1e-9
    assert 0 <= ends[0] <= right / n <= ends[1] <= 1


def test_nothing_answered_has_no_interval():
    assert np.isnan(measures.wilson(np.array([0]), np.array([0]))).all()


@given(crowds())
def test_agreement_is_that_of_the_report_and_bias_that_of_the_definition(crowd):
    judgements = table(crowd)

    found = measures.with_others(judgements)
    report = interrater(judgements)

    assert np.array_equal(found.correlations, report.correlations, equal_nan=True)
    assert found.posts.tolist() == report.posts.tolist()
    for option, key in enumerate(o for o in OPTIONS if o in judgements.options):
        expected = [plain_bias(crowd, rater, key) for rater in found.raters.tolist()]
        assert same(found.bias[option], expected)


@given(crowds())
def test_running_sums_give_the_same_as_the_judgements(crowd):
    judgements = table(crowd)
    sums = Sums.of(judgements)

    from_rows = measures.with_others(judgements)
    for place, rater in enumerate(from_rows.raters.tolist()):
        from_sums = measures.of_sums(sums, rater, judgements.affects)
        # An option that was picked on posts of one judgement only is an option of these, too.
        known = [from_sums.options.index(option) for option in from_rows.options]
        assert same(from_sums.correlations[known, 0], from_rows.correlations[:, place])
        assert same(from_sums.bias[known, 0], from_rows.bias[:, place])
        assert from_sums.posts.tolist() == [from_rows.posts[place]]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.floats(-5, 5).map(lambda x: round(x, 3)), st.booleans()),
        max_size=40,
    )
)
def test_drift_is_that_of_the_definition(rows):
    rater, values, recent = np.array(rows, float).reshape(-1, 3).T

    found = measures.drift(rater.astype(int), values, recent > 0, 3, fewest=3)

    assert same(found, [plain_drift(rows, rater) for rater in range(3)])


def plain_drift(rows, rater) -> float:
    now = [value for who, value, is_recent in rows if who == rater and is_recent]
    then = [value for who, value, is_recent in rows if who == rater and not is_recent]
    if min(len(now), len(then)) < 3:
        return float("nan")
    squares = (len(now) - 1) * variance(now) + (len(then) - 1) * variance(then)
    spread = (squares / (len(now) + len(then) - 2)) ** 0.5
    return (fmean(now) - fmean(then)) / spread if spread > 1e-9 else float("nan")


def plain_bias(crowd, rater, option) -> float:
    differences = [
        (option in answers[rater])
        - sum(option in said for who, said in answers.items() if who != rater) / (len(answers) - 1)
        for answers in crowd.values()
        if rater in answers and len(answers) > 1
    ]
    return sum(differences) / len(differences)


@given(crowds())
def test_a_raters_agreement_is_the_mean_over_defined_affects(crowd):
    found = measures.with_others(table(crowd))

    for place in range(len(found.raters)):
        column = found.correlations[: len(AFFECTS), place].tolist()
        defined = [value for value in column if not isnan(value)]
        expected = sum(defined) / len(defined) if defined else float("nan")
        assert same(found.agreement[place], expected)
        assert found.undefined[place] == len(AFFECTS) - len(defined)


@pytest.mark.parametrize(
    ("seconds", "limit"), [([], 2.0), ([3.0], 2.0), ([30.0, 30.0, 90.0], 10.0)]
)
def test_too_fast_is_under_two_seconds_or_a_third_of_the_crowd(seconds, limit):
    assert measures.fast_below(np.array(seconds)) == limit
