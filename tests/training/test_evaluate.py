"""Figures against numbers worked by hand, and against scikit-learn."""

import json

import numpy as np
import pytest
from sklearn import metrics

from training.baselines import linear, prevalence
from training.evaluate import (
    average,
    best_threshold,
    calibration_error,
    make_table,
    mean_average_precision,
    measure,
    task_figures,
)
from training.rows import NOBODY, Rows

LABEL = np.array([True, False, True, False, False])
CHANCE = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
ONES = np.ones(5)


def figures(label=LABEL, chance=CHANCE, weight=None, threshold=0.7):
    return task_figures(label, chance, ONES if weight is None else weight, threshold=threshold)


def make_rows(label_RT, known_RT=None, weight_RT=None):
    target = np.array(label_RT, np.float32)
    known = np.ones_like(target, bool) if known_RT is None else np.array(known_RT)
    weight = np.ones_like(target) if weight_RT is None else np.array(weight_RT, np.float32)
    return Rows(np.arange(len(target)), np.full(len(target), NOBODY), known, target, weight)


def test_figures_worked_by_hand():
    result = figures()

    assert result == {
        "positives": 2,
        "negatives": 3,
        "averaged": False,
        "prevalence": pytest.approx(2 / 5),
        # of the 2 x 3 pairs only (0.7, 0.8) is in the wrong order
        "roc_auc": pytest.approx(5 / 6),
        # precision 1 at the first positive, 2/3 at the second
        "average_precision": pytest.approx((1 + 2 / 3) / 2),
        # both positives and one negative are at 0.7 or above
        "f1": pytest.approx(2 * 2 / (2 * 2 + 1)),
        "threshold": 0.7,
        "brier": pytest.approx((0.01 + 0.64 + 0.09 + 0.04 + 0.01) / 5),
        # five predictions, each in a bin of its own
        "ece": pytest.approx((0.1 + 0.8 + 0.3 + 0.2 + 0.1) / 5),
        "hits": (2.0, 1.0, 0.0),
    }


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    label, weight = rng.random(300) < 0.3, rng.uniform(0.5, 4, 300)
    chance = np.round(np.clip(0.3 * label + rng.normal(0.4, 0.2, 300), 0, 1), 2)

    result = figures(label, chance, weight, threshold=0.5)

    options = {"sample_weight": weight}
    assert result["roc_auc"] == pytest.approx(metrics.roc_auc_score(label, chance, **options))
    assert result["average_precision"] == pytest.approx(
        metrics.average_precision_score(label, chance, **options)
    )
    assert result["f1"] == pytest.approx(metrics.f1_score(label, chance >= 0.5, **options))
    assert result["brier"] == pytest.approx(metrics.brier_score_loss(label, chance, **options))


def test_a_weight_of_two_is_a_row_twice():
    twice = np.array([0, 1, 1, 2, 3, 4])
    doubled = task_figures(LABEL[twice], CHANCE[twice], np.ones(6), threshold=0.7)

    weighted = figures(weight=np.array([1.0, 2, 1, 1, 1]))

    for name in ("prevalence", "roc_auc", "average_precision", "f1", "brier"):
        assert weighted[name] == pytest.approx(doubled[name]), name


@pytest.mark.parametrize("label", [np.zeros(5, bool), np.ones(5, bool)])
def test_with_one_class_ranking_is_undefined(label):
    result = figures(label)

    undefined = {name for name, value in result.items() if value is None}
    assert undefined == {"roc_auc", "average_precision", "f1"}


def test_without_a_threshold_there_is_no_f1():
    result = figures(threshold=None)

    assert (result["f1"], result["hits"]) == (None, None)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (LABEL, 0.7),
        ([True, False, False, False, False], 0.9),
        ([False, False, False, False, True], 0.1),
        ([False] * 5, None),
    ],
)
def test_the_threshold_has_the_highest_f1(label, expected):
    assert best_threshold(np.array(label), CHANCE, ONES) == expected


@pytest.mark.parametrize("seed", range(3))
def test_no_other_threshold_is_better(seed):
    rng = np.random.default_rng(seed)
    label, chance = rng.random(60) < 0.4, np.round(rng.random(60), 1)

    best = best_threshold(label, chance, np.ones(60))

    scores = [metrics.f1_score(label, chance >= threshold) for threshold in np.unique(chance)]
    assert metrics.f1_score(label, chance >= best) == pytest.approx(max(scores))


