"""How long agreement takes at the paper's scale, beside other ways to the same number.

    python -m bench.agreement [--posts 820000] [--draws 1000]

Makes a crowd of 348 raters, five for each post, 15 affects and up to three picks, and times

- the whole report, without and with bootstrap intervals;
- the interrater correlation alone, against the literal reading in pandas (for a few raters of one
  affect, times the number of raters and affects: all of it would take minutes), a pandas groupby
  and polars. All must come to the same headline;
- the consensus by Dawid and Skene over all affects.
"""

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import polars as pl

from agreement.dawid_skene import dawid_skene
from agreement.interrater import interrater
from agreement.report import compute
from agreement.table import Judgements

RATERS, PER_POST, AFFECTS, MOST_PICKS = 348, 5, 15, 3
LITERAL_RATERS = 4
POSTS_AT_ONCE = 20_000


def crowd(rng: np.random.Generator, posts: int) -> Judgements:
    """Each rater picks the one to three affects that stand highest for them: what the post calls
    up, which the raters share, plus their own noise, more of it for some than for others."""
    noise = rng.uniform(0.2, 1.0, RATERS)
    base = np.linspace(0, 1.2, AFFECTS)
    parts = [
        _some_posts(rng, noise, base, min(POSTS_AT_ONCE, posts - first))
        for first in range(0, posts, POSTS_AT_ONCE)
    ]
    raters, picks = (np.concatenate(column) for column in zip(*parts, strict=True))
    affects = tuple(f"affect {a}" for a in range(AFFECTS))
    return Judgements(np.repeat(np.arange(posts), PER_POST), raters, picks, affects)


def _some_posts(rng, noise, base, posts: int) -> tuple[np.ndarray, np.ndarray]:
    steps = rng.integers(1, RATERS // PER_POST, (posts, PER_POST))
    raters = (rng.integers(0, RATERS, (posts, 1)) + steps.cumsum(axis=1)) % RATERS
    called_up = base + rng.standard_normal((posts, 1, AFFECTS))
    own = noise[raters][..., None] * rng.standard_normal((posts, PER_POST, AFFECTS))
    best = np.argsort(called_up + own, axis=-1)[..., -MOST_PICKS:]
    picked = np.arange(MOST_PICKS) < rng.choice(
        [1, 2, 3], (posts, PER_POST, 1), p=[0.1, 0.23, 0.67]
    )
    return raters.ravel(), np.where(picked, 1 << best, 0).sum(axis=-1).ravel()


def as_frame(judgements: Judgements) -> pd.DataFrame:
    frame = pd.DataFrame({"post": judgements.posts, "rater": judgements.raters})
    for bit, affect in enumerate(judgements.affects):
        frame[affect] = ((judgements.picks >> bit) & 1).astype(np.int8)
    return frame


def literal_pandas(frame: pd.DataFrame, affect: str, rater: int) -> float:
    """One rater's correlation for one affect, as the definition reads."""
    own = frame[frame.rater == rater].set_index("post")[affect]
    others = frame[(frame.rater != rater) & frame.post.isin(own.index)]
    return own.corr(others.groupby("post")[affect].mean())


def pandas_groupby(frame: pd.DataFrame, affects: list[str]) -> float:
    by_post = frame.groupby("post", sort=False)
    others = by_post.rater.transform("size") - 1
    values = []
    for affect in affects:
        x = frame[affect].astype(float)
        y = (by_post[affect].transform("sum") - x) / others
        parts = pd.DataFrame({"n": 1, "x": x, "y": y, "xy": x * y, "yy": y * y})
        s = parts.groupby(frame.rater).sum()
        spread = (s.n * s.x - s.x**2) * (s.n * s.yy - s.y**2)
        values.append(((s.n * s.xy - s.x * s.y) / np.sqrt(spread)).mean())
    return float(np.mean(values))


def with_polars(frame: pl.DataFrame, affects: list[str]) -> float:
    x = pl.col(affects).cast(pl.Float64)
    others = (pl.col(affects).cast(pl.Int64).sum().over("post") - x) / (pl.len().over("post") - 1)
    wide = frame.lazy().select("rater", x, others.name.suffix(" of others"))
    each = wide.group_by("rater").agg(
        pl.corr(affect, f"{affect} of others").alias(affect) for affect in affects
    )
    return float(np.mean(each.collect().select(affects).mean().row(0)))


def literal_pandas_estimate(judgements: Judgements, frame: pd.DataFrame) -> tuple[float, str]:
    """Seconds for all raters and affects, from a few raters of one affect."""
    few, affect = judgements.rater_ids[:LITERAL_RATERS], judgements.affects[0]
    seconds, found = timed(lambda: [literal_pandas(frame, affect, rater) for rater in few])
    ours = interrater(judgements).correlations[0, :LITERAL_RATERS]
    same = "same" if np.allclose(found, ours, rtol=0, atol=1e-9) else "NOT the same"
    return seconds / LITERAL_RATERS * RATERS * AFFECTS, f"estimated from {same} figures"


def timed(work: Callable) -> tuple[float, object]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def best_of(times: int, work: Callable) -> tuple[float, object]:
    return min((timed(work) for _ in range(times)), key=lambda one: one[0])


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fresh(judgements: Judgements) -> Judgements:
    """The same table with nothing computed yet."""
    return Judgements(judgements.posts, judgements.raters, judgements.picks, judgements.affects)


def show_report(judgements: Judgements, draws: int) -> None:
    seconds, report = best_of(3, lambda: compute(fresh(judgements)))
    print(f"whole report               {seconds:7.2f} s   peak {peak_mb():.0f} MB")
    seconds, _ = timed(lambda: compute(fresh(judgements), bootstrap=draws))
    print(f"  with {draws:5} draws         {seconds:7.2f} s   peak {peak_mb():.0f} MB")


def show_interrater(judgements: Judgements) -> None:
    ours, result = best_of(3, lambda: interrater(fresh(judgements)))
    print(f"interrater correlation     {ours:7.2f} s   {result.headline:.9f}")
    frame, affects = as_frame(judgements), list(judgements.affects)
    columns = pl.from_pandas(frame)
    peers = {
        "pandas groupby": best_of(2, lambda: pandas_groupby(frame, affects)),
        "polars": best_of(2, lambda: with_polars(columns, affects)),
        "literal pandas": literal_pandas_estimate(judgements, frame),
    }
    for name, (seconds, found) in peers.items():
        found = found if isinstance(found, str) else f"{found:.9f}"
        print(f"  {name:24} {seconds:7.2f} s   {found}   {seconds / ours:.1f} × ours")


def show_consensus(judgements: Judgements) -> None:
    seconds, found = timed(lambda: dawid_skene(fresh(judgements)))
    share = found.posteriors.mean()
    print(f"Dawid and Skene's rule     {seconds:7.2f} s   {share:.1%} of posts and affects")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=820_000)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    judgements = crowd(np.random.default_rng(options.seed), options.posts)
    picks = np.bitwise_count(judgements.picks).mean()
    print(
        f"{options.posts:,} posts × {PER_POST} of {RATERS} raters, {AFFECTS} affects, "
        f"{picks:.2f} picks a judgement; {peak_mb():.0f} MB with the judgements in memory"
    )
    show_report(judgements, options.draws)
    show_interrater(judgements)
    show_consensus(judgements)


if __name__ == "__main__":
    main()
