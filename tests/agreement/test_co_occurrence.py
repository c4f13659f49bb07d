import numpy as np
import pytest
from hypothesis import given

from agreement.co_occurrence import conditional, joint_counts, over_judgements, over_post_means
from agreement.table import Judgements
from tests.agreement import plain
from tests.agreement.crowds import crowds, simulated, table


@given(crowds())
def test_over_post_means_equals_the_definition_read_aloud(crowd):
    judgements = table(crowd)

    expected = plain.co_occurrence(crowd, judgements.options, over="post_means")

    assert over_post_means(judgements) == pytest.approx(np.array(expected), abs=1e-9, nan_ok=True)


@given(crowds())
def test_over_judgements_equals_the_definition_read_aloud(crowd):
    judgements = table(crowd)

    expected = plain.co_occurrence(crowd, judgements.options, over="judgements")

    assert over_judgements(joint_counts(judgements), judgements.size) == pytest.approx(
        np.array(expected), abs=1e-9, nan_ok=True
    )


@given(crowds())
def test_joint_counts_count_the_judgements_that_pick_both(crowd):
    judgements = table(crowd)

    assert joint_counts(judgements).tolist() == plain.joint_counts(crowd, judgements.options)


def test_conditional_reads_given_the_row_and_is_undefined_for_what_nobody_picks():
    crowd = {1: {1: {"calm", "glad"}, 2: {"calm"}}, 2: {1: {"calm"}, 2: {"calm", "sad"}}}

    given_calm, given_glad, _, given_never = conditional(joint_counts(table(crowd)))

    assert (given_calm.tolist(), given_glad.tolist()) == ([1, 0.25, 0.25, 0], [1, 1, 0, 0])
    assert np.isnan(given_never).all()


def test_a_constant_share_is_no_variance_whatever_the_number_of_raters():
    # 1 of 3 and 2 of 6 raters: the same share, whose floating-point mean is another number.
    crowd = {
        post: {rater: {"calm"} if rater < m // 3 else set() for rater in range(m)}
        for post, m in enumerate([3, 6, 3, 6, 3, 9, 3])
    }

    assert np.isnan(over_post_means(table(crowd))).all()


def test_weights_undo_a_routed_draw():
    rng = np.random.default_rng(2)
    pool = simulated(rng, posts=20_000, prevalence=0.2)
    picked = np.bincount(pool.posts, weights=pool.picks > 0) > 0
    propensity = np.where(picked, 0.8, 0.2)
    drawn = (rng.random(len(propensity)) < propensity)[pool.posts]
    columns = (pool.posts[drawn], pool.raters[drawn], pool.picks[drawn], pool.affects)

    routed = Judgements(*columns)
    weighted = Judgements(*columns, 1 / propensity[columns[0]])

    truth = over_post_means(pool)
    assert over_post_means(weighted) == pytest.approx(truth, abs=0.03)
    assert np.abs(over_post_means(routed) - truth).max() > 0.06
    weight = weighted.weights.sum()
    assert over_judgements(joint_counts(weighted), weight) == pytest.approx(
        over_judgements(joint_counts(pool), pool.size), abs=0.03
    )
