"""How long a round over a large pool takes: scored and drawn by two Celery workers.

    python -m bench.routing_scale                  1,000,000 posts
    python -m bench.routing_scale --posts 100000

Posts of made-up words with a share of near-duplicates, 13 affects, some thousand of the posts
judged; embedded PostgreSQL and Redis and real worker processes, as `manage.py up` has them. Printed
are the seconds from ringing to done, the peak memory of the workers, and the time that PostgreSQL
spent on the round's statements.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.home import fresh_home

AFFECTS, JUDGED, RATERS = 13, 5_000, 3
#: One post in so many repeats another one with a word added.
REPEATS = 20
VOCABULARY, WORDS_PER_POST, TELLING = 20_000, 16, 30
PREVALENCE = np.geomspace(0.2, 0.005, AFFECTS)
BATCH = 50_000

ADD_POSTS = """
INSERT INTO annotation_post (
    key, title, body, ocr_text, transcript, image, image_alt, language, publisher,
    publisher_feeling, sensitive, metadata, content_hash, imported_at
)
SELECT 'p' || (%s + number), '', text, '', '', '', '', '', '', '', false, '{}', '', now()
FROM unnest(%s::text[]) WITH ORDINALITY AS made (text, number)
"""
FILL_CAMPAIGN = """
INSERT INTO annotation_campaignpost (
    campaign_id, post_id, state, priority, wanted, reserved, judged
)
SELECT %s, id, 'open', 0, %s, 0, 0 FROM annotation_post ORDER BY id
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--budget", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with fresh_home():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        campaign = make_campaign(arguments)
        with workers(arguments.workers) as processes:
            for name in ("first round", "second round"):
                measure(name, campaign, arguments, processes)


def measure(name: str, campaign, arguments: argparse.Namespace, processes: "Processes") -> None:
    from routing import rounds, tasks

    database = Processes(postmaster())
    began, busy = time.perf_counter(), database_seconds()
    cpu, theirs = processes.cpu_seconds(), database.cpu_seconds()
    asked = rounds.ask(campaign=campaign, budget=arguments.budget, seed=arguments.seed)
    tasks.run_round.delay(asked.id)
    while asked.is_unfinished:
        time.sleep(0.1)
        processes.look()
        asked.refresh_from_db()
    seconds, busy = time.perf_counter() - began, database_seconds() - busy
    cpu, theirs = processes.cpu_seconds() - cpu, database.cpu_seconds() - theirs
    print(
        f"{name}: {asked.state}, {asked.pool_size:,} posts in the pool, "
        f"{asked.near_duplicates:,} near-duplicates, {len(asked.affects)} heads, "
        f"{asked.drawn:,} drawn {asked.error}\n"
        f"  {seconds:.1f} s; in statements {busy / seconds / arguments.workers:.0%} of the workers' "
        f"time; CPU: workers {cpu:.1f} s, PostgreSQL {theirs:.1f} s\n"
        f"  peak memory {processes.peak_all / 1e6:,.0f} MB in all workers together, "
        f"{processes.peak_one / 1e6:,.0f} MB in the largest; load {os.getloadavg()[0]:.1f}"
    )


def make_campaign(arguments: argparse.Namespace):
    """A campaign of made-up posts, the first of them judged."""
    from django.db import connection

    from annotation import campaigns
    from routing.models import Plan
    from taxonomy import files, taxonomies

    affects = [{"key": f"affect_{n:02}"} for n in range(AFFECTS)]
    raw = {"key": "bench", "version": 1, "question": "How might someone feel?", "min_picks": 0}
    taxonomy = taxonomies.load(file=files.parse({**raw, "affects": affects}))[0]
    campaign = campaigns.create(
        slug="bench", taxonomy=taxonomy, raters_per_post=RATERS, any_number_of_picks=True
    )
    shares = {"exploit": 0.5, "uncertainty": 0.2, "diversity": 0.1, "uniform": 0.2}
    Plan.objects.create(campaign=campaign, **shares)
    rng = np.random.default_rng(arguments.seed)
    telling = rng.integers(VOCABULARY, size=(AFFECTS, TELLING))
    picks = [
        add_posts(start, min(BATCH, arguments.posts - start), telling, rng)
        for start in range(0, arguments.posts, BATCH)
    ]
    with connection.cursor() as cursor:
        cursor.execute(FILL_CAMPAIGN, [campaign.id, RATERS])
        cursor.execute("ANALYZE")
    judge(campaign, np.concatenate(picks)[:JUDGED])
    return campaign


