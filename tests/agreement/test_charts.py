"""The charts of agreement: each says what its table says, in a report, on the page, in files."""

import csv
import re
from xml.etree import ElementTree

import pytest

from agreement import charted, charts, consensus_views, reports
from agreement.charted import affect_names
from agreement.options import Options
from agreement.readings import Asked
from annotation.models import Post
from tests.agreement.stored import OTHER, ragged, store

PAGE = "/campaigns/feelings/agreement/"
FILES = f"{PAGE}charts/"
PANELS = "/campaigns/feelings/consensus/charts/"
NAMES = ["agreement", "support", "votes", "co-occurrence"]
TYPES = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv; charset=utf-8"}


@pytest.fixture
def judged(campaign):
    store(campaign, ragged(5))
    return campaign


@pytest.fixture
def browser(client, ben):
    client.force_login(ben)
    return client


@pytest.fixture
def made(judged) -> dict:
    report = reports.compute(campaign=judged, options=Options(bootstrap=20))
    return charted.of_report(report, affect_names(judged))


@pytest.fixture
def with_feelings(judged, monkeypatch):
    """Few posts make a panel."""
    monkeypatch.setattr(consensus_views, "ON_THE_PAGE", Asked(feeling_posts=1))
    monkeypatch.setattr("agreement.chart_views.ON_THE_PAGE", Asked(feeling_posts=1))
    for number, post in enumerate(Post.objects.order_by("id")):
        post.publisher_feeling = ("=proud", "sad")[number % 2]
        post.save(update_fields=["publisher_feeling"])


def texts(svg: str) -> list[str]:
    """What is written in the drawing, without its title and description."""
    return [found.text for found in ElementTree.fromstring(svg).iter() if found.tag == "text"]


def drawn(chart: charted.Chart) -> dict:
    return chart.draw(chart.figures).to_dict()


@pytest.mark.parametrize("name", NAMES)
def test_every_affect_stands_in_the_drawing(made, name):
    assert {"Entertained", "Saddened", "Neutral", "Other"} <= set(texts(made[name].svg))


@pytest.mark.parametrize("name", NAMES)
def test_every_colour_is_one_of_the_page(made, name):
    colours = re.findall(r'(?:fill|stroke)="(.+?)"', made[name].svg)

    assert [colour for colour in colours if not re.match("var|color-mix|none", colour)] == []


@pytest.mark.parametrize("name", NAMES)
def test_altair_finds_no_fault_with_a_chart(made, name):
    assert "vega-lite" in drawn(made[name])["$schema"]


@pytest.mark.parametrize("name", NAMES)
def test_a_caption_says_what_the_chart_rests_on(made, judged, name):
    compared = reports.compute(campaign=judged, options=Options()).figures["compared"]

    counts = f"n = {compared['posts']} posts, {compared['judgements']} judgements, "
    assert made[name].rests_on.startswith(f"{counts}{compared['raters']} raters. Feelings, ")
    assert made[name].rests_on.endswith(" UTC.")


def test_intervals_are_said_and_drawn(made, judged):
    assert "(20 draws, seed 0)" in made["agreement"].shows
    assert made["agreement"].figures[0]["interrater_interval"]

    without = reports.compute(campaign=judged, options=Options())
    assert "No intervals" in charted.of_report(without, {})["agreement"].shows


def test_support_is_written_beside_its_bar(made, browser):
    shown = {f"{row['support']:.2f}" for row in made["support"].figures if row["support"]}

    assert shown <= set(texts(made["support"].svg))
    page = " ".join(browser.get(PAGE).content.decode().split())
    assert all(f'<td class="num">{value}</td>' in page for value in shown)


def test_the_heat_map_says_every_defined_pair_of_the_report(made):
    figures = made["co-occurrence"].figures
    pairs = [
        charts._shown(value)
        for row, values in enumerate(figures["values"])
        for column, value in enumerate(values)
        if row != column
    ]
    written = texts(made["co-occurrence"].svg)

    assert sorted(text for text in written if text not in figures["names"]) == sorted(pairs)


def test_affects_that_come_together_stand_together():
    alike = [[1, 0, 0.9, -0.1], [0, 1, 0.1, 0.8], [0.9, 0.1, 1, None], [-0.1, 0.8, None, 1]]

    order = charts.readable_order(alike)

    places = {affect: place for place, affect in enumerate(order)}
    assert abs(places[0] - places[2]) == abs(places[1] - places[3]) == 1


