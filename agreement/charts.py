"""The agreement page's charts: how Altair draws a report's figures. Each takes plain JSON.

Altair and scipy are imported where a chart is drawn, for most visits find it drawn already.
"""

import calendar
from datetime import date

import numpy as np

from lib.charts import (
    FIRST,
    HEAT_STEPS,
    INK,
    SECOND,
    SOFT,
    STEPS,
    SURFACE,
    heat_colours,
)

#: Headlines of others' crowds, for orientation: the KDD 2022 paper's, and GoEmotions'.
ELSEWHERE = {
    "left": {"value": 0.52, "name": "the paper: 0.52"},
    "right": {"value": 0.28, "name": "GoEmotions: 0.28"},
}
MEASURES = {"interrater": "Interrater correlation", "alpha": "Krippendorff’s alpha"}
WEEKLY = {"interrater": "Interrater correlation", "set_alpha": "Alpha of whole judgements"}
#: Colours of a heat map reach their end at this correlation.
FULL_HEAT = 0.5
_ROW, _WIDTH, _WIDE, _CELL = 26, 400, 520, 36


def agreement(rows: list[dict]):
    """A row an affect, best agreed first: interrater correlation a dot, alpha a diamond, lines for
    their intervals. rows: name, interrater, alpha, and `_interval` of both or None."""
    import altair as alt

    order = [row["name"] for row in _sorted(rows, "interrater")]
    points = alt.Data(values=_points(rows, MEASURES))
    measure = {"sort": list(MEASURES.values())}
    y = {
        "y": alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=True)),
        "yOffset": alt.YOffset("measure:N", **measure),
    }
    colour = _of_series(alt.Color, list(MEASURES.values()), [FIRST, SECOND])
    shape = _of_series(alt.Shape, list(MEASURES.values()), ["circle", "diamond"])
    x = alt.X("value:Q", title="Agreement", axis=alt.Axis(format=".1f", tickCount=6))
    chart = alt.Chart(points)
    intervals = chart.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", color=colour, **y)
    dots = chart.mark_point(filled=True, size=70, opacity=1).encode(
        x=x, color=colour, shape=shape, **y
    )
    return alt.layer(*_elsewhere(), intervals, dots).properties(
        width=_WIDE, height=alt.Step(_ROW, **{"for": "position"})
    )


def support(rows: list[dict]):
    """A bar an affect, the best supported first. rows: name, support."""
    import altair as alt

    order = [row["name"] for row in _sorted(rows, "support")]
    chart = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", sort=order, title=None),
        x=alt.X(
            "support:Q",
            title="Raters who picked it, on average where anybody did",
            axis=alt.Axis(tickCount=5),
        ),
    )
    bars = chart.mark_bar(color=FIRST, height={"band": 0.62})
    values = chart.mark_text(align="left", dx=6, color=INK).encode(
        text=alt.Text("support:Q", format=".2f")
    )
    return (bars + values).properties(width=_WIDTH, height=alt.Step(_ROW))


def votes(rows: list[dict]):
    """A bar an affect, the most frequent first: 1x faint, and in it 2x, 3x, …, each fuller.
    rows: name, votes [posts with at least 1, 2, … picks]."""
    import altair as alt

    most = min(len(STEPS), max((len(row["votes"]) for row in rows), default=0))
    counts = [
        {"name": row["name"], "at_least": f"{k}x", "posts": count}
        for row in rows
        for k, count in enumerate(row["votes"][:most], start=1)
    ]
    order = [row["name"] for row in sorted(rows, key=lambda row: -row["votes"][0])]
    steps = [f"{k}x" for k in range(1, most + 1)]
    bars = alt.Chart(alt.Data(values=counts)).mark_bar(
        height={"band": 0.62}, stroke=FIRST, strokeWidth=0.5
    )
    axis = alt.Axis(format=",d", tickCount=5, tickMinStep=1)
    return bars.encode(
        y=alt.Y("name:N", sort=order, title=None),
        x=alt.X("posts:Q", stack=None, title="Posts", axis=axis),
        color=alt.Color(
            "at_least:N",
            sort=steps,
            scale=alt.Scale(domain=steps, range=list(STEPS[:most])),
            legend=alt.Legend(title="picked by at least", orient="bottom", direction="horizontal"),
        ),
    ).properties(width=_WIDTH, height=alt.Step(_ROW))


def co_occurrence(figures: dict):
    """A square an ordered pair of affects, those side by side that come together.
    figures: names [O], values [O][O], None where undefined."""
    names = figures["names"]
    order = [names[k] for k in readable_order(figures["values"])]
    cells = _cells(names, names, figures["values"])
    return _heat_map([cell for cell in cells if cell["row"] != cell["column"]], order, order)


def panel(figures: dict):
    """A row a publisher's feeling or a signal, a column an affect. figures: rows, columns,
    values [rows][columns], None where undefined."""
    cells = _cells(figures["rows"], figures["columns"], figures["values"])
    return _heat_map(cells, figures["rows"], figures["columns"])


