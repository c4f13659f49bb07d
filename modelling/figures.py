"""A bundle's metrics as the rows of a table: the model beside both baselines, task by task."""

MODEL, LINEAR, PREVALENCE = "two_tower", "linear", "prevalence"


def by_task(metrics: dict) -> list[dict]:
    """One dict a kind of row: its `name` and `rows`, the rows with most test positives first."""
    return [
        {"name": name, "rows": sorted(_rows(tables), key=lambda row: -row["positives"])}
        for name, tables in metrics.get("test", {}).items()
    ]


def macro(metrics: dict) -> list[dict]:
    """One dict a kind of row and predictor: the means over the tasks with enough positives, and the
    same `as_judged` where routing chose the posts, so that the figures themselves are corrected.

    Kinds of which no task has enough are left out, and the model comes before the baselines.
    """
    return [
        {
            "kind": kind,
            "predictor": predictor,
            **tables[predictor]["macro"],
            "as_judged": tables[predictor].get("as_judged", {}).get("macro"),
        }
        for kind, tables in metrics.get("test", {}).items()
        for predictor in (MODEL, LINEAR, PREVALENCE)
        if predictor in tables and tables[predictor]["macro"]["tasks"]
    ]


def _rows(tables: dict) -> list[dict]:
    linear = tables.get(LINEAR, {}).get("tasks", {})
    as_judged = tables[MODEL].get("as_judged", {}).get("tasks", {})
    return [
        {
            "task": task,
            **{name: figures[name] for name in ("positives", "negatives", "prevalence")},
            "averaged": figures["averaged"],
            "model": figures,
            "linear": linear.get(task, {}),
            "as_judged": as_judged.get(task),
        }
        for task, figures in tables[MODEL]["tasks"].items()
    ]
