"""Takes the pictures of the README and of docs/pages.md from a running demo, as its people see it.

    make demo                                             (in one terminal)
    PYTHONPATH=. .venv/bin/python scripts/screenshots.py  (in another)

The rater's pictures are of a campaign made for them, which asks about the demo's posts with images.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WIDE = {"viewport": {"width": 1280, "height": 800}}
DARK = {**WIDE, "color_scheme": "dark"}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
SLUG = "feelings-in-the-feed"
ADMIN_PAGES = {
    "admin-overview": "/campaigns/demo/",
    "admin-joining": "/campaigns/demo/joining/",
    "admin-gold": "/campaigns/demo/gold/",
    "admin-raters": "/campaigns/demo/raters-quality/",
    "admin-hours": "/campaigns/demo/hours/",
    "admin-settings": "/campaigns/demo/settings/",
    "admin-routing": "/campaigns/demo/routing/",
    "admin-gains": "/campaigns/demo/routing/gains/",
    "agreement": "/campaigns/demo/agreement/",
    "weeks": "/campaigns/demo/agreement/drift/",
    "consensus": "/campaigns/demo/consensus/",
}
#: Single cards of dashboards, by the heading that names them.
CARDS = {
    "affect-by-affect": ("/campaigns/demo/agreement/?bootstrap=500", "affects"),
    "votes": ("/campaigns/demo/agreement/", "votes"),
    "co-occurrence": ("/campaigns/demo/agreement/", "co-occurrence"),
    "signals": ("/campaigns/demo/consensus/", "signals"),
}


class Photographer:
    """Opens pages of the demo as its people, and keeps what they look like."""

    def __init__(self, browser: Browser, address: str, password: str, out: Path):
        self.browser, self.address, self.password, self.out = browser, address, password, out

    @contextmanager
    def page(self, name: str | None = None, look: dict = WIDE) -> Iterator[Page]:
        context = self.browser.new_context(base_url=self.address, **look)
        page = context.new_page()
        if name:
            page.goto("/signin/")
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill(self.password)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", name="Campaigns", exact=True).wait_for()
        yield page
        context.close()

    def take(self, page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        path = self.out / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        self._shrink(path)

    def take_card(self, page: Page, name: str, heading: str) -> None:
        page.wait_for_load_state("networkidle")
        path = self.out / f"{name}.png"
        card = page.locator(f"section[aria-labelledby='{heading}']")
        card.screenshot(path=path, animations="disabled")
        self._shrink(path)

    @staticmethod
    def _shrink(path: Path) -> None:
        Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)


def make_campaign() -> None:
    """A campaign of the posts with images, for the demo's rater. Made once."""
    from django.contrib.auth import get_user_model

    from annotation import campaigns
    from annotation.models import Campaign, CampaignPost, Post
    from taxonomy import taxonomies

    if Campaign.objects.filter(slug=SLUG).exists():
        return
    campaign = campaigns.create(slug=SLUG, taxonomy=taxonomies.find("affects"))
    support = "Some posts stay with you. Talk to us: care@example.org, or call 116 123 at any hour."
    campaigns.change(campaign=campaign, support_text=support, pay_per_hour="14.50")
    posts = list(Post.objects.exclude(image="").order_by("key"))
    CampaignPost.objects.bulk_create(
        CampaignPost(
            campaign=campaign,
            post=post,
            wanted=campaign.raters_per_post,
            sensitive=number == 5,
            priority=-number,
        )
        for number, post in enumerate(posts)
    )
    campaigns.add_rater(campaign=campaign, user=get_user_model().objects.get(username="rater"))


