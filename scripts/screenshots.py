"""Takes the pictures of the README from a running demo, as its rater and its admin see it.

    make demo                                             (in one terminal)
    PYTHONPATH=. .venv/bin/python scripts/screenshots.py  (in another)

The rater's picture is of a campaign made for it, which asks about the demo's posts with pictures.
"""

import argparse
import os
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SIZE = {"width": 1280, "height": 800}
SLUG = "feelings-in-the-feed"


def make_campaign() -> None:
    """A campaign of the posts with pictures, for the demo's rater. Made once."""
    from django.contrib.auth import get_user_model

    from annotation import campaigns
    from annotation.models import Campaign, CampaignPost, Post
    from taxonomy import taxonomies

    if Campaign.objects.filter(slug=SLUG).exists():
        return
    campaign = campaigns.create(slug=SLUG, taxonomy=taxonomies.find("affects"))
    CampaignPost.objects.bulk_create(
        CampaignPost(campaign=campaign, post=post, wanted=campaign.raters_per_post)
        for post in Post.objects.exclude(image="").order_by("key")
    )
    campaigns.add_rater(campaign=campaign, user=get_user_model().objects.get(username="rater"))


def sign_in(browser: Browser, address: str, name: str, password: str) -> Page:
    page = browser.new_page(base_url=address, viewport=SIZE)
    page.goto("/signin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Campaigns", exact=True).wait_for()
    return page


def take(browser: Browser, address: str, password: str, out: Path) -> None:
    rater = sign_in(browser, address, "rater", password)
    rater.goto(f"/campaigns/{SLUG}/judge/")
    for key in "13":
        rater.keyboard.press(key)
    rater.screenshot(path=out / "rater.png", animations="disabled")
    admin = sign_in(browser, address, "admin", password)
    admin.goto("/campaigns/demo/agreement/")
    admin.screenshot(path=out / "agreement.png", animations="disabled")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--out", default=ROOT / "docs" / "images", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    make_campaign()
    password = (settings.PATHOS_HOME / "demo.password").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("PATHOS_CHROMIUM"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        take(browser, options.address, password, options.out)
        browser.close()


if __name__ == "__main__":
    main()
