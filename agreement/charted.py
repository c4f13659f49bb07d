"""Which charts a report and readings have: what each draws, what it is called, what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from agreement import charts, figures
from agreement.kept import Kept
from agreement.marks import GUIDELINE, Mark
from agreement.options import Options
from agreement.table import OTHER
from agreement.text import chosen
from annotation.models import Campaign
from lib.charts import chart_png, chart_svg, chart_svg_file

#: The kinds of files in which every chart is there.
KINDS = ("png", "svg", "csv")
SUPPORT = "The mean number of raters who picked an affect, over the posts where at least one did."
OVER = {
    "post_means": "Correlations between the shares of a post’s raters who picked two affects, over "
    "posts.",
    "judgements": "Correlations between two picks of a judgement, over judgements.",
}
ORDERED = "Affects that come together stand together (optimal leaf ordering of 1 − r)."
CORRECTED = "Corrected for how routing chose the posts."
PANELS = {
    "feelings": (
        "Publishers’ feelings and affects",
        "Correlations between whether a publisher named a feeling and the share of raters who "
        "picked an affect, over the posts of publishers who named one.",
    ),
    "signals": (
        "Signals and affects",
        "Correlations between a signal’s share among a post’s signals of its family (reactions, "
        "behaviour, negative feedback) and the share of raters who picked an affect, over posts.",
    ),
}


@dataclass(frozen=True)
class Chart:
    """A chart with what is said of it.

    name      in the address of its files
    shows     what there is to see, and how it was computed
    rests_on  the number of posts and the like, the campaign and the time: to cite it by
    files     addresses of its files by their kind, where a page gives them
    """

    name: str
    title: str
    shows: str
    rests_on: str
    draw: Callable
    figures: object
    files: dict[str, str] | None = None

    @property
    def svg(self) -> SafeString:
        return chart_svg(self.draw, self.figures, title=self.title, description=self.shows)

    @property
    def svg_file(self) -> str:
        said = {"title": self.title, "description": f"{self.shows} {self.rests_on}"}
        return chart_svg_file(self.draw, self.figures, **said)

    @property
    def png(self) -> bytes:
        return chart_png(self.draw, self.figures)

    def with_files(self, **files: str) -> "Chart":
        return replace(self, files=files)


def of_report(
    report: Kept, names: dict[str, str], over: str = "post_means", *, as_corrected: bool = False
) -> dict[str, Chart]:
    """By name: agreement, support, votes, co-occurrence. None before two raters share a post."""
    found = report.figures
    if not found["compared"]["posts"]:
        return {}
    rows = figures.affect_rows(found, names)
    # Every chart gets the figures that it draws and no more: another figure draws it anew.
    intervals = ("interrater_interval", "alpha_interval")
    points = _only(rows, "interrater", "alpha", *intervals)
    supports = [{"name": row["name"], "support": _as_in_a_table(row["support"])} for row in rows]
    weighted = found.get("corrected") if as_corrected else None
    pairs = _pairs(weighted or found, over, names)
    together = f"{OVER[over]} {ORDERED}{f' {CORRECTED}' if weighted else ''}"
    made = (
        ("agreement", "Agreement by affect", _agreement(found), charts.agreement, points),
        ("support", "Support by affect", SUPPORT, charts.support, supports),
        ("votes", "Posts by votes", _votes(rows), charts.votes, _only(rows, "votes")),
        ("co-occurrence", "Co-occurrence", together, charts.co_occurrence, pairs),
    )
    rests_on = _counts(report)
    return {
        name: Chart(name, title, shows, rests_on, draw, drawn)
        for name, title, shows, draw, drawn in made
    }


def of_reading(reading: Kept, names: dict[str, str]) -> dict[str, Chart]:
    """By name: feelings and signals, those of them for which there are posts enough."""
    found = reading.figures
    columns = [names.get(key, key) for key in found["affects"]]
    rests_on = f"n = {found['judgements']:,} judgements. {_when(reading)}"
    made = {}
    for name, (title, shows) in PANELS.items():
        if found[name]:
            shows = f"{shows} {CORRECTED}" if found["weighted"] else shows
            panel = _panel(found[name], columns)
            made[name] = Chart(name, title, shows, rests_on, charts.panel, panel)
    return made


def of_weeks(weeks: Kept, happened: list[Mark]) -> dict[str, Chart]:
    """The chart "weeks"; none before there are two weeks to tell apart."""
    found = weeks.figures
    if len(found["weeks"]) < 2:
        return {}
    columns = [name for key in charts.WEEKLY for name in (key, f"{key}_interval")]
    rows = [
        {"first": week["week"], **{name: week.get(name) for name in columns}}
        for week in found["weeks"]
    ]
    changes = [
        timezone.localtime(when).date().isoformat() for when, what in happened if what == GUIDELINE
    ]
    shows = (
        "Interrater correlation (dots) and alpha of whole judgements (diamonds) among the judgements "
        f"of each week. {_intervals(found['options'])} Dashed: the guideline changed."
    )
    judged = sum(week["judgements"] for week in found["weeks"])
    rests_on = f"n = {judged:,} judgements of {len(rows):,} weeks. {_when(weeks)}"
    drawn = {"weeks": rows, "changes": changes}
    return {"weeks": Chart("weeks", "Agreement by week", shows, rests_on, charts.weeks, drawn)}


def linked(charts: dict[str, Chart], slug: str, query: str = "", view: str = "chart") -> dict:
    """The same with the addresses of their files, under names that a template can say."""
    asked = f"?{query}" if query else ""

    def address(name: str, kind: str) -> str:
        return reverse(f"agreement:{view}", args=[slug, name, kind]) + asked

    return {
        name.replace("-", "_"): chart.with_files(**{kind: address(name, kind) for kind in KINDS})
        for name, chart in charts.items()
    }


def affect_names(campaign: Campaign) -> dict[str, str]:
    """By key, as pages show them; `other` among them."""
    return {affect.key: affect.name for affect in campaign.taxonomy.affects.all()} | {
        OTHER: "Other"
    }


def _agreement(found: dict) -> str:
    options = found["options"]
    undefined = {"exclude": "are left out", "zero": "count as 0"}[options["undefined"]]
    return (
        "Dots: how far a rater’s picks go with the mean of the others’, averaged over raters "
        f"({options['correlation'].capitalize()}; raters with fewer than {options['min_posts']:,} "
        f"shared posts, or without variation, {undefined}). Diamonds: Krippendorff’s alpha. "
        f"{_intervals(options)} Dashed: headlines of the paper’s crowd and of GoEmotions, for "
        "orientation."
    )


def _intervals(options: dict) -> str:
    if not options["bootstrap"]:
        return "No intervals were computed."
    draws, seed = options["bootstrap"], options["seed"]
    return f"Lines: 95 % bootstrap intervals over posts ({draws:,} draws, seed {seed})."


def _votes(rows: list[dict]) -> str:
    most = min(figures.MOST_VOTES, max(len(row["votes"]) for row in rows))
    return (
        f"Posts on which at least k = 1 … {most} raters picked an affect; bars lie in each other."
    )


def _counts(report: Kept) -> str:
    found = report.figures["compared"]
    counts = ", ".join(f"{found[name]:,} {name}" for name in ("posts", "judgements", "raters"))
    only = chosen(Options.of(report.options).choice)
    return f"n = {counts}{f'; only {only}' if only else ''}. {_when(report)}"


def _when(kept: Kept) -> str:
    at = timezone.localtime(kept.computed_at)
    return f"{kept.campaign}, {date_format(at, 'j F Y, H:i')} {at.tzname()}."


def _only(rows: list[dict], *names: str) -> list[dict]:
    return [{name: row[name] for name in ("name", *names)} for row in rows]


def _pairs(found: dict, over: str, names: dict[str, str]) -> dict:
    pairs = found["co_occurrence"]
    values = [[_as_in_a_table(value) for value in row] for row in pairs[over]]
    return {"names": [names.get(key, key) for key in pairs["order"]], "values": values}


def _panel(rows: list[dict], columns: list[str]) -> dict:
    values = [[_as_in_a_table(value) for value in row["correlations"]] for row in rows]
    return {"rows": [row["row"] for row in rows], "columns": columns, "values": values}


def _as_in_a_table(value: float | None) -> float | None:
    """To two places, halves up, as the tables write it: a drawing must not say another number."""
    if value is None:
        return None
    return float(Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP))
