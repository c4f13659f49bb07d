"""The order and the choice of rows that an address asks for."""

from collections.abc import Callable
from operator import itemgetter
from urllib.parse import urlencode

#: The columns by which the table can be sorted, and their heads.
COLUMNS = {
    "rater": "Rater",
    "look": "Why to have a look",
    "judgements": "Judgements",
    "gold_share": "Gold right",
    "agreement": "Agreement",
    "strongest_bias": "Strongest bias",
    "favourite_share": "Same picks",
    "longest_run": "In a row",
    "seconds": "Seconds",
    "fast_share": "Too fast",
    "picks": "Picks",
    "drift": "Drift",
    "set_aside": "Set aside",
}
WORDS = ("rater", "look")


def strongest(*names: str) -> Callable[[dict], float | None]:
    """A row's largest figure of these, whatever its sign; None where none is defined."""
    return lambda row: max((abs(row[n]) for n in names if row[n] is not None), default=None)


#: Columns that are not sorted by their figure as it is.
KEYS = {
    "look": lambda row: len(row["look"]),
    "strongest_bias": strongest("strongest_bias"),
    "drift": strongest("drift_seconds", "drift_picks"),
}
#: Those with the most to look at first.
USUAL = "-look"
#: The rows that can be chosen alone: the words, and which rows they are of.
CHOICES = {
    "look": ("Need a look", lambda row: bool(row["look"])),
    "paused": ("Paused", lambda row: row["state"] == "paused"),
    "aside": ("Set aside", lambda row: row["set_aside"] > 0),
}


def choices(rows: list[dict], only: str, asked: str) -> list[dict]:
    """Each choice with how many rows it has and where it leads; first the one of all rows."""
    found = [("", "All", rows)]
    found += [(name, label, chosen(rows, name)) for name, (label, _) in CHOICES.items()]
    return [
        {
            "label": label,
            "count": len(of_choice),
            "address": address(only=name, sort=asked),
            "current": name == only,
        }
        for name, label, of_choice in found
    ]


def chosen(rows: list[dict], only: str) -> list[dict]:
    """The rows of a choice; all of them where there is no such choice."""
    return [row for row in rows if CHOICES[only][1](row)] if only in CHOICES else rows


def address(**asked: str) -> str:
    """The query of an address, without what is empty."""
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def in_order(rows: list[dict], asked: str) -> list[dict]:
    """The rows by a column, rising, or falling with a minus before its name; undefined ones last.

    >>> rows = [{"picks": 1.0}, {"picks": None}, {"picks": 2.0}]
    >>> [row["picks"] for row in in_order(rows, "-picks")]
    [2.0, 1.0, None]
    """
    name, falls = asked.lstrip("-"), asked.startswith("-")
    if name not in COLUMNS:
        return in_order(rows, USUAL)
    key = KEYS.get(name, itemgetter(name))
    defined = [row for row in rows if key(row) is not None]
    undefined = [row for row in rows if key(row) is None]
    return sorted(defined, key=key, reverse=falls) + undefined


def heads(asked: str, only: str) -> list[dict]:
    """Each column's head: its name, where a click leads, and how it is sorted now.

    The first click on figures puts the highest first; on names, the first.
    """
    return [
        {
            "name": name,
            "label": label,
            "address": address(only=only, sort=_next(name, asked)),
            "is_figure": name not in WORDS,
            "sorted": {name: "ascending", f"-{name}": "descending"}.get(asked),
        }
        for name, label in COLUMNS.items()
    ]


def _next(name: str, asked: str) -> str:
    first, second = (name, f"-{name}") if name == "rater" else (f"-{name}", name)
    return second if asked == first else first
