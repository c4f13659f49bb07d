"""How fast posts and judgements come in, beside a raw COPY of the same rows into a bare table.

    python -m bench.imports --posts 20000 --judgements 200000

All of it in one run on one machine: the importing process and the embedded server share its cores.
The raw COPY has no index, no check and no foreign key: what the server takes when nothing is asked
of it. `again` is the same file a second time, which must change nothing.
"""

import argparse
import csv
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.home import fresh_home

#: Anchor on a two-core machine (posts per second, 20,000 posts).
PEERS = {"Label Studio 1.23.2": 3959.0, "doccano 1.8.4": 3930.0}
RATERS = 348
WORDS = """
    the a my our rain garden train bread letter night first last small old quiet bright market
    window teacher river song coffee winter found lost waited laughed carried opened mended
"""


def main() -> int:
    arguments = parse()
    with fresh_home() as home:
        figures = measure(home, arguments.posts, arguments.judgements)
    report(figures, as_json=arguments.json)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--judgements", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def measure(folder: Path, posts: int, judgements: int) -> dict[str, dict]:
    """Rows per second of each way in: {"posts": {"rows", "import", "again", "copy"}, …}."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("create_campaign", "bench", taxonomy="affects", stdout=sys.stderr)
    return {
        "posts": measure_file(folder / "posts.csv", post_rows(posts), "import_posts"),
        "judgements": measure_file(
            folder / "judgements.csv", judgement_rows(judgements, posts), "import_judgements"
        ),
    }


def measure_file(path: Path, rows: list[list], command: str) -> dict[str, float]:
    from django.core.management import call_command

    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)

    def run() -> None:
        call_command(command, str(path), campaign="bench", stdout=sys.stderr)

    count = len(rows) - 1
    return {
        "rows": count,
        "copy": count / seconds(lambda: raw_copy(rows)),
        "import": count / seconds(run),
        "again": count / seconds(run),
    }


def seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def raw_copy(rows: list[list]) -> None:
    from django.db import connection, transaction

    columns = ", ".join(f"{name} text" for name in rows[0])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE raw_copy ({columns})")
        with cursor.copy("COPY raw_copy FROM STDIN") as copy:
            for row in rows[1:]:
                copy.write_row(row)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE raw_copy")


def post_rows(count: int) -> list[list]:
    """Posts of 5 to 60 words, with the columns that most exports have."""
    rng, words = np.random.default_rng(7), WORDS.split()
    return [
        ["id", "body", "publisher", "language", "created_at", "shares"],
        *(
            [
                f"p{number}",
                " ".join(rng.choice(words, int(rng.integers(5, 60)))),
                f"Page {number % 141}",
                "en",
                f"2026-11-{1 + number % 20:02}T10:30:00Z",
                str(number % 97),
            ]
            for number in range(count)
        ),
    ]


def judgement_rows(count: int, posts: int) -> list[list]:
    """`count` judgements, post by post as exports are, of one to three picks each."""
    from taxonomy import taxonomies

    rng = np.random.default_rng(8)
    keys = taxonomies.find("affects").keys
    answers = [
        "|".join(rng.choice(keys, int(rng.integers(1, 4)), replace=False)) for _ in range(500)
    ]
    return [
        ["post_id", "rater_id", "picks", "seconds", "judged_at"],
        *(
            [
                f"p{number * posts // count}",
                f"r{number % RATERS}",
                answers[number % len(answers)],
                "4.5",
                "2026-11-21T10:30:00Z",
            ]
            for number in range(count)
        ),
    ]


def report(figures: dict[str, dict], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for what, rates in figures.items():
        print(
            f"{what:<11} {rates['rows']:9,.0f} rows   import {rates['import']:9,.0f}/s   "
            f"again {rates['again']:9,.0f}/s   raw COPY {rates['copy']:9,.0f}/s   "
            f"ratio {rates['import'] / rates['copy']:.3f}"
        )
    for peer, figure in PEERS.items():
        times = figures["posts"]["import"] / figure
        print(f"            {times:.1f} times {peer} ({figure:,.0f} posts/s, measured elsewhere)")


if __name__ == "__main__":
    sys.exit(main())