def weeks(figures: dict):
    """A line from week to week: interrater correlation with dots, alpha of whole judgements with
    diamonds, upright lines for their intervals, and a dashed one where the guideline changed.
    figures: weeks (first, interrater, set_alpha, and `_interval` of both or None), changes (days)."""
    import altair as alt

    colour = _of_series(alt.Color, list(WEEKLY.values()), [FIRST, SECOND])
    shape = _of_series(alt.Shape, list(WEEKLY.values()), ["circle", "diamond"])
    x = alt.X(
        "name:T",
        title="Week from",
        scale=alt.Scale(type="utc"),
        axis=_of_mondays([date.fromisoformat(week["first"]) for week in figures["weeks"]]),
    )
    named = [{**week, "name": week["first"]} for week in figures["weeks"]]
    chart = alt.Chart(alt.Data(values=_points(named, WEEKLY))).encode(x=x, color=colour)
    value = alt.Y("value:Q", title="Agreement", axis=alt.Axis(format=".1f", tickCount=6))
    changes = [{"day": day} for day in figures["changes"]]
    layers = [
        alt.Chart(alt.Data(values=changes))
        .mark_rule(color=SOFT, strokeDash=[4, 3])
        .encode(x="day:T"),
        chart.mark_line(strokeWidth=1.5).encode(y=value),
        chart.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q"),
        chart.mark_point(filled=True, size=70, opacity=1).encode(y=value, shape=shape),
    ]
    return alt.layer(*layers).properties(width=_WIDE, height=260)


def readable_order(values: list[list[float | None]]) -> list[int]:
    """The order in which neighbours are as alike as can be: optimal leaf ordering (Bar-Joseph et
    al. 2001) of the averaged clusters of 1 - r. What is undefined counts as 0.

    >>> readable_order([[1, 0, 0.9], [0, 1, 0], [0.9, 0, 1]])
    [1, 2, 0]
    """
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    if len(values) < 3:
        return list(range(len(values)))
    away = 1 - np.nan_to_num(np.array(values, float))
    np.fill_diagonal(away, 0)
    away = squareform(np.maximum(away, away.T), checks=False)
    return leaves_list(optimal_leaf_ordering(linkage(away, "average"), away)).tolist()


def _of_series(channel, names: list[str], looks: list[str]):
    """What tells two series apart, with the legend beneath the chart."""
    import altair as alt

    legend = alt.Legend(title=None, orient="bottom", direction="horizontal", columns=2)
    scale = alt.Scale(domain=names, range=looks)
    return channel("measure:N", sort=names, scale=scale, legend=legend)


def _elsewhere() -> list:
    """Rules, and their names to the sides where they can't meet."""
    import altair as alt

    layers = []
    for align, headline in ELSEWHERE.items():
        chart = alt.Chart(alt.Data(values=[headline])).encode(x="value:Q")
        layers += [
            chart.mark_rule(color=SOFT, strokeDash=[4, 3]),
            chart.mark_text(color=SOFT, align=align, baseline="bottom", dy=-4).encode(
                y=alt.value(0), text="name:N"
            ),
        ]
    return layers


def _heat_map(cells: list[dict], rows: list[str], columns: list[str]):
    import altair as alt

    y = alt.Y("row:N", sort=rows, title=None, scale=alt.Scale(domain=rows))
    x = alt.X(
        "column:N",
        sort=columns,
        title=None,
        scale=alt.Scale(domain=columns),
        axis=alt.Axis(orient="top", labelAngle=-60),
    )
    steps = list(range(-HEAT_STEPS, HEAT_STEPS + 1))
    scale = alt.Scale(domain=steps, range=list(heat_colours()))
    squares = alt.Chart(alt.Data(values=cells)).encode(x=x, y=y)
    colours = squares.mark_rect(stroke=SURFACE, strokeWidth=1).encode(
        color=alt.Color("heat:N", scale=scale, legend=None)
    )
    values = squares.mark_text(fontSize=11, color=INK).encode(text="shown:N")
    return (colours + values).properties(
        width=_CELL * len(columns), height=min(_CELL, 28) * len(rows)
    )


def _cells(rows: list[str], columns: list[str], values: list[list]) -> list[dict]:
    return [
        {"row": row, "column": column, "heat": _heat(value), "shown": _shown(value)}
        for row, of_row in zip(rows, values, strict=True)
        for column, value in zip(columns, of_row, strict=True)
    ]


def _heat(value: float | None) -> int:
    if value is None:
        return 0
    return max(-HEAT_STEPS, min(HEAT_STEPS, round(value / FULL_HEAT * HEAT_STEPS)))


def _shown(value: float | None) -> str:
    """As narrow as can be read: .35, and the minus as long as a figure."""
    if value is None:
        return "–"
    text = f"{abs(value):.2f}"
    return ("\u2212" if value < 0 and float(text) else "") + text.removeprefix("0")


def _of_mondays(mondays: list[date]):
    """The axis that names as many as it has room for; beneath the first of a year, the year."""
    import altair as alt

    named = mondays[:: -(-len(mondays) // 8)]
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in named]
    firsts = {day.year: day for day in reversed(named)}.values()
    times = [calendar.timegm(day.timetuple()) * 1000 for day in firsts]
    day, year = (f"utcFormat(datum.value, '{format}')" for format in ("%-d %b", "%Y"))
    label = f"indexof({times}, time(datum.value)) < 0 ? {day} : [{day}, {year}]"
    return alt.Axis(values=values, labelExpr=label, grid=False)


def _points(rows: list[dict], measures: dict[str, str]) -> list[dict]:
    found = []
    for row in rows:
        for key, measure in measures.items():
            low, high = row[f"{key}_interval"] or (None, None)
            point = {"name": row["name"], "measure": measure, "value": row[key]}
            found.append({**point, "low": low, "high": high})
    return found


def _sorted(rows: list[dict], by: str) -> list[dict]:
    return sorted(rows, key=lambda row: (row[by] is None, -(row[by] or 0)))
