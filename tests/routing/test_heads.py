"""Heads rank by words, keep quiet about what they can't know, and are calibrated on the pool."""

import numpy as np
import pytest

from routing import heads

TEXTS = ["so funny", "funny joke", "sad news", "very sad", "office hours", "price list"]
FUNNY = np.array([1, 1, 0, 0, 0, 0], bool)
ONES = np.ones(6)


def learn(*labels: np.ndarray, weights: np.ndarray = ONES):
    affects = ("entertained", "saddened")[: len(labels)]
    return heads.learn(TEXTS, np.column_stack(labels), weights, affects, np.random.default_rng(1))


def test_a_head_ranks_by_the_words_it_learnt():
    found, _ = learn(FUNNY)

    funny, plain = found.logits(["a funny cat", "the price of bread"])[:, 0]
    assert funny > plain


def test_rare_words_are_heavier_and_scoring_needs_no_table_of_them():
    """What the coefficients say of a text is what the model says of its weighted features."""
    from sklearn.linear_model import LogisticRegression

    found, _ = learn(FUNNY)
    rows = heads.hashed(TEXTS)[:, found.features]
    weighted = rows.multiply(heads._rarity(rows)).tocsr()
    model = LogisticRegression(
        C=heads.C, class_weight="balanced", solver="liblinear", dual=True, tol=1e-6
    ).fit(weighted, FUNNY)

    expected = model.decision_function(weighted)
    assert found.logits(TEXTS)[:, 0].tolist() == pytest.approx(expected.tolist(), abs=0.3)
    assert heads._rarity(rows).max() > heads._rarity(rows).min() >= 1


def test_an_affect_with_one_kind_of_posts_is_skipped_and_says_so():
    found, reports = learn(FUNNY, np.zeros(6, bool))

    assert found.affects == ("entertained",)
    assert reports[1].as_json() == {
        "affect": "saddened",
        "positives": 0,
        "negatives": 6,
        "prevalence": 0.0,
        "trained": False,
        "intercept": None,
    }


def test_without_a_judged_post_there_is_no_head():
    found, reports = heads.learn(
        [], np.zeros((0, 1), bool), np.zeros(0), ["entertained"], np.random.default_rng(1)
    )

    assert found.affects == () and reports[0].prevalence == 0.0


def test_what_routing_sought_out_counts_for_less_in_the_prevalence():
    _, (report,) = learn(FUNNY, weights=np.array([1, 1, 9, 9, 9, 9]))

    assert report.prevalence == pytest.approx(2 / 38)


def test_scores_have_the_weighted_prevalence_on_average_over_the_pool():
    logits = np.random.default_rng(3).normal(-8, 2, size=(5000, 2))

    offsets = heads.calibration(logits, np.array([0.002, 0.3]))

    means = heads.probability(logits + offsets).mean(axis=0)
    assert means.tolist() == pytest.approx([0.002, 0.3], rel=1e-6)


def test_the_same_seed_learns_the_same_heads():
    first, again = learn(FUNNY)[0], learn(FUNNY)[0]

    assert (first.coefficients == again.coefficients).all()
    assert (first.intercepts == again.intercepts).all()


def test_saved_heads_score_as_before(tmp_path):
    found = learn(FUNNY, np.array([0, 0, 1, 1, 0, 0], bool))[0].raised(np.array([0.5, -1.0]))

    found.save(tmp_path / "routing" / "heads.safetensors")
    again = heads.load(tmp_path / "routing" / "heads.safetensors")

    assert again.affects == found.affects
    assert (again.logits(TEXTS) == found.logits(TEXTS)).all()
    assert [path.name for path in (tmp_path / "routing").iterdir()] == ["heads.safetensors"]


def test_emoji_are_words_too():
    texts = ["oh 😂", "well 😂", "oh", "well"]
    labels = np.array([[1], [1], [0], [0]], bool)

    found, _ = heads.learn(texts, labels, np.ones(4), ["entertained"], np.random.default_rng(1))

    laughing, not_laughing = found.logits(["what 😂", "what"])[:, 0]
    assert laughing > not_laughing


def test_words_and_pairs_are_hashed_as_scikit_learn_would():
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = ["So FUNNY, isn't it?", "", "a", "Straße in İzmir 😀 #tag", "x y z x y z"]
    hashing = {**heads.HASHING, "ngram_range": tuple(heads.HASHING["ngram_range"])}

    theirs = HashingVectorizer(**hashing, dtype=np.float32).transform(texts)

    assert (heads.hashed(texts) != theirs).nnz == 0
