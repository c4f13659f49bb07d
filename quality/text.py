"""The table of raters as the doors without pages give it: one dict, or lines for a terminal."""

from collections.abc import Iterator

from agreement.text import DASH, aligned, number
from annotation.models import Campaign
from lib.spreadsheets import csv_lines
from quality.tables import Table

HEAD = [
    *("rater", "judgements", "aside", "gold", "of", "agreement", "same picks", "in a row"),
    *("seconds", "too fast", "picks"),
]

CSV_COLUMNS = [
    "rater", "state", "judgements", "set_aside", "gold_n", "gold_right", "gold_share", "gold_low",
    "gold_high", "agreement", "agreement_posts", "undefined", "most_biased", "strongest_bias",
    "favourite_share", "longest_run", "timed", "seconds", "fast_share", "picks", "drift_seconds",
    "drift_picks", "look",
]  # fmt: skip


def figures(campaign: Campaign, table: Table) -> dict:
    """Of whom, the crowd's figures, and one dict a rater."""
    return {"campaign": campaign.slug, "crowd": table.crowd, "raters": table.rows()}


def csv(rows: list[dict]) -> Iterator[str]:
    """A line for each row, undefined figures empty; the reasons to have a look in one cell."""
    for_cells = (
        {**row, "look": "; ".join(row["look"]), "bias": None}
        | dict(zip(("gold_low", "gold_high"), row["gold_interval"], strict=True))
        | {f"bias {option}": value for option, value in row["bias"].items()}
        for row in rows
    )
    biased = [f"bias {option}" for option in (rows[0]["bias"] if rows else {})]
    head = [*CSV_COLUMNS, *biased]
    return csv_lines(head, ([row[name] for name in head] for row in for_cells))


def lines(figures: dict) -> Iterator[str]:
    crowd, raters = figures["crowd"], figures["raters"]
    yield (
        f"Raters in '{figures['campaign']}': {len(raters):,}, of whom {crowd['raters']:,} have "
        f"made {crowd['judgements']:,} judgements that count."
    )
    if not crowd["raters"]:
        return
    yield ""
    yield from aligned([HEAD, *map(_cells, raters), _crowd(crowd)])
    yield ""
    odd = [row for row in raters if row["look"]]
    yield f"Have a look at {len(odd):,}:" if odd else "Nobody needs a look."
    yield from (f"  {row['rater']}: {'; '.join(row['look'])}" for row in odd)


def _cells(row: dict) -> list[str]:
    state = f"{row['rater']} (paused)" if row["state"] == "paused" else row["rater"]
    return [state, f"{row['judgements']:,}", f"{row['set_aside']:,}", *_figures(row)]


def _crowd(crowd: dict) -> list[str]:
    return ["all, or the middle one", f"{crowd['judgements']:,}", "", *_figures(crowd)]


def _figures(row: dict) -> list[str]:
    return [
        percent(row["gold_share"]),
        f"{row['gold_n']:,}",
        number(row["agreement"], 2),
        percent(row["favourite_share"]),
        number(row["longest_run"], 0),
        number(row["seconds"], 1),
        percent(row["fast_share"]),
        number(row["picks"], 2),
    ]


def percent(share: float | None) -> str:
    return DASH if share is None else f"{100 * share:.0f} %"
