"""What a claim and a submit cost, by posts and by raters, and for raters who have judged nearly all.

    python -m bench.claims --posts 20000 820000 --raters 20 348

One process, no web server, one claim at a time: the time inside the two verbs, which are all that
grows with a campaign. Half the queue is done, with five judged assignments on each post. Then two
cases that are hard for a queue, on the largest number of posts:

- a rater stands before 5,000 posts that were all theirs, and others' places are still open there;
- a rater has judged all posts but ten.

`--strata 4` measures the same queues once more with each post spread over raters of four strata, and
then with one of the four at rest, so that ever more posts wait for it.
"""

import argparse
import json
import os
import re
import sys
import time

import numpy as np

from bench import cpu
from bench.home import fresh_home
from bench.label_loop import ROOT

#: Posts of the hard case's head.
HEAD = 5_000
LEFT = 10


def main() -> int:
    arguments = parse()
    with fresh_home():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        figures = [
            row
            for posts in arguments.posts
            for raters in arguments.raters
            for row in measure(posts, raters, arguments.turns, arguments.strata)
        ]
        if not arguments.strata:
            figures += hard_cases(max(arguments.posts))
        report(arguments, figures)
        if arguments.plan:
            print(plan_of_walk())
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, nargs="+", default=[20_000, 820_000])
    parser.add_argument("--raters", type=int, nargs="+", default=[20, 348])
    parser.add_argument("--turns", type=int, default=2_000)
    parser.add_argument("--strata", type=int, default=0, help="spread posts over so many strata")
    parser.add_argument("--plan", action="store_true", help="print how the queue is walked")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def measure(posts: int, raters: int, turns: int, strata: int) -> list[dict]:
    """What a queue costs that is half done, and what spreading its posts over strata adds."""
    campaign, members = make(f"c{posts}-{raters}", posts, raters)
    done_half(campaign, members)
    what = f"{posts:,} posts, {raters} raters"
    figures = [{"what": what, **take_turns(campaign, members, turns)}]
    if strata:
        spread(campaign, members, strata)
        others = [rater for number, rater in enumerate(members) if number % strata]
        figures += [
            {"what": f"  over {strata} strata", **take_turns(campaign, members, turns)},
            {"what": "  one of them at rest", **take_turns(campaign, others, turns)},
        ]
    return figures


def spread(campaign, members: list, strata: int) -> None:
    """Shares the posts out among raters, who belong to one stratum after the other."""
    campaign.spread = "age_band"
    campaign.save()
    for number, rater in enumerate(members):
        rater.memberships.update(stratum=number % strata)


def take_turns(campaign, members: list, turns: int) -> dict:
    """Raters in turn submit what they hold and claim the next."""
    raters = len(members)
    held = {rater: claim(campaign, rater)[0] for rater in members}
    claims, submits = [], []
    before = processor_seconds()
    for turn in range(turns):
        rater = members[turn % raters]
        submits.append(submit(held[rater]))
        held[rater], seconds = claim(campaign, rater)
        claims.append(seconds)
    return {
        "claim": percentiles(claims),
        "submit": percentiles(submits),
        "cpu_ms": 1000 * (processor_seconds() - before) / turns,
    }


def processor_seconds() -> float:
    """Of this process and of the database: on a busy machine steadier than the time it takes."""
    return time.process_time() + cpu.seconds_of(cpu.database_pid())


def hard_cases(posts: int) -> list[dict]:
    campaign, (rater, *_) = make("hard", posts, 1)
    figures = []
    for what, left in (
        (f"head of {HEAD:,} own posts", posts - HEAD),
        (f"all judged but {LEFT}", LEFT),
    ):
        judge_all_but(campaign, rater, left)
        first, *others = (turn(campaign, rater) for _ in range(LEFT - 1 if left == LEFT else 200))
        figures.append({"what": what, "first": first * 1000, "claim": percentiles(others)})
    figures.append({"what": "nothing left", "claim": percentiles(ends(campaign, rater))})
    return figures


def turn(campaign, rater) -> float:
    assignment, seconds = claim(campaign, rater)
    submit(assignment)
    return seconds


def ends(campaign, rater) -> list[float]:
    """Claims of a rater who has judged everything."""
    while (claimed := claim(campaign, rater))[0]:
        submit(claimed[0])
    return [claim(campaign, rater)[1] for _ in range(20)]


def claim(campaign, rater) -> tuple:
    """(the assignment or None, seconds)"""
    from annotation import assignments

    began = time.perf_counter()
    held = assignments.claim(campaign=campaign, rater=rater)
    return next(iter(held), None), time.perf_counter() - began


def submit(assignment) -> float:
    from annotation import judgements

    began = time.perf_counter()
    judgements.submit(assignment=assignment, picks=["informed"], idempotency_key=str(assignment.id))
    return time.perf_counter() - began


def percentiles(seconds: list[float]) -> dict[str, float]:
    p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
    return {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99}


