"""Pages that everyone can use: axe-core finds nothing, nothing overflows, every script reads right."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from annotation.models import Flag

pytestmark = pytest.mark.page
JUDGE = "/campaigns/feelings/judge/"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


@pytest.fixture
def posts(campaign, add_posts):
    return [
        *add_posts(
            campaign,
            f"{LONG} 🎉\n\nand a second line, https://example.org/{'x' * 120}",
            title=LONG,
            publisher=LONG,
            ocr_text="CLOSED",
            transcript="And then everybody laughed.",
            language="de",
            created_at="2026-10-06T13:32:52Z",
        ),
        *add_posts(campaign, "أمطرت على قريتنا أخيرًا.", publisher="ليلى", language="ar"),
        *add_posts(campaign, "hard to look at", sensitive=True),
    ]


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


def overflow(page: Page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


PAGES = [
    (None, "/signin/"),
    ("ada", "/campaigns/"),
    ("ada", JUDGE),
    ("ada", "/campaigns/feelings/guideline/"),
    ("ada", "/campaigns/feelings/recent/"),
    ("ada", "/campaigns/feelings/stop/"),
    ("ben", "/campaigns/"),
    ("ben", "/campaigns/feelings/"),
    ("ben", "/new-campaign/"),
    ("ben", "/new-analysis/"),
    ("ben", "/campaigns/feelings/settings/"),
    ("ben", "/campaigns/feelings/routing/"),
    ("ben", "/campaigns/feelings/routing/gains/"),
    ("ben", "/campaigns/feelings/agreement/drift/"),
    ("ben", "/campaigns/feelings/agreement/strata/"),
    ("ben", "/campaigns/feelings/agreement/sums/"),
    ("ben", "/campaigns/feelings/consensus/"),
    ("ben", "/campaigns/feelings/proposals/new/"),
    ("ben", "/campaigns/feelings/snapshots/"),
    ("ben", "/campaigns/feelings/models/"),
]
#: 640 px is what is left of 1280 at 200 % zoom.
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (320, 640, 1280)]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_axe_finds_nothing_and_nothing_overflows(who, path, visit, ada, ben, posts):
    Flag.objects.create(campaign_post=posts[0], rater=ada, reason=LONG)
    page = visit({"ada": ada, "ben": ben, None: None}[who], path)

    found = {}
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = (violations(page), overflow(page))

    assert found == dict.fromkeys(LOOKS, ([], 0))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens_and_what_is_said(scheme, visit, ada, posts):
    page = visit(ada, JUDGE, scheme=scheme)
    for key in "1234":
        page.keyboard.press(key)
    expect(page.locator("#message")).to_be_visible()
    page.keyboard.press("s")
    assert violations(page) == []

    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []

    page.keyboard.press("Escape")
    expect(page.locator("#post-heading")).to_be_focused()
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_be_visible()
    assert violations(page) == []


def test_a_post_reads_in_its_own_direction(visit, ada, posts):
    page = visit(ada, JUDGE)
    assert direction(page) == "ltr"
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".post-body")).to_have_text("أمطرت على قريتنا أخيرًا.")

    assert direction(page) == "rtl"
    assert page.locator(".post-body").evaluate("e => e.closest('[lang]').lang") == "ar"


def direction(page: Page) -> str:
    return page.locator(".post-body").evaluate("e => getComputedStyle(e).direction")


def test_a_sensitive_post_is_covered_until_asked_for(visit, ada, posts):
    page = visit(ada, JUDGE)
    for key in ("1", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".post-body")).to_have_text("أمطرت على قريتنا أخيرًا.")
    for key in ("1", "Enter"):
        page.keyboard.press(key)

    expect(page.get_by_text("This post may be upsetting.")).to_be_visible()
    expect(page.get_by_text("hard to look at")).not_to_be_visible()
    assert violations(page) == []
    page.keyboard.press("v")
    expect(page.get_by_text("hard to look at")).to_be_visible()


def test_every_target_is_big_enough_for_a_finger(visit, ada, posts):
    page = visit(ada, JUDGE, width=360, touch=True)

    small = page.evaluate(
        """[...document.querySelectorAll("a, button, summary, .choice, input[type=text]")]
        .filter(e => e.checkVisibility() && !e.matches(".visually-hidden"))
        .filter(e => e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML)"""
    )

    assert small == []
