"""A report as lines for a terminal."""

from collections.abc import Iterator

from agreement import figures as tables

DASH = "–"
PART_NAMES = {
    "age_band": "Age",
    "gender": "Gender",
    "ethnicity": "Ethnicity",
    "ideology": "Ideology",
    "location": "Location",
}
_WHICH = ("raw", "corrected")
_CORRECTED_HEAD = [
    "affect",
    *("prevalence", "corrected"),
    *("interrater", "corrected"),
    *("alpha", "corrected"),
    *("support", "corrected"),
]


def lines(figures: dict) -> Iterator[str]:
    """The whole report: counts, headline, one line an affect, the strongest co-occurrences."""
    compared = figures["compared"]
    yield (
        f"Agreement in '{figures['campaign']}': {figures['judgements']:,} judgements of "
        f"{figures['posts']:,} posts by {figures['raters']:,} raters."
    )
    if not compared["posts"]:
        yield "No post has two judgements yet, so there is nothing to compare."
        return
    yield (
        f"Compared: {compared['posts']:,} posts with two judgements or more, "
        f"{compared['judgements']:,} judgements."
    )
    yield ""
    yield f"Interrater correlation  {_with_interval(figures, 'interrater')}  ({_ways(figures)})"
    yield f"Set-valued alpha        {_with_interval(figures, 'set_alpha')}"
    yield ""
    yield from aligned(_affects(figures))
    yield ""
    yield from _corrected(figures)
    yield from _beside_all(figures)
    yield "Strongest co-occurrences (over the means of posts):"
    yield from (f"  {number(r):>6}  {a} – {b}" for a, b, r in tables.strongest_pairs(figures))


def _corrected(figures: dict) -> Iterator[str]:
    """What the same figures are for the whole campaign, where routing chose the posts."""
    weighted = figures.get("corrected")
    if not weighted:
        return
    yield (
        "Routing chose these posts. Corrected by the inverse of their propensities, the figures "
        f"speak of the whole campaign ({figures['compared']['posts']:,} posts, worth "
        f"{weighted['compared']['worth']:,.0f} evenly drawn ones):"
    )
    yield f"Interrater correlation  {_with_interval(weighted, 'interrater')}"
    yield f"Set-valued alpha        {_with_interval(weighted, 'set_alpha')}"
    yield ""
    yield from aligned([_CORRECTED_HEAD, *map(_corrected_row, tables.corrected_rows(figures))])
    yield ""


def _beside_all(figures: dict) -> Iterator[str]:
    """What the same figures are of all judgements, where only some were chosen."""
    if beside := figures.get("beside_all"):
        yield f"Of chosen judgements ({chosen(figures['options'])}), beside all:"
        yield from compared(beside, "all", "chosen")
        yield ""


def weeks(figures: dict) -> Iterator[str]:
    """One line a week: how much was judged, by how many, and how far they agreed."""
    yield f"Week by week in '{figures['campaign']}': {figures['judgements']:,} judgements."
    yield ""
    head = ["week from", "judgements", "compared", "raters", "picks", "interrater", "set alpha"]
    rows = [
        [
            week["week"],
            f"{week['judgements']:,}",
            f"{week['compared']['judgements']:,}",
            f"{week['raters']:,}",
            number(week["picks"], 2),
            _with_interval(week, "interrater"),
            _with_interval(week, "set_alpha"),
        ]
        for week in figures["weeks"]
    ]
    yield from aligned([head, *rows])


def groups(figures: dict, part: str) -> Iterator[str]:
    """One line a group of raters; who is left out, at the end."""
    found = figures["parts"][part]
    yield f"{PART_NAMES[part]} in '{figures['campaign']}', groups of {figures['fewest']} or more:"
    yield ""
    rows = [
        [
            group["group"] or "not said",
            f"{group['raters']:,}",
            *(number(group[name], 2) for name in ("interrater", "set_alpha")),
            *(number(rate, 2) for rate in group["rates"].values()),
        ]
        for group in found["groups"]
    ]
    rates = found["groups"][0]["rates"] if found["groups"] else {}
    yield from aligned([["group", "raters", "interrater", "set alpha", *rates], *rows])
    if found["raters_left_out"]:
        yield f"{found['raters_left_out']:,} raters are in groups that are left out."


