import krippendorff
import numpy as np
import pytest
from hypothesis import given
from nltk.metrics import masi_distance
from nltk.metrics.agreement import AnnotationTask

from agreement.alpha import nominal_alpha, ordinal_alpha, set_alpha
from agreement.support import histograms
from agreement.table import OTHER, Judgements
from tests.agreement import plain, real_data
from tests.agreement.crowds import AFFECTS, crowds, simulated, table


def per_option(judgements):
    return nominal_alpha(histograms(judgements), judgements.size)


@given(crowds())
def test_alpha_per_affect_equals_the_definition_read_aloud(crowd):
    judgements = table(crowd)

    expected = [plain.nominal_alpha(crowd, option) for option in judgements.options]

    assert per_option(judgements) == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(crowds())
def test_set_alpha_equals_the_definition_read_aloud(crowd):
    assert set_alpha(table(crowd)) == pytest.approx(plain.set_alpha(crowd), abs=1e-9, nan_ok=True)


def ragged(seed):
    """A simulated crowd without a tenth of its judgements."""
    rng = np.random.default_rng(seed)
    whole = simulated(rng, posts=200)
    kept = rng.random(len(whole.posts)) < 0.9
    return Judgements(whole.posts[kept], whole.raters[kept], whole.picks[kept], whole.affects)


def matrix(judgements, affect):
    """Raters × posts, as the `krippendorff` package wants it."""
    cells = np.full((judgements.raters.max() + 1, judgements.posts.max() + 1), np.nan)
    cells[judgements.raters, judgements.posts] = (judgements.picks >> affect) & 1
    return cells


@pytest.mark.parametrize("seed", range(3))
def test_alpha_per_affect_equals_the_krippendorff_package_on_the_full_matrix(seed):
    judgements = ragged(seed)

    expected = [
        krippendorff.alpha(matrix(judgements, affect), level_of_measurement="nominal")
        for affect in range(len(judgements.affects))
    ]

    assert per_option(judgements) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_set_alpha_equals_nltks_with_masi_distance(seed):
    judgements = ragged(seed)
    # nltk divides by zero between two empty sets; a pick that stands for "none" keeps them apart
    # from all the others just as well.
    rows = [
        (rater, post, frozenset(a for a in range(3) if picks >> a & 1) or frozenset({"none"}))
        for post, rater, picks in zip(
            judgements.posts, judgements.raters, judgements.picks, strict=True
        )
    ]

    expected = AnnotationTask(data=rows, distance=masi_distance).alpha()

    assert set_alpha(judgements) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "picks",
    [
        [0b00, 0b00],  # nobody ever picked it
        [0b01, 0b01],  # everybody always did
    ],
)
def test_alpha_is_undefined_without_variation(picks):
    judgements = Judgements.of([(1, 1, picks[0]), (1, 2, picks[1])], ("calm",))

    assert np.isnan([*per_option(judgements), set_alpha(judgements)]).all()


def test_alpha_of_no_judgements_is_undefined():
    assert np.isnan(set_alpha(Judgements.of([], ("calm",))))


def test_weighted_alpha_has_no_unit_and_estimates_the_pool():
    # Posts with much disagreement were drawn four times as often; 1 / propensity undoes it.
    rng = np.random.default_rng(1)
    easy = simulated(rng, posts=6_000, noise=0.1)
    hard = simulated(rng, posts=6_000, noise=0.8)
    pool = Judgements(
        np.concatenate([easy.posts, hard.posts + 10_000]),
        np.concatenate([easy.raters, hard.raters]),
        np.concatenate([easy.picks, hard.picks]),
        easy.affects,
    )
    drawn = (pool.posts >= 10_000) | (pool.posts < 1_500)
    columns = (pool.posts[drawn], pool.raters[drawn], pool.picks[drawn], pool.affects)
    weights = np.where(columns[0] >= 10_000, 1.0, 4.0)

    routed, weighted = Judgements(*columns), Judgements(*columns, weights)
    rescaled = Judgements(*columns, weights * 2.5)

    assert per_option(weighted) == pytest.approx(per_option(pool), abs=0.02)
    assert set_alpha(weighted) == pytest.approx(set_alpha(pool), abs=0.02)
    assert per_option(routed) == pytest.approx(per_option(pool) - 0.2, abs=0.1)
    assert per_option(rescaled) == pytest.approx(per_option(weighted), abs=1e-12)
    assert set_alpha(rescaled) == pytest.approx(set_alpha(weighted), abs=1e-12)


def ordinal(crowd, grades):
    """By the `krippendorff` package, on posts × grades."""
    counts = [
        [sum(grade in picks for picks in answers.values()) for grade in grades]
        for answers in crowd.values()
    ]
    counts = np.array([row for row in counts if sum(row) > 1])
    return krippendorff.alpha(
        value_counts=counts, value_domain=range(len(grades)), level_of_measurement="ordinal"
    )


@pytest.mark.parametrize("seed", range(3))
def test_ordinal_alpha_equals_the_krippendorff_package(seed):
    rng = np.random.default_rng(seed)
    crowd = {
        post: {
            rater: {AFFECTS[grade]}
            for rater, grade in enumerate(rng.integers(post % 3, 4, size=rng.integers(1, 6)))
        }
        for post in range(40)
    }
    # Neither grades anything:
    crowd[0] |= {8: {"calm", "glad"}, 9: {OTHER}}
    graded = {post: {r: p for r, p in crowd[post].items() if r < 8} for post in crowd}

    assert ordinal_alpha(table(crowd)) == pytest.approx(ordinal(graded, AFFECTS), abs=1e-9)


@real_data.needs("popquorn")
def test_ordinal_and_nominal_alpha_on_popquorn():
    crowd, grades = real_data.popquorn()
    judgements = table(crowd, grades, {grade: bit for bit, grade in enumerate(grades)})

    assert (len(crowd), judgements.size) == (1_500, 13_036)
    assert ordinal_alpha(judgements) == pytest.approx(ordinal(crowd, grades), abs=1e-9)
    expected = [plain.nominal_alpha(crowd, grade) for grade in grades]
    assert per_option(judgements) == pytest.approx(expected, abs=1e-9)


def test_ordinal_alpha_without_variation_is_undefined():
    assert np.isnan(ordinal_alpha(table({1: {1: {"glad"}, 2: {"glad"}}})))