def add_posts(start: int, size: int, telling: np.ndarray, rng) -> np.ndarray:
    """Stores posts and answers what raters see in them, as bit masks int64[size]."""
    from django.db import connection

    truth = rng.random((size, AFFECTS)) < PREVALENCE
    words = rng.zipf(1.3, size=(size, WORDS_PER_POST)) % VOCABULARY
    for affect in range(AFFECTS):
        carriers = np.flatnonzero(truth[:, affect])
        places = rng.integers(WORDS_PER_POST, size=(len(carriers), 3))
        words[carriers[:, None], places] = rng.choice(telling[affect], size=places.shape)
    texts = [" ".join(f"w{word}" for word in post) for post in words]
    for n in range(REPEATS - 1, size, REPEATS):
        texts[n] = texts[n - 1] + " again"
    with connection.cursor() as cursor:
        cursor.execute(ADD_POSTS, [start, texts])
    return truth @ (1 << np.arange(AFFECTS, dtype=np.int64))


def judge(campaign, picks: np.ndarray) -> None:
    """All raters agree about the first posts."""
    from django.utils import timezone

    from annotation.models import CampaignPost, Judgement, Rater

    raters = [Rater.objects.create(key=f"rater{n}") for n in range(RATERS)]
    places = CampaignPost.objects.filter(campaign=campaign).order_by("id")[: len(picks)]
    Judgement.objects.bulk_create(
        (
            Judgement(
                campaign=campaign,
                campaign_post=place,
                rater=rater,
                picks=mask,
                frame="universal",
                judged_at=timezone.now(),
            )
            for place, mask in zip(places, picks.tolist(), strict=True)
            for rater in raters
        ),
        batch_size=5000,
    )
    judged = [place.id for place in places]
    CampaignPost.objects.filter(id__in=judged).update(judged=RATERS, reserved=RATERS)


def postmaster() -> int:
    """The process id of the server."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    return int((folder / "postmaster.pid").read_text().split()[0])


def database_seconds() -> float:
    """What PostgreSQL spent on statements of this database so far."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT active_time / 1000 FROM pg_stat_database WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]


class Processes:
    """A program and its children, and the most memory they had."""

    def __init__(self, root: int):
        self.root, self.peak_all, self.peak_one = root, 0, 0

    def ids(self) -> list[int]:
        children = Path(f"/proc/{self.root}/task/{self.root}/children").read_text().split()
        return [self.root, *map(int, children)]

    def look(self) -> None:
        sizes = [memory_of(process) for process in self.ids()]
        self.peak_all = max(self.peak_all, sum(sizes))
        self.peak_one = max(self.peak_one, *sizes)

    def cpu_seconds(self) -> float:
        """Of all of them, and of children that have ended."""
        return sum(cpu_of(process) for process in self.ids()) + cpu_of(self.root, 13)


def memory_of(process: int) -> int:
    """Bytes of its own, with its part of what it shares (PSS)."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def cpu_of(process: int, field: int = 11) -> float:
    """Seconds in user and system mode; with field 13 those of its ended children."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[field : field + 2])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def workers(count: int) -> Iterator[Processes]:
    """A Celery worker with so many processes, which has answered before this goes on."""
    from config.celery import app

    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--queues", "routing"]
    program = subprocess.Popen([*command, "--concurrency", str(count), "--loglevel", "warning"])
    try:
        while not app.control.ping(timeout=1):
            pass
        yield Processes(program.pid)
    finally:
        program.terminate()
        program.wait()


if __name__ == "__main__":
    main()