def test_votes_are_drawn_as_often_as_the_table_counts_them(made):
    bars = drawn(made["votes"])["data"]["values"]
    counted = {(bar["name"], bar["at_least"]): bar["posts"] for bar in bars}

    assert counted == {
        (row["name"], f"{k}x"): posts
        for row in made["votes"].figures
        for k, posts in enumerate(row["votes"][:5], start=1)
    }


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_can_be_saved(browser, judged, name, kind):
    answer = browser.get(f"{FILES}{name}.{kind}")

    assert answer.headers["Content-Type"] == TYPES[kind]
    saved_as = f'attachment; filename="feelings-{name}.{kind}"'
    assert answer.headers["Content-Disposition"] == saved_as
    assert answer.content


@pytest.mark.parametrize("path", ["weather.svg", "support.pdf", "support.svg?min_posts=1", "x.csv"])
def test_there_is_no_other_chart(browser, judged, path):
    assert browser.get(FILES + path).status_code == 404


def test_a_campaign_without_judgements_has_no_chart_and_says_so(browser, campaign):
    page = browser.get(PAGE)

    assert "Nobody has judged a post here yet" in page.content.decode()
    assert "<svg" not in page.content.decode()
    assert browser.get(f"{FILES}support.svg").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("dan", 200), ("ada", 403), ("cleo", 403)])
@pytest.mark.parametrize("path", [f"{FILES}votes.svg", f"{PANELS}feelings.csv"])
def test_charts_are_for_admins_and_engineers(client, with_feelings, request, who, status, path):
    person = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", person))

    assert client.get(path).status_code == status


def test_the_files_on_the_page_are_of_the_same_options(browser, judged):
    page = browser.get(f"{PAGE}?correlation=spearman&over=judgements").content.decode()

    asked = "correlation=spearman&amp;over=judgements"
    assert f'href="{FILES}co-occurrence.svg?{asked}"' in page
    assert "Spearman" in browser.get(f"{FILES}agreement.svg?correlation=spearman").content.decode()


def test_panels_are_drawn_and_saved(browser, with_feelings):
    page = browser.get("/campaigns/feelings/consensus/").content.decode()
    drawing = browser.get(f"{PANELS}feelings.svg").content.decode()
    table = browser.get(f"{PANELS}feelings.csv").content.decode().splitlines()

    assert page.count("<svg") == 1, "there are no signals"
    assert all(name in drawing for name in ("=proud", "Entertained"))
    assert table[0] == "name,posts,entertained,saddened,neutral,other"
    assert [line.split(",")[0] for line in table[1:]] == ["'=proud", "sad"]
    assert browser.get(f"{PANELS}signals.svg").status_code == 404


def rows_of(browser, name: str) -> list[dict]:
    return [*csv.DictReader(browser.get(f"{FILES}{name}.csv").content.decode().splitlines())]


def test_the_csv_of_agreement_has_every_figure_of_each_affect(browser, judged):
    figures = reports.compute(campaign=judged, options=Options()).figures

    rows = rows_of(browser, "agreement")

    assert [row["affect"] for row in rows] == ["entertained", "saddened", "neutral", OTHER]
    for row, expected in zip(rows, figures["affects"].values(), strict=True):
        assert float(row["interrater"]) == expected["interrater"]
        counts = [f"votes_{k}" for k in range(1, len(expected["votes"]) + 1)]
        assert [int(row[name]) for name in counts] == expected["votes"]
        assert row["alpha_low"] == ""


def test_the_csv_of_pairs_has_every_ordered_pair(browser, judged):
    found = reports.compute(campaign=judged, options=Options()).figures["co_occurrence"]

    rows = rows_of(browser, "co-occurrence")

    assert [(row["affect"], row["with"]) for row in rows] == [
        (a, b) for a in found["order"] for b in found["order"]
    ]
    told = [float(row["post_means"]) if row["post_means"] else None for row in rows]
    assert told == sum(found["post_means"], [])
    assert [int(row["counts"]) for row in rows] == sum(found["counts"], [])


def test_no_two_links_of_the_page_lead_to_the_same_table(browser, judged):
    page = browser.get(PAGE).content.decode()

    tables = [browser.get(address).content for address in re.findall(r'href="(\S+?\.csv)"', page)]

    assert len(tables) == len(NAMES)
    assert len(set(tables)) == len(tables)


@pytest.mark.parametrize("name", ["support", "votes"])
def test_a_smaller_chart_has_its_own_columns_of_the_larger_table(browser, judged, name):
    rows, larger = rows_of(browser, name), rows_of(browser, "agreement")

    shared = [*rows[0]]
    assert [{column: row[column] for column in shared} for row in larger] == rows
    assert shared[0] == "affect" and all(name in column for column in shared[1:])
