"""A report's tables as CSV. They hold numbers and the taxonomy's keys, which start no formula."""

import csv
from io import StringIO

from agreement import figures as tables
from lib.spreadsheets import harmless

CORRECTED = ("interrater", "alpha", "support", "prevalence")
PLAIN = ("interrater", "raters", "undefined", "alpha", "support", "prevalence")
PAIRS = ("post_means", "judgements", "counts", "conditional")
ENDS = ("interrater_low", "interrater_high", "alpha_low", "alpha_high")


def affects_csv(figures: dict) -> str:
    """One row an affect; undefined figures are empty. So are corrected ones where the posts were
    not chosen by a draw."""
    counts = [f"votes_{k}" for k in tables.vote_counts(figures)]
    corrected = (figures.get("corrected") or {}).get("affects", {})
    rows = [
        [
            row["key"],
            *(row[name] for name in PLAIN),
            *_ends(row),
            *row["votes"],
            *(corrected.get(row["key"], {}).get(name) for name in CORRECTED),
        ]
        for row in tables.affect_rows(figures)
    ]
    names = [f"corrected_{name}" for name in CORRECTED]
    return _written([["affect", *PLAIN, *ENDS, *counts, *names], *rows])


def support_csv(figures: dict) -> str:
    """One row an affect: its support, and the same corrected, or nothing."""
    corrected = (figures.get("corrected") or {}).get("affects", {})
    rows = [
        [row["key"], row["support"], corrected.get(row["key"], {}).get("support")]
        for row in tables.affect_rows(figures)
    ]
    return _written([["affect", "support", "corrected_support"], *rows])


def votes_csv(figures: dict) -> str:
    """One row an affect: the posts on which at least 1, 2, … raters picked it."""
    counts = [f"votes_{k}" for k in tables.vote_counts(figures)]
    rows = [[row["key"], *row["votes"]] for row in tables.affect_rows(figures)]
    return _written([["affect", *counts], *rows])


def co_occurrence_csv(figures: dict) -> str:
    """One row a pair of affects, in both orders: its correlations and counts, and the same
    corrected, or nothing where there is nothing to correct."""
    found = figures["co_occurrence"]
    corrected = (figures.get("corrected") or {}).get("co_occurrence")
    rows = [
        [a, b, *_of_pair(found, i, j), *_of_pair(corrected, i, j)]
        for i, a in enumerate(found["order"])
        for j, b in enumerate(found["order"])
    ]
    return _written([["affect", "with", *PAIRS, *(f"corrected_{kind}" for kind in PAIRS)], *rows])


def panel_csv(readings: dict, name: str) -> str:
    """One row a feeling or a signal: the posts it rests on, and its correlation with each affect."""
    rows = [[harmless(row["row"]), row["posts"], *row["correlations"]] for row in readings[name]]
    return _written([["name", "posts", *readings["affects"]], *rows])


def weeks_csv(figures: dict) -> str:
    """One row a week, from its Monday; undefined figures are empty."""
    counts, measures = ("judgements", "raters", "picks"), ("interrater", "set_alpha")
    ends = [f"{name}_{end}" for name in measures for end in ("low", "high")]
    rows = [
        [
            week["week"],
            *(week[name] for name in (*counts, *measures)),
            *(end for name in measures for end in week.get(f"{name}_interval") or [None, None]),
        ]
        for week in figures["weeks"]
    ]
    return _written([["week", *counts, *measures, *ends], *rows])


#: The table behind each chart of a report.
TABLES = {
    "agreement": affects_csv,
    "support": support_csv,
    "votes": votes_csv,
    "co-occurrence": co_occurrence_csv,
}


def _of_pair(found: dict | None, i: int, j: int) -> list[float | None]:
    return [found[kind][i][j] if found else None for kind in PAIRS]


def _ends(row: dict) -> list[float | None]:
    nothing = [None, None]
    return [*(row["interrater_interval"] or nothing), *(row["alpha_interval"] or nothing)]


def _written(rows: list[list]) -> str:
    file = StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()
