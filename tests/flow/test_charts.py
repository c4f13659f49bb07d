"""Charts in a real browser: with their tables open, in the page's colours, and on paper."""

import pytest
from playwright.sync_api import expect

from tests.agreement.stored import store
from tests.flow.test_agreement import CROWD, PAGE
from tests.flow.test_everyone import overflow, violations

pytestmark = pytest.mark.page
CHARTS = 4


@pytest.fixture
def judged(campaign):
    store(campaign, CROWD)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_and_its_open_table_can_be_used_by_everyone(visit, dan, judged, scheme):
    page = visit(dan, PAGE, width=320, scheme=scheme)
    summaries = page.get_by_text("The table behind it")
    expect(summaries).to_have_count(CHARTS)
    for summary in summaries.all():
        summary.click()

    assert violations(page) == []
    assert overflow(page) <= 0


def test_a_chart_follows_light_and_dark(visit, dan, judged):
    page = visit(dan, PAGE)
    label = page.locator("svg.chart text").first
    colours = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours.add(label.evaluate("e => getComputedStyle(e).fill"))

    assert colours == {"rgb(43, 37, 33)", "rgb(241, 234, 226)"}


def test_no_text_of_a_chart_is_cut_off(visit, dan, judged):
    page = visit(dan, PAGE, width=1280)

    cut = page.evaluate(
        """[...document.querySelectorAll("svg.chart text")].filter(text => {
            const inner = text.getBoundingClientRect();
            const outer = text.closest(".scroll").getBoundingClientRect();
            return inner.left < outer.left || inner.right > outer.right || inner.top < outer.top;
        }).map(text => text.textContent)"""
    )

    assert cut == []


def test_on_paper_a_chart_has_its_table_and_no_buttons(visit, dan, judged):
    page = visit(dan, PAGE)
    page.emulate_media(media="print")

    tables = page.locator("figure table")
    expect(tables).to_have_count(CHARTS)
    for table in tables.all():
        expect(table).to_be_visible()
    expect(page.locator(".button:visible, summary:visible, .tabs:visible")).to_have_count(0)
