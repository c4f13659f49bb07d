"""An admin brings labels in the browser, and reads their agreement."""

import pytest
from playwright.sync_api import Page, expect

from analysis.models import Analysis
from analysis.tasks import read_file
from annotation.models import Campaign
from tests.flow.test_everyone import overflow, violations

pytestmark = pytest.mark.page

ROWS = "id,text,rater,label\n1,Sun,a,joy\n1,Sun,b,joy\n2,Fog,a,awe\n2,Fog,b,joy\n"
HEADLINE = {"interrater": 0.47, "set_alpha": 0.136, "posts": 820_000, "raters": 348}


@pytest.fixture
def rung(monkeypatch):
    """The ids that the worker was rung for; `read_file` has to be called."""
    ids = []
    monkeypatch.setattr(read_file, "delay_on_commit", ids.append)
    return ids


def test_from_new_campaign_to_the_figures(visit, ben, rung, tmp_path):
    file = tmp_path / "study.csv"
    file.write_text(ROWS)
    page = visit(ben, "/new-campaign/")
    page.get_by_role("link", name="Bring a file").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("A worker is reading the file")).to_be_visible()

    read_file(rung[0])

    page.wait_for_url("**/campaigns/study/agreement/")
    expect(page.get_by_role("heading", name="study")).to_be_visible()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "reading", "answers": 4_100_000, "stored": 1_000_000, "headline": HEADLINE},
        {"state": "ready", "rejected": 12, "counts": {"judgements": 9, "posts": 3, "raters": 3}},
        {"state": "failed", "error": "There are 1,204 different labels; a campaign holds 62."},
    ],
    ids=lambda fields: fields["state"],
)
def test_axe_finds_nothing_while_and_after_a_file_is_read(visit, ben, campaign, fields):
    analysis = Analysis.objects.create(
        name="دراسة", file_name=f"{'long_' * 18}.csv", campaign=campaign, **fields
    )
    assert_everyone_can_use(visit(ben, f"/analyses/{analysis.id}/"))


def test_axe_finds_nothing_before_an_analysis_is_deleted(visit, ben, campaign):
    Campaign.objects.update(analysis_only=True, state="closed")

    assert_everyone_can_use(visit(ben, "/campaigns/feelings/delete/"))


def assert_everyone_can_use(page: Page) -> None:
    for scheme, width in (("light", 1280), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert (violations(page), overflow(page)) == ([], 0)
