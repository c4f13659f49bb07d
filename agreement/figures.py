"""A report's figures as the rows of tables, for pages, for CSV and for the terminal."""

from itertools import combinations

#: As many columns 1x, 2x, … as a table shows; a report holds them all.
MOST_VOTES = 5
#: A heat map's colours reach their end at a correlation of 0.5.
HEAT_STEPS, MOST_HEAT = 20, 10
OVER = ("post_means", "judgements")
#: Of a long list so many are shown, the others by a click; a few more than that are shown, too.
SEEN, FEW_MORE = 8, 2
#: What is laid side by side of each affect.
OF_AFFECT = {
    "interrater": "Interrater correlation",
    "alpha": "Alpha",
    "prevalence": "Share of judgements",
}


def affect_rows(figures: dict, names: dict[str, str] | None = None) -> list[dict]:
    """One dict an affect, in taxonomy order: its key, name, intervals and figures."""
    nothing = {"interrater_interval": None, "alpha_interval": None}
    return [
        {"key": key, "name": (names or {}).get(key, key), **nothing, **row}
        for key, row in figures["affects"].items()
    ]


def corrected_rows(figures: dict, names: dict[str, str] | None = None) -> list[dict]:
    """One dict an affect: its name, its figures `raw`, and the same `corrected`. Empty where the
    posts were not chosen by a draw, so that there is nothing to correct."""
    weighted = figures.get("corrected")
    if not weighted:
        return []
    pairs = zip(affect_rows(figures, names), affect_rows(weighted, names), strict=True)
    return [{"name": raw["name"], "raw": raw, "corrected": row} for raw, row in pairs]


def compared_parts(beside: dict, names: dict[str, str]) -> list[dict]:
    """One dict a figure that affects have: its name, the affects that are `seen` at once, and the
    `rest`, each with its name and the figure as `differences.between` has it.

    First come differences whose interval leaves 0 out, then larger ones before smaller ones; at the
    end affects for which there is none.
    """
    return [
        {"name": said, **first(sorted(_of_affects(beside, figure, names), key=_by_difference))}
        for figure, said in OF_AFFECT.items()
    ]


def first(rows: list) -> dict[str, list]:
    """The rows that are `seen` at once, and the `rest`, if it is worth a click.

    >>> [len(part) for part in first(list(range(15))).values()]
    [8, 7]
    >>> [len(part) for part in first(list(range(10))).values()]
    [10, 0]
    """
    most = SEEN if len(rows) > SEEN + FEW_MORE else len(rows)
    return {"seen": rows[:most], "rest": rows[most:]}


def _of_affects(beside: dict, figure: str, names: dict[str, str]) -> list[dict]:
    rows = beside["affects"].items()
    return [{"name": names.get(key, key), **row[figure]} for key, row in rows]


def _by_difference(row: dict) -> tuple[bool, bool, float]:
    low, high = row["interval"] or (0, 0)
    is_sure = low > 0 or high < 0
    return row["difference"] is None, not is_sure, -abs(row["difference"] or 0)


def vote_counts(figures: dict) -> list[int]:
    """The k of the columns 1x … kx."""
    longest = max(len(row["votes"]) for row in figures["affects"].values())
    return list(range(1, longest + 1))


def heat_map(figures: dict, over: str, names: dict[str, str] | None = None) -> list[dict]:
    """One dict an affect: its name and its `cells`, each with `value`, `heat` and `itself`."""
    found = figures["co_occurrence"]
    return [
        {
            "name": (names or {}).get(key, key),
            "cells": [
                {"value": value, "heat": heat(value), "itself": row == column}
                for column, value in enumerate(found[over][row])
            ],
        }
        for row, key in enumerate(found["order"])
    ]


def heat(value: float | None) -> int | None:
    """A correlation in the steps in which the stylesheet colours it, from -10 to 10.

    >>> heat(0.35), heat(-0.8), heat(None)
    (7, -10, None)
    """
    if value is None:
        return None
    return max(-MOST_HEAT, min(MOST_HEAT, round(value * HEAT_STEPS)))


def strongest_pairs(figures: dict, most: int = 10) -> list[tuple[str, str, float]]:
    """The affects that come together, or avoid each other, most: over the means of posts."""
    order, values = (figures["co_occurrence"][name] for name in ("order", "post_means"))
    pairs = [
        (order[a], order[b], values[a][b])
        for a, b in combinations(range(len(order)), 2)
        if values[a][b] is not None
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))[:most]


def readings(found: dict, names: dict[str, str], texts: dict[str, str]) -> dict:
    """The readings as a page shows them: affects by name, posts with how they begin.

    A post that is gone since is shown by its own id.
    """

    def said(row: dict) -> str:
        return texts.get(row["post"], row["post"])

    affects = [names.get(key, key) for key in found["affects"]]
    return {
        **found,
        "affects": affects,
        "rules": list(found["positives"]),
        "positives": list(
            zip(affects, zip(*found["positives"].values(), strict=True), strict=True)
        ),
        "differences": [{**row, "all": sum(row["posts"])} for row in found["differences"]],
        "disputed": [
            {**row, "affect": names.get(row["affect"], row["affect"]), "text": said(row)}
            for row in found["disputed"]
        ],
        "split": [{**row, "text": said(row)} for row in found["split"]],
    }
