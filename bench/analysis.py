"""From a file of labels to its agreement: how long somebody waits who brings one.

    python -m bench.analysis [--posts 820000] [--again]

Writes a long CSV of the crowd of `bench.agreement` (a row for each judgement: id, rater, labels),
then takes the time of `manage.py analyse` on it, part by part: reading, posts, judgements, the
running sums, the figures. `--again` reads the same file a second time, which must change nothing.
Runs on embedded servers of its own, so the importing process and PostgreSQL share the cores.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import wraps
from multiprocessing import get_context
from pathlib import Path

import numpy as np


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=820_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pathos-bench-") as home:
        os.environ["PATHOS_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        measure(Path(home) / "labels.csv", options.posts, options.seed, again=options.again)
    return 0


def measure(path: Path, posts: int, seed: int, *, again: bool) -> None:
    from django.core.management import call_command

    # In a process of its own, so that the peak is that of reading.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as another:
        rows = another.submit(write, path, posts, seed).result()
    print(f"{rows:,} judgements of {posts:,} posts, {path.stat().st_size / 1e6:,.0f} MB")
    call_command("migrate", verbosity=0)
    parts = watched()
    for round_name in ["first", "again"] if again else ["first"]:
        parts.clear()
        printed = Printed()
        call_command("analyse", str(path), stdout=printed)
        report(round_name, time.perf_counter() - printed.began, parts, rows, printed.first)


class Printed:
    """Where the command prints; remembers when the first line came."""

    def __init__(self):
        self.began = time.perf_counter()
        self.first = 0.0

    def write(self, text: str) -> None:
        self.first = self.first or time.perf_counter() - self.began


def write(path: Path, posts: int, seed: int) -> int:
    """The crowd as CSV; how many rows it has."""
    from pyarrow import csv, table

    from bench.agreement import crowd
    from taxonomy.rules import keys_of

    judgements = crowd(np.random.default_rng(seed), posts)
    sets, inverse = np.unique(judgements.picks, return_inverse=True)
    names = tuple(affect.replace(" ", "-") for affect in judgements.affects)
    cells = np.array(["|".join(keys_of(int(mask), names)) for mask in sets])
    columns = {
        "id": np.char.add("p", judgements.posts.astype("U7")),
        "rater": np.char.add("r", judgements.raters.astype("U4")),
        "labels": cells[inverse],
    }
    csv.write_csv(table(columns), path)
    return len(judgements.posts)


def watched() -> dict[str, float]:
    """Seconds that each part took, filled while the command runs."""
    from agreement import live, reports
    from analysis import reading
    from annotation import judgement_columns, posts

    seconds: dict[str, float] = {}
    for name, module, function in [
        ("reading", reading, "read"),
        ("posts", posts, "add_plain"),
        ("judgements", judgement_columns, "add"),
        ("running sums", live, "current"),
        ("figures", reports, "compute"),
    ]:
        setattr(module, function, timed(getattr(module, function), name, seconds))
    return seconds


def timed(work: Callable, name: str, seconds: dict[str, float]) -> Callable:
    @wraps(work)
    def run(*args, **kwargs):
        began = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            seconds.setdefault(name, time.perf_counter() - began)

    return run


def report(round_name: str, total: float, parts: dict[str, float], rows: int, first: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{round_name:6} {total:7.1f} s  {rows / total:9,.0f} judgements/s  peak {peak:,.0f} MB")
    print(f"       {first:7.1f} s  until the first figures are printed")
    for name, seconds in parts.items():
        print(f"       {seconds:7.1f} s  {name}")


if __name__ == "__main__":
    sys.exit(main())
