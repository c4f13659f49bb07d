from collections import Counter

import numpy as np
import pytest

from agreement import bootstrap
from agreement.alpha import nominal_alpha, set_alpha
from agreement.bootstrap import Resample, intervals
from agreement.errors import UnknownOption
from agreement.interrater import interrater
from agreement.support import histograms
from agreement.table import Judgements
from tests.agreement.crowds import simulated, table


def thinned(posts, seed=0, weighted=False):
    """A simulated crowd without a third of its judgements, so that posts differ in raters."""
    rng = np.random.default_rng(seed)
    whole = simulated(rng, posts=posts, affects=2)
    kept = rng.random(len(whole.posts)) < 2 / 3
    weights = 1 + whole.posts[kept] % 3 if weighted else None
    columns = (whole.posts[kept], whole.raters[kept], whole.picks[kept])
    return Judgements(*columns, whole.affects, weights)


def drawn_again(sample, draw):
    """The table that one draw stands for, every post as often as its group was drawn."""
    judgements = sample.judgements
    posts = [post for post, raters in Counter(judgements.posts.tolist()).items() if raters >= 2]
    copies = dict(zip(posts, sample.copies[draw, sample.groups], strict=True))
    rows = []
    for copy in range(int(max(copies.values()))):
        kept = {post for post in posts if copies[post] > copy}
        rows += [(row, copy) for row, post in enumerate(judgements.posts.tolist()) if post in kept]
    row, copy = np.array(rows).T
    return Judgements(
        judgements.posts[row] + 100_000 * copy,
        judgements.raters[row],
        judgements.picks[row],
        judgements.affects,
        None if judgements.weights is None else judgements.weights[row],
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("posts", [40, 1500])  # fewer posts than groups, and more
def test_each_draw_gives_what_computing_everything_again_would(posts, weighted):
    judgements = thinned(posts, weighted=weighted)
    sample = Resample.of(judgements, draws=3, rng=np.random.default_rng(8))
    pearson = np.stack(list(bootstrap._pearson(sample)))
    spearman = np.stack(list(bootstrap._spearman(sample)))
    alpha, over_sets = bootstrap._nominal_alpha(sample), bootstrap._set_alpha(sample)

    for draw in range(3):
        again = drawn_again(sample, draw)
        at = [again.rater_ids.tolist().index(rater) for rater in judgements.rater_ids]
        close = {"abs": 1e-9, "nan_ok": True}
        by_hand = interrater(again).correlations[:, at]
        assert pearson[:, draw] == pytest.approx(by_hand, **close)
        by_hand = interrater(again, correlation="spearman").correlations[:, at]
        assert spearman[:, draw] == pytest.approx(by_hand, **close)
        by_hand = nominal_alpha(histograms(again), again.size)
        assert alpha[:, draw] == pytest.approx(by_hand, **close)
        assert over_sets[draw] == pytest.approx(set_alpha(again), **close)


def test_posts_that_repeat_with_the_number_of_groups_widen_no_interval():
    # Dealt in turn, a post and its double would land in one group and count as one twice as big.
    once = simulated(np.random.default_rng(6), posts=bootstrap.GROUPS, affects=1)
    posts = np.concatenate([once.posts, once.posts + bootstrap.GROUPS])
    twice = Judgements(posts, np.tile(once.raters, 2), np.tile(once.picks, 2), once.affects)

    wide, narrow = (
        np.diff(intervals(crowd, draws=400, rng=np.random.default_rng(1)).headline)
        for crowd in (once, twice)
    )

    assert narrow / wide == pytest.approx(1 / np.sqrt(2), rel=0.15)


def test_the_seed_decides_every_end():
    judgements = thinned(200)

    first, again, other = (
        intervals(judgements, draws=50, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )

    assert first.interrater.tolist() == again.interrater.tolist()
    assert first.set_alpha.tolist() == again.set_alpha.tolist()
    assert first.interrater.tolist() != other.interrater.tolist()


@pytest.mark.parametrize("others", [3, 7, 10, 11])
def test_a_constant_mean_of_the_others_stays_undefined_in_every_draw(others):
    # One of the others always picks it and the rest never do: means like 1/3, 1/7, 1/10, 1/11.
    crowd = {
        post: {0: {"calm"} if post % 2 else set()}
        | {rater: {"calm"} if rater == 1 else set() for rater in range(1, others + 1)}
        for post in range(50)
    }
    judgements = table(crowd)
    sample = Resample.of(judgements, draws=200, rng=np.random.default_rng(0))

    pearson, spearman = next(bootstrap._pearson(sample)), next(bootstrap._spearman(sample))

    rater_0 = judgements.rater_ids == 0
    assert np.isnan(pearson[:, rater_0]).all() and np.isnan(spearman[:, rater_0]).all()


def test_an_undefined_figure_has_no_interval():
    nobody_picked = {post: {1: set(), 2: set(), 3: {"calm"}} for post in range(5)}

    found = intervals(table(nobody_picked), draws=20, rng=np.random.default_rng(0))

    assert np.isnan(found.interrater).all() and np.isnan(found.alpha[1:]).all()
    assert np.isnan(found.headline).all()


def test_a_table_without_judgements_has_no_interval():
    found = intervals(table({}), draws=20, rng=np.random.default_rng(0))

    assert np.isnan([*found.headline, *found.set_alpha, *found.alpha.ravel()]).all()


def test_intervals_refuse_an_unknown_correlation():
    with pytest.raises(UnknownOption, match='"kendall" is no correlation: use pearson or spearman'):
        intervals(table({}), draws=5, rng=np.random.default_rng(0), correlation="kendall")


def test_intervals_cover_the_truth_as_often_as_they_say():
    # The seeds are fixed: 95 % of 200 crowds are 190; 183 to 197 is what chance allows.
    known = {"noise": np.linspace(0.1, 0.6, 12), "affects": 1}
    pool = simulated(np.random.default_rng(0), posts=200_000, **known)
    truth = (
        interrater(pool).headline,
        nominal_alpha(histograms(pool), pool.size)[0],
        set_alpha(pool),
    )

    covered = np.zeros(3, int)
    for seed in range(200):
        rng = np.random.default_rng(1000 + seed)
        found = intervals(simulated(rng, posts=200, **known), draws=300, rng=rng)
        ends = (found.headline, found.alpha[0], found.set_alpha)
        covered += [low <= value <= high for (low, high), value in zip(ends, truth, strict=True)]

    assert all(183 <= hits <= 197 for hits in covered), covered


@pytest.mark.parametrize(
    ("posts", "raters_per_post", "groups"),
    [
        (0, 2, 1),
        (30, 2, 30),  # a group for each post
        (3_000, 2, 1000),
        (5_000, 2, 838),  # 10,000 raters: 40,000 counts in each group
    ],
)
def test_groups_are_as_many_as_a_table_of_all_raters_allows(posts, raters_per_post, groups):
    rater = np.arange(posts * raters_per_post)
    judgements = Judgements(rater // raters_per_post, rater, rater % 2, ("calm",))

    assert bootstrap.how_many_groups(judgements) == groups
