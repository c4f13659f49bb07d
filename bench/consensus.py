"""Which consensus rule finds the truth, where the truth is known.

    python -m bench.consensus [--posts 100000]

Plants what each post calls up, lets five of 348 raters judge it, each with a hit rate and a false
alarm rate of their own for every affect, and prints the macro F1 of the rules against what was
planted: once as it is, once with 100 of the raters picking by lot.
"""

import argparse

import numpy as np

from agreement.comparison import compare
from agreement.table import Judgements

RATERS, PER_POST, AFFECTS, SPAMMERS = 348, 5, 15, 100
PREVALENCE = (0.05, 0.3)
HITS, FALSE_ALARMS = (0.65, 0.8), (0.06, 0.12)
BY_LOT = 0.2


def planted(rng: np.random.Generator, posts: int, spammers: int) -> tuple[np.ndarray, Judgements]:
    """bool[P, O] the truth, and the judgements."""
    steps = rng.integers(1, RATERS // PER_POST, (posts, PER_POST))
    raters = (rng.integers(0, RATERS, (posts, 1)) + steps.cumsum(axis=1)) % RATERS
    truth = rng.random((posts, AFFECTS)) < np.linspace(*PREVALENCE, AFFECTS)
    hits, alarms = (rng.uniform(*rates, (RATERS, AFFECTS)) for rates in (HITS, FALSE_ALARMS))
    hits[:spammers] = alarms[:spammers] = BY_LOT
    odds = np.where(truth[:, None], hits[raters], alarms[raters])
    picks = ((rng.random(odds.shape) < odds) << np.arange(AFFECTS)).sum(axis=-1)
    affects = tuple(f"affect {a}" for a in range(AFFECTS))
    return truth, Judgements(
        np.repeat(np.arange(posts), PER_POST), raters.ravel(), picks.ravel(), affects
    )


def macro_f1(truth: np.ndarray, labels: np.ndarray) -> float:
    found = labels > 0.5
    return float((2 * (truth & found).sum(axis=0) / (truth.sum(axis=0) + found.sum(axis=0))).mean())


def scores(posts: int, spammers: int, seed: int = 0) -> dict[str, float]:
    """The macro F1 of each rule."""
    truth, judgements = planted(np.random.default_rng(seed), posts, spammers)
    return {rule: macro_f1(truth, found) for rule, found in compare(judgements).labels.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    arguments = parser.parse_args()
    for spammers in (0, SPAMMERS):
        found = scores(arguments.posts, spammers)
        print(
            f"{arguments.posts:,} posts, {spammers} of {RATERS} raters by lot: "
            + ", ".join(f"{rule} {score:.3f}" for rule, score in found.items())
        )


if __name__ == "__main__":
    main()
