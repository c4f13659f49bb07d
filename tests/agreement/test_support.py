import numpy as np
import pytest
from hypothesis import given

from agreement.support import histograms, mean_support, posts_with_at_least, prevalence
from agreement.table import Judgements, tally
from tests.agreement import plain
from tests.agreement.crowds import crowds, table


@given(crowds())
def test_support_equals_the_definition_read_aloud(crowd):
    judgements = table(crowd)

    found = mean_support(histograms(judgements))

    expected = [plain.support(crowd, option) for option in judgements.options]
    assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(crowds())
def test_votes_count_posts_where_at_least_k_raters_picked(crowd):
    judgements = table(crowd)

    found = posts_with_at_least(histograms(judgements), most=4)

    expected = [
        [plain.posts_with(crowd, option, k) for k in (1, 2, 3, 4)] for option in judgements.options
    ]
    assert found.tolist() == expected


def test_votes_go_up_to_the_largest_number_of_raters_unless_told():
    found = histograms(table({1: {1: {"sad"}, 2: {"sad"}, 3: set()}, 2: {1: set(), 2: {"sad"}}}))

    assert [posts_with_at_least(found, most)[2].tolist() for most in (None, 1, 5)] == [
        [2, 1, 0],
        [2],
        [2, 1, 0, 0, 0],
    ]


def test_weights_turn_counts_into_estimates_for_the_pool():
    rows = [(1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 2, 0), (3, 1, 0), (3, 2, 0)]
    plain_table = Judgements.of(rows, ("calm",))
    weights = np.array([1.0, 1, 4, 4, 5, 5])
    found = histograms(
        Judgements(plain_table.posts, plain_table.raters, plain_table.picks, ("calm",), weights)
    )

    assert posts_with_at_least(found).tolist() == [[5.0, 1.0]]
    assert mean_support(found).tolist() == [(2 * 1 + 1 * 4) / 5]
    assert prevalence(found).tolist() == [(2 * 1 + 1 * 4) / (2 * 10)]


@given(crowds())
def test_the_tally_counts_every_post_lone_judgements_too(crowd):
    judgements = table(crowd)

    ids, raters, votes = tally(judgements)

    found = {
        post: (m, row)
        for post, m, row in zip(ids.tolist(), raters.tolist(), votes.tolist(), strict=True)
    }
    assert found == {
        post: (
            len(answers),
            [sum(option in picks for picks in answers.values()) for option in judgements.options],
        )
        for post, answers in crowd.items()
    }
