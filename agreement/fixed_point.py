"""Where steps that climb a hill come to rest, in fewer of them.

Expectation-maximisation never goes down, but its steps get small long before it is there. Each new
point here is the affine mean of the last few steps' ends that would have left the smallest change
(Anderson's acceleration); where it lies lower than the last point, the plain step is taken instead
and what was remembered is forgotten, so that the whole climbs as well.

Sources: Walker and Ni 2011, "Anderson Acceleration for Fixed-Point Iterations"; Henderson and
Varadhan 2019, "Damped Anderson Acceleration With Restarts and Monotonicity Control for
Accelerating EM and EM-like Algorithms".
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: From a point float64[N] to the end of its step float64[N] and the height of the point itself.
Step = Callable[[np.ndarray], tuple[np.ndarray, float]]

#: Steps that are remembered.
MEMORY = 5
#: Keeps steps that hardly differ from blowing up the mean, as a share of their mean square.
RIDGE = 1e-8


@dataclass(frozen=True, eq=False)
class Rest:
    """Where it ended, after how many steps, and whether the last changed less than the tolerance."""

    point: np.ndarray
    steps: int
    settled: bool


def climb(
    step: Step, start: np.ndarray, *, tolerance: float, most: int, low: float, high: float
) -> Rest:
    """Steps from `start` until none of its numbers changes by more than `tolerance`, or `most` steps
    were made. Every point stays between `low` and `high`.

    >>> halfway = lambda x: ((x + 2) / 2, -abs(2 - x[0]))
    >>> found = climb(halfway, np.array([0.0]), tolerance=1e-9, most=99, low=0, high=9)
    >>> found.point.round(6).tolist(), found.steps < 10
    ([2.0], True)
    """
    point, seen = start, []
    end, height = step(point)
    for made in range(1, most):
        if np.abs(end - point).max() <= tolerance:
            return Rest(end, made, settled=True)
        seen = [*seen[-MEMORY:], (end, end - point)]
        tried = np.clip(_mean(seen), low, high)
        tried_end, tried_height = step(tried)
        if tried_height < height:
            seen, tried = [], end
            tried_end, tried_height = step(tried)
        point, end, height = tried, tried_end, tried_height
    return Rest(end, most, settled=False)


def _mean(seen: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The ends' affine mean whose mean change is least, from (end, change) of the last steps."""
    ends, changes = map(np.array, zip(*seen, strict=True))
    turns = np.diff(changes, axis=0)
    squares = turns @ turns.T
    squares += RIDGE * np.trace(squares) * np.eye(len(squares))
    if not np.trace(squares):
        return ends[-1]
    return ends[-1] - np.linalg.solve(squares, turns @ changes[-1]) @ np.diff(ends, axis=0)