def at_rest(readings: dict, names: dict[str, str] | None = None) -> str:
    """Whether Dawid and Skene's model came to rest; "" of readings from before it was kept.

    >>> model = {"steps": [34, 500], "settled": [True, False]}
    >>> at_rest({"affects": ["joy", "awe"], "dawid_skene": model}, {"awe": "Awe"})
    'For Awe, dawid_skene had not come to rest after 500 steps: posteriors may still move.'
    """
    model = readings.get("dawid_skene")
    if model is None:
        return ""
    of_each = zip(readings["affects"], model["settled"], strict=True)
    moving = ", ".join((names or {}).get(key, key) for key, settled in of_each if not settled)
    most = f"{max(model['steps'], default=0):,} steps"
    if moving:
        return f"For {moving}, dawid_skene had not come to rest after {most}: posteriors may still move."
    return f"dawid_skene came to rest for every affect, after {most} at most."


def chosen(options: dict) -> str:
    """Which judgements the options choose, in words."""
    said = {
        "without": lambda raters: f"without {', '.join(map(str, raters))}",
        "since": lambda day: f"since {day}",
        "until": lambda day: f"until {day}",
        "drawn": lambda share: f"posts of the {share} share",
    }
    return "; ".join(say(options[name]) for name, say in said.items() if name in options)


def compared(beside: dict, older: str, newer: str) -> Iterator[str]:
    """What `differences.between` found, as a table."""
    rows = [
        ["Interrater correlation", beside["figures"]["interrater"]],
        ["Set-valued alpha", beside["figures"]["set_alpha"]],
        *([f"  {key}", affect["interrater"]] for key, affect in beside["affects"].items()),
    ]
    names = ("older", "newer", "difference")
    cells = [[name, *(number(row[column]) for column in names)] for name, row in rows]
    yield from aligned([["", older, newer, "difference"], *cells])


def _corrected_row(row: dict) -> list[str]:
    names = ("prevalence", "interrater", "alpha", "support")
    return [row["name"], *(number(row[which][name]) for name in names for which in _WHICH)]


def number(value: float | None, places: int = 3) -> str:
    """The figure, or a dash where it is undefined."""
    return DASH if value is None else f"{value:.{places}f}"


def aligned(rows: list[list[str]]) -> Iterator[str]:
    """The rows as columns of one width each: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()


def _affects(figures: dict) -> list[list[str]]:
    counts = tables.vote_counts(figures)[: tables.MOST_VOTES]
    head = ["affect", "interrater", "raters", "undefined", "alpha", "support"]
    return [
        [*head, *(f"{k}x" for k in counts)],
        *(
            [
                row["key"],
                _with_interval(row, "interrater"),
                str(row["raters"]),
                str(row["undefined"]),
                _with_interval(row, "alpha"),
                number(row["support"], 2),
                *(f"{votes:,}" for votes in row["votes"][: len(counts)]),
            ]
            for row in tables.affect_rows(figures)
        ),
    ]


def _with_interval(figures: dict, name: str) -> str:
    interval = figures.get(f"{name}_interval")
    if not interval:
        return number(figures[name])
    low, high = (number(end, 2) for end in interval)
    return f"{number(figures[name])} [{low}, {high}]"


def _ways(figures: dict) -> str:
    options = figures["options"]
    treated = {"exclude": "left out", "zero": "counted as 0"}[options["undefined"]]
    return (
        f"{options['correlation'].capitalize()}, raters with {options['min_posts']:,} shared posts "
        f"or more, undefined {treated}"
    )
