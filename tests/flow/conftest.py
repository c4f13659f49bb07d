"""A real Chromium in front of a real server, and a campaign with the real taxonomy."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started

# Playwright's event loop runs in this thread; Django would take every query for one inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ROOT = Path(__file__).resolve().parents[2]
#: The system's browsers first; None is the one that Playwright has downloaded itself.
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
#: The browser's own errands (updates, autofill, metrics) have no place among a page's requests.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--disable-dev-shm-usage",
]


def browser_path() -> str | None:
    named = os.environ.get("PATHOS_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=15_000)
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        except Error as error:
            why = str(error).strip().splitlines()[0]
            pytest.skip(f"No Chromium starts here (scripts/chromium can install one): {why}")
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def a_folder_for_static_files():
    """The server starts before any test has settings of its own, and looks for this folder."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def served() -> Iterator[Callable[[], None]]:
    """Waits until the server has nothing in hand: a browser that is closed leaves answers on their
    way, and whoever then empties the tables pulls them from under a request."""
    in_hand: list[float] = []
    request_started.connect(begun := lambda **_: in_hand.append(1), weak=False)
    request_finished.connect(ended := lambda **_: in_hand and in_hand.pop(), weak=False)

    def wait() -> None:
        deadline, calm = time.monotonic() + 10, 0
        while calm < 5 and time.monotonic() < deadline:
            time.sleep(0.02)
            calm = 0 if in_hand else calm + 1

    yield wait
    request_started.disconnect(begun)
    request_finished.disconnect(ended)


@pytest.fixture
def visit(chromium, live_server, served) -> Iterator:
    """Opens a page as a person: `visit(ada, "/campaigns/", width=360, touch=True)`.

    The test fails at its end if any page asked another server than ours for anything, or if a
    script failed or was refused by the security policy.
    """
    contexts, faults = [], []

    def watch(page) -> None:
        page.on("request", lambda request: foreign(request.url))
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda line: faults.append(line.text) if is_policy(line.text) else None)

    def foreign(url: str) -> None:
        if not url.startswith((live_server.url, "data:", "about:")):
            faults.append(f"asked another server: {url}")

    def is_policy(text: str) -> bool:
        return "Content Security Policy" in text

    def open_page(user, path: str, *, width=1280, height=800, touch=False, scheme="light", **more):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
            color_scheme=scheme,
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(15_000)
        # Interception that is on from the first request misses none. Switched on between two
        # keystrokes it sometimes does, and a test's own route is passed by.
        context.route("**/*", lambda route: route.continue_())
        contexts.append(context)
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        watch(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    served()
    assert faults == []


def session_cookie(user, url: str) -> dict:
    """What signing in would leave in the browser."""
    from django.test import Client

    client = Client()
    client.force_login(getattr(user, "user", user))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


def until(page, told: Callable[[], object], wanted: object = True, seconds: float = 15) -> None:
    """Waits for what the page's script does behind the scenes, then asserts it.

    It waits inside Playwright: the page's requests pass through this very thread.
    """
    deadline = time.monotonic() + seconds
    while told() != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert told() == wanted


@pytest.fixture
def taxonomy(transactional_db):
    """The 15 affects that Pathos ships with."""
    from taxonomy import files, taxonomies

    return taxonomies.load(file=files.read(ROOT / "taxonomy/data/affects-v1.json"))[0]
