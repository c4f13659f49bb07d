import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.from_sums import figures
from agreement.report import compute
from agreement.sums import Sums
from tests.agreement.crowds import AFFECTS, crowds, table


def about(figures):
    """The same with floats that fit to 1e-9, wherever they lie."""
    if isinstance(figures, dict):
        return {key: about(value) for key, value in figures.items()}
    if isinstance(figures, list):
        return [about(value) for value in figures]
    return pytest.approx(figures, abs=1e-9) if isinstance(figures, float) else figures


@given(
    crowds(),
    st.sampled_from(["pearson", "spearman"]),
    st.sampled_from(["exclude", "zero"]),
    st.sampled_from([2, 3]),
)
def test_the_report_from_sums_is_the_report_from_judgements(crowd, kind, undefined, min_posts):
    ways = {"correlation": kind, "undefined": undefined, "min_posts": min_posts}
    judgements = table(crowd)

    found = figures(Sums.of(judgements), AFFECTS, **ways)

    expected = compute(judgements, **ways)
    assert found == about(expected)
    assert list(found["affects"]) == list(expected["affects"])


def test_what_was_taken_out_again_leaves_no_option_and_no_rater():
    one = table({7: {1: {"calm"}, 2: {"glad"}}})
    other = table({8: {5: {"other"}, 8: {"sad"}, 2: set()}})
    sums = Sums.of(one) + Sums.of(other) - Sums.of(other)

    assert figures(sums, AFFECTS) == about(compute(one))
