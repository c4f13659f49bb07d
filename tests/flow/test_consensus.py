"""The consensus page in a real browser: readable by everyone; it waits, and takes proposals."""

import pytest
from playwright.sync_api import expect

from agreement import queries, tasks
from agreement.models import Reading
from taxonomy import proposals
from tests.agreement.stored import OTHER, store
from tests.flow.test_everyone import LONG, overflow, violations

pytestmark = pytest.mark.page
PAGE = "/campaigns/feelings/consensus/"
CROWD = {
    "a": {"r1": {"entertained"}, "r2": {"entertained"}, "r3": {"saddened"}},
    "b": {"r1": {"saddened", OTHER}, "r2": {"saddened"}, "r3": {"neutral", OTHER}},
}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_used_by_everyone(visit, ben, campaign, width, scheme):
    store(campaign, CROWD)
    long = {"name": LONG[:80], "note": LONG, "examples": [LONG, "short"]}
    proposals.propose(taxonomy=campaign.taxonomy, proposed_by=ben, **long)

    page = visit(ben, PAGE, width=width, scheme=scheme)

    assert violations(page) == []
    assert overflow(page) <= 0


def test_the_page_waits_for_the_worker_and_shows_what_it_found(visit, ben, campaign, monkeypatch):
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    store(campaign, CROWD)
    page = visit(ben, PAGE)
    expect(page.get_by_role("status")).to_contain_text("A worker is computing")

    tasks.compute_reading(Reading.objects.get().id)

    expect(page.get_by_role("heading", name="Posts that raters split on")).to_be_visible()
    expect(page.get_by_role("status")).to_have_count(0)


def test_what_raters_wrote_becomes_a_proposal_and_goes_again(visit, ben, campaign):
    store(campaign, CROWD)
    page = visit(ben, PAGE)

    page.get_by_role("link", name="Propose “a word”").click()
    expect(page.get_by_label("Name")).to_have_value("a word")
    page.get_by_label("Name").fill("Puzzled")
    page.get_by_role("button", name="Propose").click()

    proposed = page.get_by_role("article", name="Puzzled")
    expect(proposed).to_contain_text("Written: a word. Times: 2. Raters: 2.")
    proposed.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("article")).to_have_count(0)
