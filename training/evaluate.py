"""Figures of predictions against labels, per task and averaged. What is undefined is None.

Every row weighs what its post stands for, so a routed campaign still estimates its pool; where the
weights differ, the same figures as judged stand beside them. Axes: R rows, T tasks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from training.rows import Rows

#: a kind of row, and rows of it, to probabilities (R, T)
Predictor = Callable[[str, Rows], np.ndarray]
#: a task with fewer test positives is printed, but too uncertain to be averaged
FEWEST_POSITIVES = 30
BINS = 15
AVERAGED = ("roc_auc", "average_precision", "prevalence", "f1", "brier", "ece")


def measure(
    predict: Predictor, truth: Mapping[str, Mapping[str, Rows]], keys: Sequence[str]
) -> dict[str, dict]:
    """One table of test figures per kind of row; thresholds come from the validation split. Where
    routing chose the posts, `as_judged` in a table has the figures without weights.

    `keys` are the tasks' names, in the order of the columns. Kinds without test rows are left out.
    """
    tables = {}
    for kind, test in truth["test"].items():
        if len(test):
            validation = truth["validation"][kind]
            thresholds = best_thresholds(validation, predict(kind, validation))
            tables[kind] = _both_tables(test, predict(kind, test), thresholds, keys)
    return tables


def _both_tables(
    rows: Rows, chance_RT: np.ndarray, thresholds: Sequence[float | None], keys: Sequence[str]
) -> dict:
    table = make_table(rows, chance_RT, thresholds, keys)
    weight_R = rows.weight_RT[rows.known_RT]
    if (weight_R == weight_R[:1]).all():
        return table
    alike = replace(rows, weight_RT=np.ones_like(rows.weight_RT))
    return table | {"as_judged": make_table(alike, chance_RT, thresholds, keys)}


def make_table(
    rows: Rows, chance_RT: np.ndarray, thresholds: Sequence[float | None], keys: Sequence[str]
) -> dict:
    """`{"tasks": {key: figures}, "macro": {...}}` of predicted probabilities `chance_RT`."""
    columns = [known_cells(rows, chance_RT, task) for task in range(len(keys))]
    tasks = {
        key: task_figures(*column, threshold=threshold)
        for key, column, threshold in zip(keys, columns, thresholds, strict=True)
        if len(column[0])
    }
    return {"tasks": tasks, "macro": average(tasks.values())}


def known_cells(rows: Rows, chance_RT: np.ndarray, task: int) -> tuple[np.ndarray, ...]:
    """Labels (bool), predictions and weights of the cells that are known."""
    known = rows.known_RT[:, task]
    label = rows.target_RT[known, task] >= 0.5
    weight = rows.weight_RT[known, task].astype(float)
    return label, chance_RT[known, task].astype(float), weight


def task_figures(
    label: np.ndarray, chance: np.ndarray, weight: np.ndarray, *, threshold: float | None
) -> dict:
    """All figures of one task. Prevalence is the chance level of average precision."""
    positives = int(label.sum())
    both = 0 < positives < len(label)
    picked = None if threshold is None else chance >= threshold
    return {
        "positives": positives,
        "negatives": len(label) - positives,
        "averaged": both and positives >= FEWEST_POSITIVES,
        "prevalence": float(np.average(label, weights=weight)),
        "roc_auc": float(roc_auc_score(label, chance, sample_weight=weight)) if both else None,
        "average_precision": average_precision(label, chance, weight) if both else None,
        "f1": f1(*hits(label, picked, weight)) if both and picked is not None else None,
        "threshold": threshold,
        "brier": float(np.average((chance - label) ** 2, weights=weight)),
        "ece": calibration_error(label, chance, weight),
        "hits": hits(label, picked, weight) if picked is not None else None,
    }


def average_precision(label: np.ndarray, chance: np.ndarray, weight: np.ndarray) -> float:
    """Mean precision over the recall steps; equals prevalence for a predictor without any idea."""
    return float(average_precision_score(label, chance, sample_weight=weight))


def hits(label: np.ndarray, picked: np.ndarray, weight: np.ndarray) -> tuple[float, float, float]:
    """Weights of the true positives, the false positives and the false negatives."""
    return tuple(
        float(weight[cells].sum()) for cells in (label & picked, ~label & picked, label & ~picked)
    )


def f1(true_positive: float, false_positive: float, false_negative: float) -> float:
    """2 TP / (2 TP + FP + FN); there must be a positive label."""
    return 2 * true_positive / (2 * true_positive + false_positive + false_negative)


def best_thresholds(rows: Rows, chance_RT: np.ndarray) -> list[float | None]:
    """Per task, the threshold of the highest F1; None where no positive tells."""
    return [best_threshold(*known_cells(rows, chance_RT, t)) for t in range(chance_RT.shape[1])]


def best_threshold(label: np.ndarray, chance: np.ndarray, weight: np.ndarray) -> float | None:
    """The lowest of the thresholds (`chance >= threshold`) with the highest F1."""
    if not label.any():
        return None
    precision, recall, thresholds = precision_recall_curve(label, chance, sample_weight=weight)
    scores = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[np.argmax(scores[:-1])])


def calibration_error(label: np.ndarray, chance: np.ndarray, weight: np.ndarray) -> float:
    """Expected calibration error: |mean prediction - share of positives|, averaged over 15 bins.

    Bins hold equally many predictions; equal predictions never part, so a constant has one bin.
    """
    edges = np.quantile(chance, np.linspace(0, 1, BINS + 1)[1:-1])
    place = np.searchsorted(edges, chance, side="right")
    gaps = np.bincount(place, weights=weight * (chance - label))
    return float(np.abs(gaps).sum() / weight.sum())


def average(tables: Iterable[Mapping]) -> dict:
    """Means over the tasks with enough positives, and F1 of their pooled decisions."""
    enough = [figures for figures in tables if figures["averaged"]]
    means = {name: mean_of(figures[name] for figures in enough) for name in AVERAGED}
    pooled = [figures["hits"] for figures in enough if figures["hits"]]
    micro = f1(*map(sum, zip(*pooled, strict=True))) if pooled else None
    return {"tasks": len(enough), **means, "micro_f1": micro}


def mean_of(values: Iterable[float | None]) -> float | None:
    """The mean of what is defined; None if nothing is."""
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else None


def mean_average_precision(rows: Rows, chance_RT: np.ndarray) -> float | None:
    """Average precision over all tasks with both kinds of cells; picks the best epoch."""
    columns = [known_cells(rows, chance_RT, task) for task in range(chance_RT.shape[1])]
    return mean_of(
        average_precision(*column) for column in columns if 0 < column[0].sum() < len(column[0])
    )
