"""How long a snapshot takes, beside a raw COPY of the same rows out of the same database.

    python -m bench.snapshots --posts 20000 --raters 348

Figures of one run on one machine:

- **COPY**: posts, judgements and signals to CSV and nowhere else: what the database alone needs;
- **build**: the folder with all tables, labels, split, hashes, manifest and card, and its ratio to
  COPY; the memory is the most that this process ever held;
- **REST**: the same through a real web server and worker: until the snapshot is ready, and from
  there to the first and the last byte of its judgements as CSV.
"""

import argparse
import json
import logging
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import httpx

from bench.home import fresh_home

ROOT = Path(__file__).resolve().parent.parent
#: Anchors on a two-core machine: seconds to export 20,000 posts with 100,000 judgements, measured
#: elsewhere.
PEERS = {"Label Studio 1.23.2, REST": 63.7, "Label Studio 1.23.2, snapshot": 47.0, "doccano": 20.0}
PEER_POSTS = 20_000
COPIED = [
    "SELECT * FROM annotation_post ORDER BY id",
    "SELECT * FROM annotation_judgement ORDER BY campaign_post_id, rater_id",
    "SELECT * FROM signals_signal ORDER BY post_id, person_id",
]
COUNTED = ["posts", "judgements", "raters", "labels", "signals", "personal_rows"]
SNAPSHOTS = "/api/v1/campaigns/study/snapshots/"
MEBIBYTE = 1 << 20


def main() -> int:
    arguments = parse()
    with fresh_home() as home:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        prepare(arguments)
        figures = {"copy": measure_copy(), **measure_build(home / "out")}
        if arguments.port:
            figures |= measure_rest(arguments.port)
    report(arguments, figures)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--raters", type=int, default=348)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--port", type=int, default=8766, help="0 leaves REST out")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def prepare(arguments: argparse.Namespace) -> None:
    """A campaign `study` with five judgements and two likes for each post."""
    from django.core.management import call_command
    from django.db import connection

    from annotation import campaigns
    from taxonomy import taxonomies

    call_command("migrate", verbosity=0)
    campaign = campaigns.create(slug="study", taxonomy=taxonomies.find("affects"))
    values = {**vars(arguments), "campaign": campaign.id}
    with connection.cursor() as cursor:
        for statement in ROWS:
            cursor.execute(statement, values)
        cursor.execute("VACUUM ANALYZE")


ROWS = [
    "SELECT setseed(0.5)",
    """INSERT INTO annotation_post (key, title, body, ocr_text, transcript, image, image_alt,
       language, publisher, publisher_feeling, sensitive, metadata, content_hash, imported_at)
       SELECT 'p' || n, '', n || repeat(' and then we went to the sea', 1 + n %% 9), '', '', '', '',
       'en', 'Someone', '', false, '{"source": "bench"}', '', now()
       FROM generate_series(1, %(posts)s) AS n""",
    """INSERT INTO annotation_campaignpost
       (campaign_id, post_id, state, priority, wanted, reserved, judged)
       SELECT %(campaign)s, id, 'open', 0, 5, 5, 5 FROM annotation_post ORDER BY id""",
    """INSERT INTO annotation_rater (key, created_at)
       SELECT 'rater ' || n, now() FROM generate_series(1, %(raters)s) AS n""",
    """INSERT INTO annotation_judgement (campaign_id, campaign_post_id, rater_id, picks, other,
       frame, seconds, judged_at, revision, set_aside)
       SELECT %(campaign)s, post.id, rater.id,
         (1 << floor(random() * 5)::int) | (1 << (5 + floor(random() * 10))::int), '', 'universal',
         5 + 10 * random(), now() + post.id * interval '1 second', 0, false
       FROM annotation_campaignpost AS post CROSS JOIN generate_series(0, 4) AS n
       JOIN annotation_rater AS rater
         ON rater.id = 1 + (post.id * 7 + n * 11) %% %(raters)s""",
    """INSERT INTO signals_person (key, bio, features, consented)
       SELECT 'person ' || n, 'I like it here', ARRAY[n, random()], true
       FROM generate_series(1, %(people)s) AS n""",
    """INSERT INTO signals_signal (person_id, post_id, kind, at)
       SELECT 1 + (post.id * 3 + n) %% %(people)s, post.id, 'like', now()
       FROM annotation_post AS post CROSS JOIN generate_series(0, 1) AS n""",
]


