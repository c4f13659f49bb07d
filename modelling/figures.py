"""A bundle's metrics as the rows of a table: the model beside both baselines, task by task."""

MODEL, LINEAR, PREVALENCE = "two_tower", "linear", "prevalence"


def by_task(metrics: dict) -> list[dict]:
    """One dict a kind of row: its `name` and `rows`, the rows with most test positives first."""
    return [
        {"name": name, "rows": sorted(_rows(tables), key=lambda row: -row["positives"])}
        for name, tables in metrics.get("test", {}).items()
    ]


def macro(metrics: dict) -> list[dict]:
    """One dict a kind of row and predictor: the means over the tasks with enough positives."""
    return [
        {"kind": kind, "predictor": predictor, **table["macro"]}
        for kind, tables in metrics.get("test", {}).items()
        for predictor, table in tables.items()
    ]


def headline(metrics: dict) -> float | None:
    """The model's mean average precision on the first kind of row that has one."""
    means = (tables[MODEL]["macro"] for tables in metrics.get("test", {}).values())
    return next((mean["average_precision"] for mean in means if mean["average_precision"]), None)


def _rows(tables: dict) -> list[dict]:
    linear = tables.get(LINEAR, {}).get("tasks", {})
    return [
        {
            "task": task,
            **{name: figures[name] for name in ("positives", "negatives", "prevalence")},
            "averaged": figures["averaged"],
            "model": figures,
            "linear": linear.get(task, {}),
        }
        for task, figures in tables[MODEL]["tasks"].items()
    ]