def test_a_constant_is_off_by_its_distance_from_the_prevalence():
    label = np.arange(100) < 30

    assert calibration_error(label, np.full(100, 0.5), np.ones(100)) == pytest.approx(0.2)


def test_bins_of_the_calibration_error_hold_equal_shares():
    # 15 levels of 20 predictions each, every level 0.02 too high
    level = np.repeat(np.linspace(0.1, 0.8, 15), 20)
    label = np.tile(np.arange(20), 15) < np.round(20 * (level - 0.02))
    expected = np.mean([abs(p - label[level == p].mean()) for p in np.unique(level)])

    assert calibration_error(label, level, np.ones(300)) == pytest.approx(expected)


def test_unknown_cells_have_no_say():
    rows = make_rows([[1, 1], [0, 1], [1, 0], [0, 0], [0, 1]], known_RT=[[True, False]] * 5)

    table = make_table(rows, np.stack([CHANCE, CHANCE], axis=1), [0.7, 0.7], ["a", "b"])

    assert table["tasks"] == {"a": figures()}


def test_a_task_with_few_positives_is_shown_but_not_averaged():
    good, rare = (
        task_figures(np.arange(200) < n, np.linspace(1, 0, 200), np.ones(200), threshold=0.5)
        for n in (100, 29)
    )

    macro = average([good, rare])

    assert macro["tasks"] == 1
    assert macro["average_precision"] == good["average_precision"] == 1
    assert rare["averaged"] is False


def test_micro_f1_pools_decisions_and_macro_f1_averages_tasks():
    half = np.arange(80) < 40
    perfect = task_figures(half, half.astype(float), np.ones(80), threshold=0.5)
    eager = task_figures(half, np.ones(80), np.ones(80), threshold=0.5)

    macro = average([perfect, eager])

    assert macro["f1"] == pytest.approx((1 + 2 / 3) / 2)
    assert macro["micro_f1"] == pytest.approx(2 * 80 / (2 * 80 + 40))


def test_with_nothing_to_average_the_means_are_undefined():
    assert set(average([]).values()) == {0, None}


def test_epochs_are_compared_over_tasks_that_have_both_classes():
    rows = make_rows([[1, 0], [0, 0], [1, 0], [0, 0], [0, 0]])

    assert mean_average_precision(rows, np.stack([CHANCE, CHANCE], axis=1)) == pytest.approx(5 / 6)


TEXTS = ["red kite", "red kite", "red barn", "blue kite", "blue barn", "blue barn"] * 10
RED = make_rows([[text.startswith("red"), True] for text in TEXTS])
TRUTH = {split: {"posts": RED, "people": RED.take([])} for split in ("train", "validation", "test")}


def test_the_prevalence_baseline_knows_shares_only():
    weighted = make_rows([[1, 0], [0, 0]], weight_RT=[[3, 1], [1, 1]])

    assert prevalence({"posts": weighted})("posts", RED)[:2].tolist() == [[0.75, 0], [0.75, 0]]


def test_the_linear_baseline_reads_the_words():
    tables = measure(linear(TRUTH["train"], TEXTS), TRUTH, ["red", "always"])

    assert list(tables) == ["posts"]
    assert tables["posts"]["tasks"]["red"]["roc_auc"] == 1
    assert tables["posts"]["tasks"]["always"]["brier"] == pytest.approx(0, abs=1e-6)


def test_figures_of_routed_rows_come_with_those_as_judged():
    weights = np.where([[text.startswith("red")] * 2 for text in TEXTS], 1.0, 4.0)
    routed = make_rows(RED.target_RT, weight_RT=weights)
    truth = {split: {"posts": routed} for split in ("train", "validation", "test")}

    table = measure(prevalence(truth["train"]), truth, ["red", "always"])["posts"]

    assert table["tasks"]["red"]["prevalence"] == pytest.approx(0.2)
    assert table["as_judged"]["tasks"]["red"]["prevalence"] == pytest.approx(0.5)
    assert "as_judged" not in measure(prevalence(TRUTH["train"]), TRUTH, ["red", "always"])["posts"]


def test_the_prevalence_baseline_ranks_by_chance():
    red = measure(prevalence(TRUTH["train"]), TRUTH, ["red", "always"])["posts"]["tasks"]["red"]

    assert (red["roc_auc"], red["average_precision"], red["ece"]) == (0.5, 0.5, 0)


@pytest.mark.parametrize("label", [np.zeros(5, bool), np.ones(5, bool), LABEL])
def test_figures_can_be_written_as_json(label):
    written = json.dumps(figures(label=label))

    assert json.loads(written)["positives"] == label.sum()
