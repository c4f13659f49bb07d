import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as NobodyAnswers

from lib import charts

SAID = {"title": "Picks <per> affect", "description": "Angry & sad, counted."}
FIGURES = [{"name": "<b>Angry</b>", "picks": 0.51233}, {"name": "Sad & low", "picks": 0.25}]
SVG = "{http://www.w3.org/2000/svg}"
drawn = []


def bars(rows: list[dict]):
    import altair as alt

    drawn.append(rows)
    chart = alt.Chart(alt.Data(values=rows)).mark_bar(color=charts.FIRST)
    return chart.encode(y="name:N", x="picks:Q")


def other_bars(rows: list[dict]):
    return bars(rows)


@pytest.fixture(autouse=True)
def nothing_drawn_yet(db, monkeypatch):
    version = uuid4().hex
    monkeypatch.setattr(charts, "_code", lambda draw: version)
    drawn.clear()


@pytest.fixture
def page_svg() -> str:
    return charts.chart_svg(bars, FIGURES, **SAID)


def test_a_chart_on_a_page_is_xml_with_a_title_and_a_description(page_svg):
    root = ElementTree.fromstring(page_svg)

    title, description = root[0], root[1]
    assert (title.tag, title.text) == ("title", SAID["title"])
    assert (description.tag, description.text) == ("desc", SAID["description"])
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"


def test_names_are_shown_as_they_are_written(page_svg):
    texts = [element.text for element in ElementTree.fromstring(page_svg).iter("text")]

    assert {"<b>Angry</b>", "Sad & low"} <= set(texts)


def test_the_security_policy_has_nothing_to_forbid_in_it(page_svg):
    elements = list(ElementTree.fromstring(page_svg).iter())

    assert not {element.tag for element in elements} & {"style", "script", "image", "a"}
    attributes = {name for element in elements for name in element.attrib}
    assert not {name for name in attributes if name.startswith(("style", "on", "href", "font-f"))}


def test_colours_are_those_of_the_page(page_svg):
    assert "var(--chart-first)" in page_svg
    assert not re.search(r'(fill|stroke)="(#|rgb|white|black)', page_svg)


def test_every_colour_that_charts_may_use_has_one_of_the_page():
    used = {charts.INK, charts.SOFT, charts.LINE, charts.SURFACE, charts.FIRST, charts.SECOND}
    used |= {*charts.STEPS, *charts.heat_colours()}

    assert used == charts._page_colours().keys()


def test_a_chart_is_drawn_once(page_svg):
    assert charts.chart_svg(bars, FIGURES, **SAID) == page_svg
    assert len(drawn) == 1


def test_many_who_ask_at_once_wait_for_one_drawing():
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(charts.chart_svg, bars, FIGURES, **SAID) for _ in range(4)]

    assert len({answer.result() for answer in asked}) == 1
    assert len(drawn) == 1


def test_what_no_picture_shows_draws_nothing_anew(page_svg):
    nearly = [{**row, "picks": row["picks"] + 1e-5} for row in FIGURES]

    charts.chart_svg(bars, nearly, **SAID)

    assert len(drawn) == 1


def test_other_figures_or_another_way_to_draw_them_are_another_chart(page_svg):
    charts.chart_svg(bars, FIGURES[:1], **SAID)
    charts.chart_svg(other_bars, FIGURES, **SAID)

    assert len(drawn) == 3


def test_two_charts_of_a_page_share_no_ids(page_svg):
    other = charts.chart_svg(bars, FIGURES[:1], **SAID)

    ids = re.findall(r'\bid="(.+?)"', page_svg + other)

    assert len(ids) == len(set(ids))


def test_without_its_cache_a_chart_is_drawn_all_the_same(page_svg, monkeypatch):
    def nobody(*_):
        raise NobodyAnswers

    monkeypatch.setattr(cache, "get", nobody)

    assert charts.chart_svg(bars, FIGURES, **SAID) == page_svg


def test_a_file_stands_by_itself():
    root = ElementTree.fromstring(charts.chart_svg_file(bars, FIGURES, **SAID))

    assert (root[0].tag, root[0].text) == (f"{SVG}title", SAID["title"])
    assert (root[1].tag, root[1].text) == (f"{SVG}desc", SAID["description"])
    assert root.find(f"{SVG}rect").attrib["fill"] == charts.SURFACE
    assert "var(" not in ElementTree.tostring(root, encoding="unicode")


def test_a_picture_is_png_in_three_times_the_size():
    width = ElementTree.fromstring(charts.chart_svg_file(bars, FIGURES, **SAID)).attrib["width"]

    png = charts.chart_png(bars, FIGURES)

    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == pytest.approx(3 * float(width), abs=3)