def the_way_in(camera: Photographer, door: str) -> None:
    """As somebody new, from the link to the last step before the first post."""
    with camera.page() as page:
        page.goto(door)
        camera.take(page, "enter")
        page.get_by_role("button", name="Begin").click()
        camera.take(page, "consent")
        page.get_by_role("button", name="I agree", exact=True).click()
        camera.take(page, "strata")
        page.get_by_role("button", name="Go on").click()
        camera.take(page, "guideline")
        page.get_by_role("button", name="I have read it").click()
        camera.take(page, "quiz")
        page.get_by_role("button", name="Start the quiz").click()
        page.locator("#answer").wait_for()
        camera.take(page, "quiz-question")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.locator("#verdict").wait_for()
        camera.take(page, "quiz-feedback")


def the_desk(camera: Photographer) -> None:
    with camera.page("rater") as page:
        page.goto(f"/campaigns/{SLUG}/judge/")
        page.wait_for_load_state("networkidle")
        press(page, "1", "3")
        camera.take(page, "rater")
        press(page, "s")
        camera.take(page, "skip")
        press(page, "Escape", "z")
        camera.take(page, "zoom")
        press(page, "Escape")
        answer(page)
        page.get_by_text("Support", exact=True).click()
        camera.take(page, "support")
        page.goto(f"/campaigns/{SLUG}/recent/")
        camera.take(page, "recent")
        press(page, "1")
        page.locator("#answer").wait_for()
        camera.take(page, "revise")
    with camera.page("rater", DARK) as page:
        page.goto(f"/campaigns/{SLUG}/judge/")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        press(page, "5", "4", "Enter")
        page.locator("#waiting").wait_for()
        camera.take(page, "rater-dark-offline")
        page.context.set_offline(False)
        page.locator("#waiting").wait_for(state="hidden")
    with camera.page("rater", PHONE) as page:
        page.goto(f"/campaigns/{SLUG}/judge/")
        camera.take(page, "rater-phone")
        page.get_by_role("checkbox", name="Touched", exact=True).tap()
        page.locator("#submit").scroll_into_view_if_needed()
        camera.take(page, "rater-phone-affects")
        answer(page)
        while not page.locator("#veil").count():
            answer(page)
        camera.take(page, "covered-phone")
    with camera.page("rater") as page:
        for name, path in {"campaigns": "/campaigns/", "my-work": "/work/"}.items():
            page.goto(path)
            camera.take(page, name)
        page.goto("/work/delete/")
        camera.take(page, "delete-account")
        page.goto(f"/campaigns/{SLUG}/judge/")
        page.get_by_role("button", name="Stop for today").click()
        camera.take(page, "stop")


def answer(page: Page) -> None:
    """Says something of the post on the desk, and waits for the next."""
    before = page.locator("#post-heading").element_handle()
    press(page, "9", "Enter")
    page.wait_for_function("shown => !shown.isConnected", arg=before)
    page.locator("#post-heading").wait_for()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def the_admins_pages(camera: Photographer) -> None:
    with camera.page("admin") as page:
        for name, path in ADMIN_PAGES.items():
            page.goto(path)
            camera.take(page, name)
        for name, (path, heading) in CARDS.items():
            page.goto(path)
            camera.take_card(page, name, heading)
    with camera.page("admin", DARK) as page:
        for name in ("admin-overview", "agreement"):
            page.goto(ADMIN_PAGES[name])
            camera.take(page, f"{name}-dark")
        path, heading = CARDS["co-occurrence"]
        page.goto(path)
        camera.take_card(page, "co-occurrence-dark", heading)
    with camera.page("admin", PHONE) as page:
        for name in ("admin-overview", "agreement", "consensus"):
            page.goto(ADMIN_PAGES[name])
            camera.take(page, f"{name}-phone")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from joining.models import Entrance

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--out", default=ROOT / "docs" / "images", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    make_campaign()
    door = f"/enter/{Entrance.objects.get(campaign__slug='demo', name='Demo').token}/"
    password = (settings.PATHOS_HOME / "demo.password").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("PATHOS_CHROMIUM"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        camera = Photographer(browser, options.address, password, options.out)
        the_way_in(camera, door)
        the_desk(camera)
        the_admins_pages(camera)
        browser.close()


if __name__ == "__main__":
    main()
