"""How long admins wait for a page about a campaign as large as the paper's.

    python -m bench.dashboards [--admins 20] [--seconds 60] [--pause 1.0]

Twenty admins, each signed in, open one page of the campaign after the other from the web server
that `manage.py up` runs, and look at each for a second or so. Printed for each page:

- the latency of the answer, p50 and p95, from all admins together;
- asked alone: processor time (Python's and the database's), statements, and the slowest statement.

The campaign is built once (some minutes) and kept in `--home`, so that it can be asked again.
"""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from bench import cpu, paper_rounds, paper_scale
from bench.label_loop import ROOT, wait_for

HOME = Path(tempfile.gettempdir()) / "pathos-bench-dashboards"
LIMIT_MS = 200
#: How often a page is asked alone; how many pages an admin opens before it counts.
ALONE, WARM_UP = 5, 5


def main() -> int:
    arguments = parse()
    os.environ["PATHOS_HOME"] = str(arguments.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    paper_scale.fill(arguments.posts)
    paper_scale.do_the_workers_part()
    pages = [page for page in addresses().items() if re.search(arguments.only, page[0])]
    cookies = [sign_in(number) for number in range(arguments.admins)]
    alone = {name: ask_alone(url, cookies[0]) for name, url in pages}
    together = {} if arguments.alone else measure(arguments, pages, cookies)
    report(arguments, alone, together)
    return 0 if all(seconds["p95"] < LIMIT_MS for seconds in together.values()) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=820_000)
    parser.add_argument("--admins", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds that a page is read")
    parser.add_argument("--only", default="", help="pages whose names match this pattern")
    parser.add_argument("--alone", action="store_true", help="no web server, one page at a time")
    parser.add_argument("--port", type=int, default=8766)
    parser.add_argument("--home", type=Path, default=HOME)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def addresses() -> dict[str, str]:
    """Every page of a campaign that staff can open, by its name."""
    from django.urls import NoReverseMatch, reverse

    slug, member = [paper_scale.SLUG], first("annotation.Membership")
    asked = {
        "campaigns": ("annotation:campaigns", []),
        "overview": ("annotation:overview", slug),
        "settings": ("annotation:settings", slug),
        "guideline": ("annotation:guideline", slug),
        "joining": ("joining:people", slug),
        "entrances": ("joining:entrances", slug),
        "agreement": ("agreement:report", slug),
        "agreement, Spearman": ("agreement:report", slug, "?correlation=spearman"),
        "agreement, over judgements": ("agreement:report", slug, "?over=judgements"),
        "consensus": ("agreement:consensus", slug),
        "agreement without a rater": ("agreement:report", slug, f"?without={member}"),
        "a proposal": ("agreement:propose", slug),
        "weeks": ("agreement:drift", slug),
        "compared": ("agreement:compare", slug, f"?{around()}"),
        "strata": ("agreement:strata", slug),
        "sums": ("agreement:sums", slug),
        "raters": ("quality:raters", slug),
        "one rater": ("quality:rater", [*slug, member]),
        "gold": ("qualification:gold", slug),
        "routing": ("routing:rounds", slug),
        "a round": ("routing:round", [*slug, paper_rounds.ROUNDS]),
        "gains": ("routing:gains", slug),
        "why a post was asked": ("routing:post", [*slug, drawn()]),
        "snapshots": ("snapshots:list", slug),
        "a snapshot": ("snapshots:detail", [first("snapshots.Snapshot")]),
        "models": ("modelling:models", slug),
        "a model": ("modelling:model", [first("modelling.ModelVersion")]),
        "a new analysis": ("analysis:new", []),
        "an analysis": ("analysis:detail", [first("analysis.Analysis")]),
        "hours": ("work:hours", slug),
        "hours, last week": ("work:hours", slug, f"?week={last_week()}"),
    }
    found = {}
    for name, page in asked.items():
        try:
            url, arguments, query = (*page, "")[:3]
            found[name] = reverse(url, args=arguments) + query
        except NoReverseMatch:
            print(f"There is no page '{name}'.", file=sys.stderr)
    return found


def first(model: str) -> int | None:
    from django.apps import apps

    return apps.get_model(model).objects.order_by("id").values_list("id", flat=True).first()


def drawn() -> int:
    """A judged campaign post that the newest round drew."""
    from routing.models import Selection

    judged = Selection.objects.filter(campaign_post__judged__gt=0)
    return judged.order_by("-id").values_list("campaign_post", flat=True).first()


def around() -> str:
    """The address of the reports before and after a day that `paper_scale` had computed."""
    from urllib.parse import urlencode

    return urlencode({"around": paper_scale.middle()})


def last_week() -> str:
    from datetime import date, timedelta

    year, week, _ = (date.today() - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


def sign_in(number: int) -> str:
    """An admin's session, as signing in leaves it in the browser."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    admin, _ = get_user_model().objects.get_or_create(
        username=f"admin{number}", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(admin)
    return client.cookies["sessionid"].value


def ask_alone(url: str, cookie: str) -> dict:
    """In this process, one at a time: what the page costs by itself. The first visit is not counted."""
    from django.db import connection
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = cookie
    answer = client.get(url)
    statements = []
    with connection.execute_wrapper(_timed(statements)):
        client.get(url)
    before, began = processor_seconds(), time.perf_counter()
    for _ in range(ALONE):
        client.get(url)
    slowest = max(statements, default=(0.0, ""))
    return {
        "status": answer.status_code,
        "kb": len(answer.content) / 1024,
        "ms": 1000 * (time.perf_counter() - began) / ALONE,
        "cpu_ms": 1000 * (processor_seconds() - before) / ALONE,
        "statements": len(statements),
        "slowest_ms": slowest[0],
        "slowest": " ".join(slowest[1].split())[:160],
    }


def _timed(statements: list[tuple[float, str]]):
    def execute(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            statements.append((1000 * (time.perf_counter() - began), sql))

    return execute


def processor_seconds() -> float:
    return time.process_time() + cpu.seconds_of(cpu.database_pid())


def measure(arguments: argparse.Namespace, pages: list, cookies: list[str]) -> dict[str, dict]:
    from config import programs

    web = subprocess.Popen(
        programs.web(f"127.0.0.1:{arguments.port}").command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(arguments.port)
        return drive(arguments, pages, cookies)
    finally:
        web.terminate()
        web.wait()


def drive(arguments: argparse.Namespace, pages: list, cookies: list[str]) -> dict[str, dict]:
    seconds = {name: [] for name, _ in pages}
    until = time.perf_counter() + arguments.seconds
    admins = [
        threading.Thread(target=look, args=[arguments, pages, cookie, number, until, seconds])
        for number, cookie in enumerate(cookies)
    ]
    for admin in admins:
        admin.start()
    for admin in admins:
        admin.join()
    return {name: percentiles(found) for name, found in seconds.items() if found}


def look(arguments, pages: list, cookie: str, number: int, until: float, seconds: dict) -> None:
    """One admin: every page in turn, each beginning with another one, none counted the first time."""
    rng, turn = random.Random(number), number
    connection = http.client.HTTPConnection("127.0.0.1", arguments.port, timeout=60)
    headers = {"Host": "localhost", "Cookie": f"sessionid={cookie}"}
    while time.perf_counter() < until:
        name, url = pages[turn % len(pages)]
        began = time.perf_counter()
        connection.request("GET", url, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()  # the server does so after two seconds
        if answer.status != 200:
            raise RuntimeError(f"{url} answered {answer.status}")
        if turn - number >= WARM_UP:
            seconds[name].append(time.perf_counter() - began)
        turn += 1
        time.sleep(rng.expovariate(1 / arguments.pause) if arguments.pause else 0)


def percentiles(seconds: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95])
    return {"n": len(seconds), "p50": p50, "p95": p95}


def report(arguments: argparse.Namespace, alone: dict, together: dict) -> None:
    load = os.getloadavg()[0]
    if arguments.json:
        print(json.dumps({"load": load, "alone": alone, "together": together}))
        return
    print(f"{arguments.admins} admins, pauses of {arguments.pause} s, load {load:.1f}")
    print(f"{'':28} {'p50':>6} {'p95':>6} ms    alone: ms, of processor, kB, statements, slowest")
    for name, page in alone.items():
        found = together.get(name)
        latency = f"{found['p50']:6.0f} {found['p95']:6.0f}" if found else " " * 13
        print(
            f"{name:28} {latency}       {page['ms']:6.0f} {page['cpu_ms']:6.0f} {page['kb']:5.0f}"
            f" {page['statements']:4} {page['slowest_ms']:7.1f}"
            + (f"  {page['slowest']}" if page["slowest_ms"] > 20 else "")
            + ("" if page["status"] == 200 else f"  ANSWERED {page['status']}")
        )


if __name__ == "__main__":
    sys.exit(main())
