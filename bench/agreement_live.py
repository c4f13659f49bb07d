"""How long agreement takes from PostgreSQL: read all at once, and following every judgement.

    python -m bench.agreement_live [--posts 820000]

Puts the crowd of `bench.agreement` into an embedded PostgreSQL and times

- the whole report from the rows, by command and within this process, with the peak of memory;
- the figures of each week, a report of some days or with intervals, groups of raters, and where
  consensus rules part, which workers keep;
- the first count of the running sums, and the whole report that follows from these;
- what the journal adds to storing judgements one by one, as raters do;
- folding the journal after one judgement, and after many at once; the sums alone, in Python.

Beside seconds of the clock stand those of the processor, which say more on a busy machine.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from bench.agreement import AFFECTS, PER_POST, RATERS, crowd
from bench.home import fresh_home

ONE_BY_ONE, TIMES, WEEKS = 500, 1000, 26
#: How many answers are given to each question about strata.
ANSWERS = (4, 2, 5, 3, 10)
TABLES = {
    "annotation_post": (
        "id, key, title, body, ocr_text, transcript, image, image_alt, language, publisher,"
        " publisher_feeling, sensitive, metadata, content_hash, imported_at",
        "SELECT n, 'p' || n, '', 'x', '', '', '', '', '', '', '', false, '{}', '', now()",
    ),
    "annotation_campaignpost": (
        "id, campaign_id, post_id, state, priority, wanted, reserved, judged",
        "SELECT n, %(campaign)s, n, 'open', 0, 9, 5, 5",
    ),
}
COMMAND = """
import os, django
django.setup()
from django.core.management import call_command
from bench.agreement_live import peak_kb
call_command("agreement", campaign="bench", json=True, stdout=open(os.devnull, "w"))
print(peak_kb())
"""
JUDGEMENTS = """
    COPY annotation_judgement (id, campaign_id, campaign_post_id, rater_id, picks, other, frame,
        judged_at, revision, set_aside) FROM STDIN
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=820_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with fresh_home():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        campaign = fill(arguments)
        print(f"{arguments.posts:,} posts × {PER_POST} of {RATERS} raters, {AFFECTS} affects")
        measure_reports(campaign)
        measure_journal(campaign, arguments.posts)


def fill(arguments: argparse.Namespace):
    """The campaign with its judgements, put in without checks."""
    from django.db import connection

    from annotation import campaigns
    from annotation.models import Rater
    from taxonomy import files, taxonomies

    affects = [{"key": f"affect_{n:02}"} for n in range(AFFECTS)]
    raw = {"key": "bench", "version": 1, "question": "How might someone feel?", "max_picks": 3}
    taxonomy = taxonomies.load(file=files.parse({**raw, "affects": affects}))[0]
    campaign = campaigns.create(slug="bench", taxonomy=taxonomy, raters_per_post=PER_POST)
    Rater.objects.bulk_create(Rater(id=n + 1, key=f"r{n}") for n in range(RATERS + 1))
    declare()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, (columns, select) in TABLES.items():
            cursor.execute(
                f"INSERT INTO {table} ({columns}) {select} FROM generate_series(1, %(posts)s) AS n",
                {"posts": arguments.posts, "campaign": campaign.id},
            )
        copy_judgements(cursor, campaign, arguments)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("SELECT setval('annotation_judgement_id_seq', 100000000)")
        cursor.execute("VACUUM ANALYZE annotation_judgement")
    return campaign


def declare() -> None:
    """Eight in nine raters answer each of the five questions, with two to ten answers each."""
    from joining.models import Strata
    from joining.strata import PARTS

    for n in range(RATERS):
        if n % 9:
            said = {part: str(n % many) for part, many in zip(PARTS, ANSWERS, strict=True)}
            Strata.objects.create(rater_id=n + 1, **said)


