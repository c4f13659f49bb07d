"""The agreement page in a real browser: readable by everyone, and it waits for the worker."""

import pytest
from playwright.sync_api import expect

from agreement import tasks
from agreement.models import Report
from tests.agreement.stored import store
from tests.flow.test_everyone import overflow, violations

pytestmark = pytest.mark.page
PAGE = "/campaigns/feelings/agreement/"
CROWD = {
    "a": {"r1": {"entertained"}, "r2": {"entertained", "excited"}, "r3": {"entertained"}},
    "b": {"r1": {"saddened", "scared"}, "r2": {"saddened"}, "r3": {"scared"}},
    "c": {"r1": {"entertained"}, "r2": {"neutral"}},
}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("crowd", [{}, CROWD], ids=["nothing judged", "judged"])
def test_the_page_can_be_used_by_everyone(visit, dan, campaign, crowd, width, scheme):
    store(campaign, crowd)

    page = visit(dan, PAGE, width=width, scheme=scheme)

    assert violations(page) == []
    assert overflow(page) <= 0


def test_another_way_is_asked_for_by_form(visit, dan, campaign):
    store(campaign, CROWD)
    page = visit(dan, PAGE)

    page.get_by_label("Correlation", exact=True).select_option("spearman")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Over judgements").click()

    expect(page.get_by_label("Correlation", exact=True)).to_have_value("spearman")
    expect(page.get_by_role("link", name="Over judgements")).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("figure", name="Co-occurrence").get_by_text("The table behind it").click()
    pair = page.get_by_role("row", name="Saddened").last.get_by_role("cell")
    expect(pair.nth(0)).to_have_text("-0.58")


def test_the_page_waits_for_the_worker_and_shows_the_report(visit, dan, campaign):
    store(campaign, CROWD)
    page = visit(dan, f"{PAGE}?bootstrap=20")
    expect(page.get_by_role("status")).to_contain_text("A worker is computing the report")

    tasks.compute_report(Report.objects.get().id)

    expect(page.get_by_role("heading", name="Affect by affect")).to_be_visible()
    expect(page.get_by_role("status")).to_have_count(0)


def test_the_figures_can_be_saved(visit, dan, campaign):
    store(campaign, CROWD)
    page = visit(dan, PAGE)

    for link, name in (
        ("Agreement by affect as CSV", "feelings-agreement.csv"),
        ("Co-occurrence as CSV", "feelings-co-occurrence.csv"),
        ("All as JSON", "feelings-agreement.json"),
    ):
        with page.expect_download() as saved:
            page.get_by_role("link", name=link).click()
        assert saved.value.suggested_filename == name