def measure_copy() -> float:
    """Seconds for PostgreSQL to send the rows as CSV, and for us to drop them."""
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor:
        for query in COPIED:
            with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
                for _ in copy:
                    pass
    return time.perf_counter() - began


def measure_build(folder: Path) -> dict:
    from annotation import access
    from snapshots import plans, snapshots

    began = time.perf_counter()
    manifest = snapshots.write(
        campaign=access.get_campaign("study"),
        plan=plans.make(name="study"),
        folder=folder,
        report=lambda share: None,
    )
    return {
        "build": time.perf_counter() - began,
        "counts": {name: manifest["counts"][name] for name in COUNTED},
        "bytes": sum(facts["bytes"] for facts in manifest["files"].values()),
        "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def measure_rest(port: int) -> dict:
    """Seconds from asking for a snapshot to ready, and to its judgements as CSV."""
    from config import programs

    address = f"127.0.0.1:{port}"
    commands = [programs.web(address).command, programs.worker().command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(command, cwd=ROOT, **quiet) for command in commands]
    try:
        headers = {"Authorization": f"Token {engineer_token()}"}
        with httpx.Client(base_url=f"http://{address}", headers=headers, timeout=60) as client:
            wait_for(client)
            return drive(client)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def engineer_token() -> str:
    from django.contrib.auth import get_user_model
    from rest_framework.authtoken.models import Token

    user = get_user_model().objects.create_user("engineer", is_staff=True)
    return Token.objects.create(user=user).key


def wait_for(client: httpx.Client) -> None:
    """Until web server and worker answer, so that their start is not measured."""
    from config.celery import app

    for _ in range(200):
        try:
            if client.get(SNAPSHOTS).is_success and app.control.ping(timeout=0.5):
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("The web server or the worker did not answer.")


def drive(client: httpx.Client) -> dict:
    began = time.perf_counter()
    url = client.post(SNAPSHOTS).raise_for_status().json()["url"]
    while (found := client.get(url).json())["state"] not in ("ready", "failed"):
        time.sleep(0.02)
    if found["error"]:
        raise RuntimeError(found["error"])
    ready = time.perf_counter()
    with client.stream("GET", f"{url}files/judgements.parquet?format=csv") as response:
        pieces = response.iter_raw()
        size = len(next(pieces))
        first = time.perf_counter()
        size += sum(map(len, pieces))
    return {
        "rest_ready": ready - began,
        "rest_first_byte": first - ready,
        "rest_last_byte": time.perf_counter() - ready,
        "rest_bytes": size,
    }


def report(arguments: argparse.Namespace, figures: dict) -> None:
    ratio = figures["build"] / figures["copy"]
    if arguments.json:
        print(json.dumps({**figures, "ratio": ratio}))
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in figures["counts"].items())
    print(f"{rows}; {os.cpu_count()} cores")
    print(f"raw COPY       {figures['copy']:8.2f} s")
    print(
        f"build          {figures['build']:8.2f} s   {ratio:.1f} times COPY   "
        f"{figures['bytes'] / MEBIBYTE:.1f} MiB   "
        f"peak memory {figures['peak_memory'] / MEBIBYTE:.0f} MiB"
    )
    if "rest_ready" in figures:
        print(f"REST, ready    {figures['rest_ready']:8.2f} s after it was asked for")
        print(
            f"REST, CSV      {figures['rest_first_byte']:8.2f} s to the first byte, "
            f"{figures['rest_last_byte']:.2f} s to the last of "
            f"{figures['rest_bytes'] / MEBIBYTE:.1f} MiB"
        )
    for peer, seconds in PEERS.items() if arguments.posts == PEER_POSTS else ():
        print(
            f"               {seconds / figures['build']:8.1f} times as quick as {peer} ({seconds} s)"
        )


if __name__ == "__main__":
    sys.exit(main())