def copy_judgements(cursor, campaign, arguments: argparse.Namespace) -> None:
    made = crowd(np.random.default_rng(arguments.seed), arguments.posts)
    columns = (made.posts + 1, made.raters + 1, made.picks)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    days = [str(date(2026, 1, 5) + timedelta(days=n)) for n in range(7 * WEEKS)]
    a_day = len(made.posts) // len(days) + 1
    with cursor.copy(JUDGEMENTS) as copy:
        for number, (post, rater, picks) in enumerate(rows, start=1):
            day = days[number // a_day]
            copy.write(
                f"{number}\t{campaign.id}\t{post}\t{rater}\t{picks}\t\tuniversal\t{day}\t0\tf\n"
            )


def measure_reports(campaign) -> None:
    from agreement import from_sums, live, reports
    from agreement.options import Options
    from annotation.judgements import affect_keys

    show_command("manage.py agreement")
    show(
        "whole report from the rows", lambda: reports.compute(campaign=campaign, options=Options())
    )
    measure_parts(campaign)
    measure_readings(campaign)
    show("first count of the sums", lambda: live.current(campaign=campaign))
    sums = show("sums at hand", lambda: live.current(campaign=campaign))
    keys = affect_keys(campaign.taxonomy_id)
    show("whole report from the sums", lambda: from_sums.figures(sums, keys))
    show("  as a page asks for it", lambda: reports.compute(campaign=campaign, options=Options()))
    checked = show("recount and proof", lambda: live.check(campaign=campaign))
    print(f"  equal to the last integer: {checked.was_equal}")


def measure_parts(campaign) -> None:
    """What a worker computes of parts of the judgements, and keeps."""
    from agreement import drift, reports, slices
    from agreement.options import Options

    ways = {"campaign": campaign, "options": Options()}
    show(f"the figures of {WEEKS} weeks", lambda: drift.compute(**ways))
    ways["options"] = Options(bootstrap=1000)
    show("report with 1,000 draws", lambda: reports.compute(**ways))
    ways["options"] = Options(since=date(2026, 3, 2))
    show("report of what was judged since", lambda: reports.compute(**ways))
    show("groups of raters", lambda: slices.compute(campaign=campaign))


def measure_readings(campaign) -> None:
    """Each consensus rule, and all that the page about them shows."""
    from agreement import consensus, queries, readings
    from agreement.dawid_skene import dawid_skene
    from agreement.reliability import weighted_shares
    from agreement.table import tally

    show("readings", lambda: readings.compute(campaign=campaign, asked=readings.Asked()))
    judgements = show("the rows read and sorted", lambda: queries.of_campaign(campaign))
    _, raters, votes = show("  votes on each post", lambda: tally(judgements))
    for rule in map(consensus.parse, ("votes>=3", "soft")):
        show(f"  {rule.name}", lambda rule=rule: rule.apply(votes, raters))
    show("  weighted", lambda: weighted_shares(judgements))
    show("  dawid_skene", lambda: dawid_skene(judgements))


def measure_journal(campaign, posts: int) -> None:
    from django.db import connection

    from agreement import live, queries
    from agreement.sums import Sums

    def judge(number: int) -> None:
        insert(campaign, chosen[number], RATERS + 1)

    chosen = (np.random.default_rng(1).permutation(posts)[:ONE_BY_ONE] + 1).tolist()
    show(f"{ONE_BY_ONE // 2} judgements stored", lambda: [judge(n) for n in range(ONE_BY_ONE // 2)])
    show("  folded together", lambda: live.current(campaign=campaign))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE annotation_judgement DISABLE TRIGGER USER")
    later = range(ONE_BY_ONE // 2, ONE_BY_ONE)
    show("  as many without a journal", lambda: [judge(n) for n in later])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE annotation_judgement ENABLE TRIGGER USER")
    checked = show("recount, which has to mend", lambda: live.check(campaign=campaign))
    print(f"  equal: {checked.was_equal}, and now: {live.check(campaign=campaign).was_equal}")
    sums, judgements = live.current(campaign=campaign), queries.of_campaign(campaign)
    assert sums == Sums.of(judgements)
    after, before = (first_rows(judgements, rows) for rows in (PER_POST, PER_POST - 1))
    show(f"{TIMES} × one judgement's update", lambda: update(sums, before, after))


def update(sums, before, after) -> None:
    """Takes a post's sums out and puts those with one judgement more in, many times."""
    from agreement.sums import Sums

    for _ in range(TIMES):
        sums += Sums.of(after) - Sums.of(before)


def first_rows(judgements, rows: int):
    """A table of so many of the rows."""
    columns = (judgements.posts, judgements.raters, judgements.picks)
    return type(judgements)(*(column[:rows] for column in columns), judgements.affects)


def insert(campaign, post: int, rater: int) -> None:
    from django.utils import timezone

    from annotation.models import Judgement

    Judgement.objects.create(
        campaign=campaign, campaign_post_id=post, rater_id=rater, picks=5, frame="universal",
        judged_at=timezone.now(),
    )  # fmt: skip


def show_command(name: str) -> None:
    """In a process of its own: its memory is that of nothing else."""
    clock = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", COMMAND], stdout=subprocess.PIPE, text=True)
    peak = int(process.stdout.read()) / 1024
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    clock, processor = time.perf_counter() - clock, used.ru_utime + used.ru_stime
    print_row(name, clock, processor, peak)


def peak_kb() -> int:
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def show(name: str, work: Callable):
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print_row(name, clock, processor, peak_kb() / 1024)
    return found


def print_row(name: str, clock: float, processor: float, peak: float) -> None:
    print(
        f"{name:32} {clock:8.3f} s, {processor:7.3f} s of the processor   peak {peak:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
