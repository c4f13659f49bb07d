"""A report's tables as CSV. They hold numbers and the taxonomy's keys, which start no formula."""

import csv
from io import StringIO

from agreement import figures as tables

PLAIN = ("interrater", "raters", "undefined", "alpha", "support", "prevalence")
ENDS = ("interrater_low", "interrater_high", "alpha_low", "alpha_high")


def affects_csv(figures: dict) -> str:
    """One row an affect; undefined figures are empty."""
    counts = [f"votes_{k}" for k in tables.vote_counts(figures)]
    rows = [
        [row["key"], *(row[name] for name in PLAIN), *_ends(row), *row["votes"]]
        for row in tables.affect_rows(figures)
    ]
    return _written([["affect", *PLAIN, *ENDS, *counts], *rows])


def co_occurrence_csv(figures: dict) -> str:
    """One row a pair of affects, in both orders: its correlations and counts."""
    found = figures["co_occurrence"]
    kinds = ("post_means", "judgements", "counts", "conditional")
    rows = [
        [a, b, *(found[kind][i][j] for kind in kinds)]
        for i, a in enumerate(found["order"])
        for j, b in enumerate(found["order"])
    ]
    return _written([["affect", "with", *kinds], *rows])


#: What can be downloaded, by the name in its address.
TABLES = {"affects": affects_csv, "co-occurrence": co_occurrence_csv}


def _ends(row: dict) -> list[float | None]:
    nothing = [None, None]
    return [*(row["interrater_interval"] or nothing), *(row["alpha_interval"] or nothing)]


def _written(rows: list[list]) -> str:
    file = StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()
