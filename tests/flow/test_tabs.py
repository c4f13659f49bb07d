"""The row of tabs of a campaign, where it is wider than the screen."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.page


@pytest.mark.parametrize(
    ("path", "name"), [("", "Overview"), ("gold/", "Gold"), ("settings/", "Settings")]
)
def test_on_a_phone_the_open_tab_is_in_sight(visit, ben, campaign, path, name):
    page = visit(ben, f"/campaigns/feelings/{path}", width=360, touch=True)

    tabs = page.get_by_role("navigation", name="Feelings")
    expect(tabs.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=0.99)
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("agreement/drift/", "Agreement"),
        ("consensus/", "Agreement"),
        ("entrances/", "Joining"),
        ("routing/gains/", "Routing"),
    ],
)
def test_a_page_beneath_a_tab_shows_which_one(visit, ben, campaign, path, name):
    page = visit(ben, f"/campaigns/feelings/{path}")

    tabs = page.get_by_role("navigation", name="Feelings")
    expect(tabs.locator("[aria-current]")).to_have_text([name])
    expect(tabs.get_by_role("link", name=name, exact=True)).to_have_attribute(
        "aria-current", "true"
    )
