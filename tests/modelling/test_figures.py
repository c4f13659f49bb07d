"""Metrics as tables: the model first, nothing averaged that rests on too little."""

from modelling import figures


def table(tasks: int, average_precision: float | None) -> dict:
    return {"tasks": {}, "macro": {"tasks": tasks, "average_precision": average_precision}}


def test_the_model_comes_before_the_baselines_in_whatever_order_they_are_stored():
    metrics = {"test": {"posts": {"linear": table(3, 0.5), "two_tower": table(3, 0.6)}}}

    assert [(row["predictor"], row["average_precision"]) for row in figures.macro(metrics)] == [
        ("two_tower", 0.6),
        ("linear", 0.5),
    ]


def test_rows_without_a_task_to_average_are_left_out():
    metrics = {"test": {"people": {"two_tower": table(0, None)}}}

    assert figures.macro(metrics) == []
