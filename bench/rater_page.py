"""What a rater waits for: from the key press to the next post painted, in a real Chromium.

    python -m bench.rater_page --raters 20 --submits 60

One rater is measured in a browser while the others work over REST, each at a steady pace, against
the same web server and database on the same cores. The page is measured twice: as it is, with two
posts fetched ahead, and with nothing fetched ahead, when every submit waits for the server. Beside
it: what the page weighs without images, and how long the first load takes with an empty cache.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass

import httpx
import numpy as np

from bench.home import fresh_home
from bench.label_loop import ROOT, prepare, wait_for

#: Visits until both web processes have compiled what they show.
WARM_UP = 6
GOALS = {"median_ms": 100.0, "kilobytes": 150.0, "load_ms": 1000.0}

#: Notes for every Enter how long it took until another post was painted: the first frame after its
#: card came, and the task that follows it.
WATCH = """
window.waits = [];
let pressed = null, shown = null;
const card = () => document.querySelector(".post");
addEventListener("keydown", (event) => {
  if (event.key === "Enter") { pressed = event.timeStamp; shown = card(); }
}, true);
const painted = new MessageChannel();
painted.port1.onmessage = ({ data }) => window.waits.push(performance.now() - data);
new MutationObserver(() => {
  if (pressed === null || card() === null || card() === shown) return;
  const began = pressed;
  pressed = null;
  requestAnimationFrame(() => painted.port2.postMessage(began));
}).observe(document, { childList: true, subtree: true });
"""

#: Before the page's own script reads how many posts to keep ahead.
NOTHING_AHEAD = """
document.addEventListener("readystatechange", () => {
  document.querySelector("#desk")?.setAttribute("data-ahead", "0");
});
"""


@dataclass
class Measured:
    waits_ms: list[float]
    kilobytes: float
    load_ms: float
    paint_ms: float

    def figures(self) -> dict[str, float]:
        p50, p95 = np.percentile(self.waits_ms, [50, 95])
        return {
            "submits": len(self.waits_ms),
            "median_ms": round(float(p50), 1),
            "p95_ms": round(float(p95), 1),
            "kilobytes": round(self.kilobytes, 1),
            "load_ms": round(self.load_ms),
            "first_paint_ms": round(self.paint_ms),
        }


class Colleague(threading.Thread):
    """Judges over REST, one post in `pace` seconds on the average, until told to stop."""

    def __init__(self, port: int, token: str, pace: float, seed: int):
        super().__init__(daemon=True)
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1/",
            headers={"Authorization": f"Token {token}"},
            limits=httpx.Limits(keepalive_expiry=1.0),
        )
        self.pace, self.rng = pace, np.random.default_rng(seed)
        self.stop = threading.Event()
        self.judged = 0

    def run(self) -> None:
        answer = self.post("campaigns/loop/assignments/", {})
        waiting = answer["assignments"][0]
        while waiting and not self.stop.wait(self.rng.exponential(self.pace)):
            said = {"picks": ["touched"], "next": True}
            waiting = self.post(f"assignments/{waiting['id']}/judgement/", said)["next"]
            self.judged += 1

    def post(self, path: str, body: dict) -> dict:
        return self.http.post(path, json=body).raise_for_status().json()


def main() -> int:
    arguments = parse()
    with fresh_home():
        tokens = prepare(arguments.raters + 1, arguments.posts)
        figures = measure(arguments, tokens)
    report(figures, arguments)
    ahead = figures["ahead"]
    return int(any(ahead[name] > goal for name, goal in GOALS.items()))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--raters", type=int, default=20, help="at work, the measured one among them"
    )
    parser.add_argument("--pace", type=float, default=3.0, help="seconds a judgement of the others")
    parser.add_argument("--submits", type=int, default=60)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--latency", type=float, default=0, help="ms of the rater's network")
    parser.add_argument("--port", type=int, default=8766)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def measure(arguments: argparse.Namespace, tokens: list[str]) -> dict[str, dict]:
    from config import programs

    web = subprocess.Popen(
        programs.web(f"127.0.0.1:{arguments.port}").command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    others = [
        Colleague(arguments.port, token, arguments.pace, seed)
        for seed, token in enumerate(tokens[2:])
    ]
    try:
        wait_for(arguments.port)
        for other in others:
            other.start()
        return in_browser(arguments)
    finally:
        for other in others:
            other.stop.set()
        for other in others:
            other.join()
        print(f"meanwhile the others judged {sum(other.judged for other in others)} posts")
        web.terminate()
        web.wait()


def in_browser(arguments: argparse.Namespace) -> dict[str, dict]:
    """Two accounts of their own, so that neither finds what the other has fetched ahead."""
    from playwright.sync_api import sync_playwright

    cookies = [sign_in(f"rater{number}") for number in (0, 1)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("PATHOS_CHROMIUM"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        for _ in range(WARM_UP):  # the server has its templates ready; the browser's cache is empty
            judge(browser, arguments, cookies[0], WATCH, submits=0)
        return {
            "ahead": judge(browser, arguments, cookies[0], WATCH).figures(),
            "nothing_ahead": judge(browser, arguments, cookies[1], WATCH + NOTHING_AHEAD).figures(),
        }


def sign_in(name: str) -> str:
    """The session that signing in would leave in the browser."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client.cookies["sessionid"].value


