import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.interrater import interrater
from agreement.table import Judgements
from tests.agreement import plain
from tests.agreement.crowds import OPTIONS, crowds, simulated, table


@given(
    crowds(),
    st.sampled_from(["pearson", "spearman"]),
    st.sampled_from(["exclude", "zero"]),
    st.integers(2, 4),
)
def test_interrater_correlation_equals_the_definition_read_aloud(crowd, kind, undefined, min_posts):
    judgements = table(crowd)

    result = interrater(judgements, correlation=kind, undefined=undefined, min_posts=min_posts)

    expected = [
        plain.interrater(crowd, option, kind, undefined, min_posts)
        for option in OPTIONS[: len(judgements.options)]
    ]
    found = zip(result.values, result.raters, result.left_out, strict=True)
    assert [(pytest.approx(v, abs=1e-9, nan_ok=True), n, u) for v, n, u in found] == expected


@given(crowds())
def test_each_raters_own_correlation_equals_the_definition(crowd):
    judgements = table(crowd)

    result = interrater(judgements)

    for option, correlations in zip(judgements.options, result.correlations, strict=True):
        found = dict(zip(judgements.rater_ids.tolist(), correlations.tolist(), strict=True))
        expected = plain.rater_correlations(crowd, option)
        assert found == {
            rater: pytest.approx(math.nan if value is None else value, abs=1e-9, nan_ok=True)
            for rater, value in expected.items()
        }


@pytest.mark.parametrize("others", range(1, 30))
def test_a_constant_mean_of_the_others_is_undefined_however_long_its_decimals(others):
    # A floating-point corr() sees variance in a column of seven times 1/3.
    crowd = {
        post: {0: {"calm"} if post % 2 else set()}
        | {rater: {"calm"} if rater == 1 else set() for rater in range(1, others + 1)}
        for post in range(7)
    }

    result = interrater(table(crowd), min_posts=2)

    rater_0 = result.correlations[0, table(crowd).rater_ids == 0]
    assert np.isnan(rater_0).all()


def test_the_same_fraction_from_posts_of_other_sizes_is_the_same_value():
    # Two of four others and one of two others are both one half: no variance for rater 0.
    crowd = {
        1: {0: {"calm"}, 1: {"calm"}, 2: {"calm"}, 3: set(), 4: set()},
        2: {0: set(), 1: {"calm"}, 2: set()},
    }

    result = interrater(table(crowd))

    assert np.isnan(result.correlations[0, 0])


def test_a_crowd_of_hundreds_on_a_post_overflows_nothing():
    rng = np.random.default_rng(5)
    crowd = {
        post: {rater: {"calm"} if rng.random() < 0.95 - 0.1 * post else set() for rater in range(m)}
        for post, m in enumerate([300, 257, 256, 255, 2, 3])
    }

    result = interrater(table(crowd))

    value, raters, left_out = plain.interrater(crowd, "calm")
    assert (result.values[0], result.raters[0], result.left_out[0]) == (
        pytest.approx(value, abs=1e-9),
        raters,
        left_out,
    )


def test_without_a_shared_post_nothing_has_a_value():
    result = interrater(Judgements.of([(1, 1, 1), (2, 2, 1)], ("calm",)))

    assert (math.isnan(result.headline), result.raters.tolist()) == (True, [0])


def test_no_judgements_at_all_are_no_error():
    result = interrater(Judgements.of([], ("calm", "glad")), undefined="zero")

    assert np.isnan(result.values).all() and math.isnan(result.headline)


def test_the_headline_leaves_other_out():
    other = {rater: {"other", "calm"} if rater < 2 else set() for rater in range(4)}
    crowd = {1: other, 2: {rater: set() for rater in range(4)}}
    crowd |= {3: {0: {"calm"}, 1: set(), 2: {"calm"}}}

    result = interrater(table(crowd))

    assert result.headline == pytest.approx(plain.interrater(crowd, "calm")[0])
    assert not math.isnan(result.values[-1])


def test_equal_weights_change_nothing_and_a_weight_of_two_is_a_post_seen_twice():
    once = simulated(np.random.default_rng(3), posts=60)
    weights = np.where(once.posts < 20, 2.0, 1.0)
    weighted = Judgements(once.posts, once.raters, once.picks, once.affects, weights)
    again = once.posts < 20
    doubled = Judgements(
        np.concatenate([once.posts, once.posts[again] + 1000]),
        np.concatenate([once.raters, once.raters[again]]),
        np.concatenate([once.picks, once.picks[again]]),
        once.affects,
    )

    for kind in ("pearson", "spearman"):
        assert interrater(weighted, correlation=kind).values == pytest.approx(
            interrater(doubled, correlation=kind).values
        )


def as_frame(judgements, affect=0):
    frame = pd.DataFrame({"post": judgements.posts, "rater": judgements.raters})
    frame["x"] = (judgements.picks >> affect) & 1
    votes = frame.groupby("post").x.transform("sum")
    size = frame.groupby("post").x.transform("size")
    return frame.assign(mean=votes / size, others=(votes - frame.x) / (size - 1))


def test_the_wrong_readings_give_other_numbers():
    # Half of the crowd is careless, and the careless ones judge half as many posts.
    rng = np.random.default_rng(11)
    crowd = simulated(rng, posts=4_000, raters=20, noise=np.repeat([0.1, 0.8], 10), affects=1)
    keep = (crowd.raters < 10) | (rng.random(len(crowd.raters)) < 0.5)
    crowd = Judgements(crowd.posts[keep], crowd.raters[keep], crowd.picks[keep], crowd.affects)
    frame = as_frame(crowd).dropna()
    raters = frame.groupby("rater")
    each = raters.apply(lambda f: f.x.corr(f.others))

    right = interrater(crowd).headline
    own_judgement_left_in = raters.apply(lambda f: f.x.corr(f["mean"])).mean()
    raters_pooled = frame.x.corr(frame.others)
    weighted_by_judgements = np.average(each, weights=raters.size())

    assert right == pytest.approx(each.mean(), abs=1e-9)
    assert own_judgement_left_in > right + 0.1
    assert raters_pooled > right + 0.02
    assert weighted_by_judgements > right + 0.02