def make(slug: str, posts: int, raters: int) -> tuple:
    """A campaign of that many posts, in random order, and its raters."""
    from django.contrib.auth import get_user_model

    from annotation import campaigns
    from taxonomy import taxonomies

    campaign = campaigns.create(slug=slug, taxonomy=taxonomies.find("affects"))
    run(
        """INSERT INTO annotation_post (key, title, body, ocr_text, transcript, image, image_alt,
           language, publisher, publisher_feeling, sensitive, metadata, content_hash, imported_at)
           SELECT 'p' || n, '', repeat('A post about the weather and the sea. ', 1 + n %% 9), '', '',
           '', '', 'en', 'Someone', '', false, '{}', '', now()
           FROM generate_series(1, %(posts)s) AS n ON CONFLICT DO NOTHING""",
        posts=posts,
    )
    run(
        """INSERT INTO annotation_campaignpost
           (campaign_id, post_id, state, priority, wanted, reserved, judged)
           SELECT %(campaign)s, id, 'open', random(), 5, 0, 0 FROM annotation_post
           ORDER BY id LIMIT %(posts)s""",
        campaign=campaign.id,
        posts=posts,
    )
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"{slug}-{number}") for number in range(raters)
    )
    members = [campaigns.add_rater(campaign=campaign, user=user).rater for user in users]
    analyze()
    return campaign, members


def done_half(campaign, members: list) -> None:
    """The upper half of the queue is full: five raters each, in turn."""
    run(
        """WITH upper AS (
               SELECT id, row_number() OVER () AS n FROM annotation_campaignpost
               WHERE campaign_id = %(campaign)s AND priority > 0.5
           ), done AS (
               UPDATE annotation_campaignpost AS post SET reserved = 5, judged = 5
               FROM upper WHERE post.id = upper.id
           )
           INSERT INTO annotation_assignment (campaign_id, campaign_post_id, rater_id, state,
               offered_at, lease_expires_at, closed_at, skip_reason)
           SELECT %(campaign)s, id, (%(raters)s::bigint[])[1 + (n + k) %% %(count)s], 'done', now(),
               now(), now(), '' FROM upper CROSS JOIN generate_series(0, 4) AS k""",
        campaign=campaign.id,
        raters=[rater.id for rater in members],
        count=len(members),
    )
    analyze()


def judge_all_but(campaign, rater, left: int) -> None:
    """The rater has had all posts but the last `left` of the queue; others may still have them."""
    run(
        """WITH theirs AS (
               SELECT id FROM (
                   SELECT id, row_number() OVER (ORDER BY priority, id DESC) AS n
                   FROM annotation_campaignpost WHERE campaign_id = %(campaign)s
               ) AS numbered WHERE n > %(left)s AND NOT EXISTS (
                   SELECT FROM annotation_assignment WHERE campaign_post_id = numbered.id
                     AND rater_id = %(rater)s)
           ), done AS (
               UPDATE annotation_campaignpost AS post SET reserved = 1, judged = 1
               FROM theirs WHERE post.id = theirs.id
           )
           INSERT INTO annotation_assignment (campaign_id, campaign_post_id, rater_id, state,
               offered_at, lease_expires_at, closed_at, skip_reason)
           SELECT %(campaign)s, id, %(rater)s, 'done', now(), now(), now(), '' FROM theirs""",
        campaign=campaign.id,
        rater=rater.id,
        left=left,
    )
    analyze()


def plan_of_walk() -> str:
    """How PostgreSQL finds the next post for a rater of the first campaign, as sql/claim.sql asks."""
    from django.db import connection, transaction

    from annotation.models import Membership

    member = Membership.objects.order_by("id").first()
    text = (ROOT / "annotation" / "sql" / "claim.sql").read_text()
    walk = re.search(r"walk CURSOR FOR(.*?);\nBEGIN", text, re.DOTALL).group(1)
    for name, value in {
        "of_campaign": member.campaign_id,
        "for_rater": member.rater_id,
        "AND spares": "AND false",
        "start.priority": "'Infinity'::float8",
        "start.id": 0,
    }.items():
        walk = walk.replace(name, str(value))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {walk} LIMIT 1")
        return "\n".join(line for (line,) in cursor.fetchall())


def run(statement: str, **values) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def analyze() -> None:
    """What autovacuum does by itself within minutes."""
    run("VACUUM ANALYZE annotation_post, annotation_campaignpost, annotation_assignment")


def report(arguments: argparse.Namespace, figures: list[dict]) -> None:
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"load of the machine {os.getloadavg()[0]:.1f}; milliseconds: p50, p95, p99")
    for row in figures:
        line = f"{row['what']:32}"
        for verb in ("claim", "submit"):
            if verb in row:
                line += f"  {verb} " + " ".join(f"{ms:7.2f}" for ms in row[verb].values())
        line += f"  the first {row['first']:.0f}" if "first" in row else ""
        print(line + (f"  processor {row['cpu_ms']:.2f}" if "cpu_ms" in row else ""))


if __name__ == "__main__":
    sys.exit(main())
