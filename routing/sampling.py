"""Drawing posts with the inclusion probabilities they were promised. Chance is handed in."""

from collections.abc import Callable

import numpy as np

from routing.errors import BadRound, TopKRefused


def systematic(pi: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """bool[N]: systematic sampling with probabilities pi float[N], after a random reordering.

    With cumulated sums C_i and u uniform on [0, 1), post i is drawn when a point of u, u + 1, …
    falls into [C_{i-1}, C_i): P(drawn) = pi_i exactly, and the number drawn is the sum of pi
    rounded down or up (Madow 1949). The random order keeps near neighbours of an import from
    shutting each other out.
    """
    order = rng.permutation(len(pi))
    passed = np.ceil(np.cumsum(pi[order]) - rng.random())
    drawn = np.zeros(len(pi), bool)
    drawn[order] = np.diff(passed, prepend=0.0) > 0
    return drawn


def poisson(pi: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """bool[N]: each post by itself with its probability pi; the number drawn varies around the sum
    (Hájek 1964)."""
    return rng.random(len(pi)) < pi


METHODS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "systematic": systematic,
    "poisson": poisson,
}


def method(name: str) -> Callable[[np.ndarray, np.random.Generator], np.ndarray]:
    """The way of drawing by its name. Raises TopKRefused, BadRound."""
    if name.replace("-", "_") == "top_k":
        raise TopKRefused
    if name not in METHODS:
        raise BadRound(f"'{name}' is no way of drawing; use {' or '.join(METHODS)}.")
    return METHODS[name]
