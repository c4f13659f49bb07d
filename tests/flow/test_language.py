"""Another language in a real browser: chosen at a page's foot, spoken by scripts, fitting everywhere."""

import pytest
from playwright.sync_api import expect

from tests.flow.test_everyone import JUDGE, overflow, violations

pytestmark = pytest.mark.page
GUIDELINE = "/campaigns/feelings/guideline/"


@pytest.fixture
def posts(campaign, add_posts):
    return add_posts(campaign, "first", "second", created_at="2026-10-06T13:32:52Z")


def test_a_rater_turns_to_german_and_stays_there(visit, ada, posts):
    page = visit(ada, GUIDELINE, java_script_enabled=False)

    page.get_by_role("button", name="Deutsch").click()

    expect(page.get_by_role("heading", name="Leitfaden")).to_be_visible()
    assert page.url.endswith(GUIDELINE)
    page.goto(JUDGE)
    expect(page.get_by_role("button", name="Abschicken")).to_be_visible()
    expect(page.get_by_text("6. Oktober 2026")).to_be_visible()


def test_the_script_of_the_desk_speaks_the_pages_language(visit, ada, posts):
    page = visit(ada, JUDGE, locale="de-DE")

    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_contain_text("Bitte wähle mindestens eines")
    page.keyboard.press("1")
    expect(page.locator("#count")).to_have_text("1 von 3 gewählt")
    page.keyboard.press("Enter")

    expect(page.locator("#today")).to_have_text("heute 1 beurteilt")
    expect(page.locator(".post-body")).to_have_text("second")
    expect(page.get_by_text("6. Oktober 2026")).to_be_visible()


@pytest.mark.parametrize("path", ["/signin/", "/campaigns/", JUDGE, GUIDELINE, "/work/"])
def test_german_words_fit_the_smallest_screen(path, visit, ada, posts):
    page = visit(None if path == "/signin/" else ada, path, locale="de-DE", width=320)

    assert (violations(page), overflow(page)) == ([], 0)