def judge(
    browser, arguments: argparse.Namespace, session: str, script: str, submits: int | None = None
) -> Measured:
    address = f"http://127.0.0.1:{arguments.port}"
    context = browser.new_context(base_url=address)
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    context.add_init_script(script)
    page = context.new_page()
    bytes_loaded = weigh(page)
    page.goto("/campaigns/loop/judge/", wait_until="networkidle")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    load, paint = page.evaluate(
        """[performance.getEntriesByType("navigation")[0].loadEventEnd,
            performance.getEntriesByName("first-contentful-paint")[0].startTime]"""
    )
    kilobytes = sum(bytes_loaded) / 1000
    slow_down(page, arguments.latency)
    for number in range(arguments.submits if submits is None else submits):
        page.wait_for_timeout(600)  # reads, and what is fetched ahead arrives
        for key in ("1", "2")[: 1 + number % 2]:
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_function("number => waits.length > number", arg=number)
    waits = page.evaluate("waits")
    context.close()
    return Measured(waits, kilobytes, load, paint)


def slow_down(page, latency_ms: float) -> None:
    """The network of somebody further away, from now on."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": latency_ms,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        },
    )


def weigh(page) -> list[int]:
    """Fills with the bytes on the wire of everything but images."""
    found: list[int] = []
    network = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    network.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    network.on(
        "Network.loadingFinished",
        lambda e: kinds.get(e["requestId"]) != "Image" and found.append(e["encodedDataLength"]),
    )
    network.send("Network.enable")
    return found


def report(figures: dict[str, dict], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(figures))
        return
    ahead, nothing = figures["ahead"], figures["nothing_ahead"]
    print(
        f"{arguments.raters} raters, one judgement in {arguments.pace:g} s each, "
        f"{ahead['submits']} submits measured over a network of {arguments.latency:g} ms, "
        f"{os.cpu_count()} cores"
    )
    print(f"{'':34}{'two ahead':>12}{'none ahead':>12}{'ratio':>8}")
    for name, text in {
        "median_ms": "key press to next post, median ms",
        "p95_ms": "the same, p95 ms",
        "kilobytes": "page without images, kB",
        "load_ms": "first load, ms",
        "first_paint_ms": "first paint, ms",
    }.items():
        ratio = nothing[name] / ahead[name]
        print(f"{text:34}{ahead[name]:12,}{nothing[name]:12,}{ratio:8.1f}")
    for name, goal in GOALS.items():
        if ahead[name] > goal:
            print(f"{name} is over its goal of {goal:g}")


if __name__ == "__main__":
    sys.exit(main())
