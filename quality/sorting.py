"""The order and the choice of rows that an address asks for."""

#: The columns by which the table can be sorted, and their heads.
COLUMNS = {
    "rater": "Rater",
    "judgements": "Judgements",
    "gold_share": "Gold right",
    "agreement": "Agreement",
    "favourite_share": "Same picks",
    "longest_run": "In a row",
    "seconds": "Seconds",
    "fast_share": "Too fast",
    "picks": "Picks",
    "set_aside": "Set aside",
}
#: Those with the most to look at first.
USUAL = "-look"


def in_order(rows: list[dict], asked: str) -> list[dict]:
    """The rows by a column, rising, or falling with a minus before its name; undefined ones last.

    >>> rows = [{"picks": 1.0}, {"picks": None}, {"picks": 2.0}]
    >>> [row["picks"] for row in in_order(rows, "-picks")]
    [2.0, 1.0, None]
    """
    name, falls = asked.lstrip("-"), asked.startswith("-")
    if name == "look":
        return sorted(rows, key=lambda row: len(row["look"]), reverse=falls)
    if name not in COLUMNS:
        return in_order(rows, USUAL)
    defined = [row for row in rows if row[name] is not None]
    undefined = [row for row in rows if row[name] is None]
    return sorted(defined, key=lambda row: row[name], reverse=falls) + undefined


def heads(asked: str, address: str) -> list[dict]:
    """Each column's head: its name, where a click leads, and how it is sorted now.

    The first click on figures puts the highest first; on names, the first.
    """
    return [
        {
            "name": name,
            "label": label,
            "address": f"{address}sort={_next(name, asked)}",
            "sorted": {name: "ascending", f"-{name}": "descending"}.get(asked),
        }
        for name, label in COLUMNS.items()
    ]


def _next(name: str, asked: str) -> str:
    first, second = (name, f"-{name}") if name == "rater" else (f"-{name}", name)
    return second if asked == first else first
