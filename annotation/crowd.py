"""A simulated crowd with planted reliabilities: pure, seeded, for demos, benchmarks and tests.

A post's *truth* says how likely a careful rater is to pick each affect. A simulated rater answers
from the truth with the probability of their reliability, and otherwise as their kind would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

#: Kinds of raters with the share of the crowd they make up and the reliability planted in them.
KINDS = (("careful", 0.70, 0.95), ("hasty", 0.22, 0.70), ("straight_liner", 0.08, 0.10))
#: Seconds that a judgement takes: median and spread (log-normal) by kind.
PACE = {"careful": (11.0, 0.5), "hasty": (5.0, 0.5), "straight_liner": (2.5, 0.3)}


@dataclass(frozen=True)
class SimulatedRater:
    name: str
    kind: str
    reliability: float
    #: What this rater says when not answering from the truth: a favourite affect, by position.
    favourite: int


@dataclass(frozen=True)
class Answer:
    picks: list[str]
    seconds: float


def make_crowd(size: int, affects: int, rng: np.random.Generator) -> list[SimulatedRater]:
    """`size` raters, of the kinds in the shares planted above, in random order."""
    shares = np.array([share for _, share, _ in KINDS])
    chosen = rng.choice(len(KINDS), size=size, p=shares / shares.sum())
    return [
        SimulatedRater(
            name=f"sim-{number:03}",
            kind=KINDS[kind][0],
            reliability=float(np.clip(rng.normal(KINDS[kind][2], 0.03), 0.0, 1.0)),
            favourite=int(rng.integers(affects)),
        )
        for number, kind in enumerate(chosen, start=1)
    ]


def truth_of(
    post_key: str, keys: Sequence[str], planted: Mapping[str, Mapping[str, float]]
) -> np.ndarray:
    """(affects,) probability that a careful rater picks each; drawn from the post's key where
    nothing is planted, so that every run of every process agrees about it."""
    if post_key in planted:
        return np.array([planted[post_key].get(key, 0.0) for key in keys])
    seed = int.from_bytes(blake2b(post_key.encode(), digest_size=8).digest(), "big")
    rng = np.random.default_rng(seed)
    truth = np.zeros(len(keys))
    main = rng.choice(len(keys), size=min(len(keys), int(rng.integers(1, 4))), replace=False)
    truth[main] = rng.uniform(0.3, 0.95, size=len(main))
    return truth


def answer(
    rater: SimulatedRater,
    truth: np.ndarray,
    keys: Sequence[str],
    *,
    least: int,
    most: int | None,
    rng: np.random.Generator,
) -> Answer:
    """What the rater picks on a post with this truth, and the seconds it took."""
    if rng.random() < rater.reliability:
        wanted = np.flatnonzero(rng.random(len(keys)) < truth)
    elif rater.kind == "straight_liner":
        wanted = np.array([rater.favourite])
    else:
        wanted = rng.choice(len(keys), size=int(rng.integers(1, 3)), replace=False)
    wanted = _within(wanted, truth, least, most)
    median, spread = PACE[rater.kind]
    seconds = float(median * np.exp(rng.normal(0.0, spread)))
    return Answer(picks=[keys[index] for index in wanted], seconds=round(seconds, 1))


def _within(wanted: np.ndarray, truth: np.ndarray, least: int, most: int | None) -> np.ndarray:
    """Too few: the likeliest are added; too many: the likeliest are kept."""
    likeliest = np.argsort(-truth, kind="stable")
    if len(wanted) < least:
        wanted = np.union1d(wanted, likeliest[:least])
    if most is not None and len(wanted) > most:
        wanted = likeliest[np.isin(likeliest, wanted)][:most]
    return np.sort(wanted).astype(int)
