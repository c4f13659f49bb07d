"""Servers die and networks go in the middle of 200 submits from real browsers: nothing is lost."""

import os
import signal
import socket
import subprocess
import time
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page

from annotation import campaigns
from annotation.judgements import affect_keys
from annotation.models import Judgement
from config import programs
from taxonomy.rules import keys_of
from tests.flow.conftest import ROOT, session_cookie, until

pytestmark = pytest.mark.page
RATERS, SUBMITS = 4, 200
JUDGE = "/campaigns/feelings/judge/"
#: Answers that can be told apart, so that none can stand in for another.
KEYS = [(first, second) for first in "12345" for second in "67890"]

GONE = "post => document.querySelector('.post-body')?.textContent !== post"


class WebServer:
    """The web server as `manage.py up` runs it, on the tests' database; it can be killed."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            programs.web(f"127.0.0.1:{self.port}").command,
            cwd=ROOT,
            env={**os.environ, **environment()},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                return httpx.get(f"{self.url}/signin/", timeout=5).raise_for_status()
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("The web server did not answer.")

    def kill(self) -> None:
        """SIGKILL to all its processes, whatever they were doing."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def environment() -> dict[str, str]:
    """Settings that lead another process to this test's database, sessions and files."""
    place = connection.settings_dict
    host = quote(place["HOST"], safe="")
    return {
        "DATABASE_URL": f"postgresql://{place['USER']}@{host}/{place['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "PATHOS_SECRET_KEY": settings.SECRET_KEY,
        "PATHOS_DEBUG": "1",  # static files as they lie
    }


@pytest.fixture
def server(transactional_db):
    server = WebServer()
    yield server
    server.kill()


class RaterAtWork:
    """One rater with a browser of their own, who notes what was answered to which post."""

    def __init__(self, name: str, page: Page):
        self.name, self.page = name, page
        self.said: dict[str, list[str]] = {}

    def answers(self, keys: tuple[str, ...]) -> bool:
        """Judges the post on the desk; False when the page has none to show at the moment."""
        body = self.page.locator(".post-body")
        if not body.count():
            return False
        post = body.inner_text()
        assert post not in self.said, f"{post} came twice"
        for key in keys:
            self.page.keyboard.press(key)
        picked = self.page.locator("[name=picks]:checked")
        self.said[post] = picked.evaluate_all("boxes => boxes.map(box => box.value)")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(GONE, arg=post)
        return True


@pytest.fixture
def raters(server, chromium, people, campaign, add_posts):
    campaign.raters_per_post = RATERS
    campaign.save()
    add_posts(campaign, *(f"post {n}" for n in range(SUBMITS // RATERS)))
    contexts = [chromium.new_context(base_url=server.url) for _ in range(RATERS)]
    at_work = []
    for number, context in enumerate(contexts):
        rater = campaigns.add_rater(campaign=campaign, user=people(f"Rater{number}")).rater
        context.add_cookies([session_cookie(rater, server.url)])
        page = context.new_page()
        page.goto(JUDGE)
        at_work.append(RaterAtWork(rater.key, page))
    yield at_work
    for context in contexts:
        context.close()


def test_two_hundred_answers_survive_dying_servers_and_networks(server, raters):
    offline = [one.page.context for one in raters[:2]]
    reloading = raters[3].page
    mishaps = [
        (30, server.kill),
        (36, server.start),
        (70, lambda: [context.set_offline(True) for context in offline]),
        (80, lambda: [context.set_offline(False) for context in offline]),
        (110, lambda: [server.kill(), server.start()]),
        (140, server.kill),
        (144, lambda: reloading.goto("about:blank")),  # the tab goes away with what it has
        (145, lambda: [server.start(), reloading.goto(JUDGE)]),
        (170, lambda: [server.kill(), server.start()]),
    ]

    made, deadline = 0, time.monotonic() + 300
    while made < SUBMITS and time.monotonic() < deadline:
        before = made
        for rater in raters:
            made += rater.answers(KEYS[made % len(KEYS)])
            if mishaps and made >= mishaps[0][0]:
                mishaps.pop(0)[1]()
        if made == before:  # nobody has a post to show: on with whatever comes next
            raters[0].page.wait_for_timeout(200)
            if mishaps and not is_up(server):
                mishaps.pop(0)[1]()

    assert (made, mishaps) == (SUBMITS, [])
    for rater in raters:
        rater.page.locator("#waiting").wait_for(state="hidden", timeout=60_000)
    # The line tells of answers that are held up; the last ones are merely on their way.
    until(raters[0].page, Judgement.objects.count, SUBMITS, seconds=60)
    assert stored() == {rater.name: rater.said for rater in raters}


def is_up(server: WebServer) -> bool:
    return server.process.poll() is None


def stored() -> dict[str, dict[str, list[str]]]:
    """rater → text of the post → affects, as they lie in the database."""
    found: dict[str, dict[str, list[str]]] = {}
    rows = Judgement.objects.select_related("rater", "campaign_post__post", "campaign")
    for row in rows:
        keys = keys_of(row.picks, affect_keys(row.campaign.taxonomy_id))
        found.setdefault(row.rater.key, {})[row.campaign_post.post.body] = keys
    return found
