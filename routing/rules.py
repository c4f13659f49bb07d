"""How often each post should be asked: pure arithmetic on scores.

Axes: N posts of the pool, A affects with a trained head, 4 components.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass

import numpy as np

from routing.errors import BadImportance, BadRound, TopKRefused, UnknownStrategy

COMPONENTS = ("exploit", "uncertainty", "diversity", "uniform")
#: The strategy whose posts no head learns from: they check what heads have learnt.
CHECK = "check"
#: The affect that screens posts out where a taxonomy says nothing about valence.
NEUTRAL = "neutral"
#: Positives that every affect is taken to have before any is found.
CREDIT = 3.0
#: From this priority on a post is asked because an admin wants it, whatever a round draws: it is in
#: no pool, and rounds leave its priority alone.
PINNED = 3.0


@dataclass(frozen=True)
class Shares:
    """How a round's budget is divided. Raises BadRound unless the shares are a mixture with a
    uniform part: without one, some post would have no chance and no known propensity."""

    exploit: float = 0.8
    uncertainty: float = 0.0
    diversity: float = 0.0
    uniform: float = 0.2

    def __post_init__(self) -> None:
        if min(astuple(self)) < 0 or abs(sum(astuple(self)) - 1) > 1e-6:
            raise BadRound(
                "The shares must be 0 or more and add up to 1, such as 0.6, 0.1, 0.1, 0.2."
            )
        if self.uniform <= 0:
            raise BadRound("The uniform share must be above 0, so that every post has a chance.")

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def majority(votes: np.ndarray, raters: np.ndarray) -> np.ndarray:
    """bool[P, A]: whether more than half of a post's raters picked the affect.

    >>> majority(np.array([[1, 2], [1, 0]]), np.array([2, 1])).tolist()
    [[False, True], [True, False]]
    """
    return 2 * votes > raters[:, None]


def affect_values(importance: Sequence[float], positives: Sequence[float]) -> np.ndarray:
    """v_c proportional to importance_c / positives_c, adding up to 1: rare and important first.

    An affect without a positive yet counts as one with a single positive.

    >>> affect_values([1.0, 1.0, 2.0], [10, 90, 20]).round(3).tolist()
    [0.474, 0.053, 0.474]
    """
    return _shared_out(np.asarray(importance, float) / np.maximum(1.0, positives))


def focused_values(importance: Sequence[float], positives: Sequence[float]) -> np.ndarray:
    """v_c proportional to importance_c / (positives_c + 3)^2, adding up to 1.

    Errors of what is said of an affect shrink as 1 / positives, so one more carrier is worth the
    square of that. `CREDIT` counts for every affect alike, so that an affect found once by chance
    doesn't take the whole round.

    >>> focused_values([1.0, 1.0, 4.0], [1, 5, 5]).round(3).tolist()
    [0.444, 0.111, 0.444]
    """
    return _shared_out(np.asarray(importance, float) / (np.asarray(positives) + CREDIT) ** 2)


def check_importance(importance: Mapping[str, float], keys: Sequence[str]) -> None:
    """Raises BadImportance for what are no weights of these affects."""
    if unknown := sorted(set(importance) - set(keys)):
        raise BadImportance(f"The campaign asks for no affect '{unknown[0]}'.")
    if any(weight < 0 for weight in importance.values()):
        raise BadImportance
    if importance.keys() == set(keys) and not any(importance.values()):
        raise BadImportance


def screening(keys: Sequence[str], valences: Sequence[str]) -> np.ndarray:
    """bool[A]: the affects that mark a post as one that stirs nobody.

    Those of neutral valence; but a taxonomy whose affects all are (it was loaded without
    valences) means by it the affect of that name, if it has one.
    """
    neutral = np.array([valence == NEUTRAL for valence in valences], bool)
    return np.array([key == NEUTRAL for key in keys], bool) if neutral.all() else neutral


def exploit(
    scores: np.ndarray, values: np.ndarray, screens: np.ndarray, temperature: float
) -> np.ndarray:
    """float64[N]: sum_c v_c p_ic^t, times the chance that the post is not neutral.

    scores  float[N, A]  probabilities p_ic
    values  float[A]     v_c, as by `affect_values`; 0 for what is not looked for
    screens bool[A]      as by `screening`

    >>> scores = np.array([[0.25, 0.0], [0.25, 0.8]])
    >>> exploit(scores, np.array([1.0, 0.0]), np.array([False, True]), 0.5).round(3).tolist()
    [0.5, 0.1]
    """
    stirring = np.prod(1 - scores[:, screens], axis=1, dtype=float)
    return (scores**temperature @ values.astype(scores.dtype)).astype(float) * stirring


def focused_exploit(
    scores: np.ndarray, values: np.ndarray, screens: np.ndarray, temperature: float
) -> np.ndarray:
    """float64[N]: sum_c v_c w_ic, times the chance that the post is not neutral, where w_ic is
    p_ic^(1/t) over its mean in the pool; arguments as in `exploit`.

    Dividing by the mean makes v_c the part of the exploit share that an affect really gets; without
    it, affects whose scores are high on every post outvote the rare ones. A temperature below 1
    then sharpens. On 43,410 posts with 28 affects and 5,000 judged, its draws found the five rarest
    3.4 to 3.8 times as often as chance would (t = 0.25), those of `exploit` 1.1 to 1.3 times
    (t = 0.5); bench/README.md has both.

    >>> scores = np.array([[0.1, 0.9], [0.3, 0.9]])
    >>> both = np.array([0.5, 0.5])
    >>> focused_exploit(scores, both, np.array([False, False]), 0.5).round(2).tolist()
    [0.6, 1.4]
    """
    sharp = scores ** (1 / temperature)
    stirring = np.prod(1 - scores[:, screens], axis=1, dtype=float)
    return (sharp @ (values / sharp.mean(axis=0, dtype=float)).astype(scores.dtype)) * stirring


def uncertainty(scores: np.ndarray) -> np.ndarray:
    """float64[N]: mean over affects of 4 p (1 - p), which is 1 where every head is undecided.

    Uncertainty sampling (Lewis and Gale 1994), with the variance of a coin as the measure.
    """
    return (4 * scores * (1 - scores)).mean(axis=1, dtype=float)


def diversity(clusters: np.ndarray) -> np.ndarray:
    """float64[N]: 1 / size of the post's cluster, so that every cluster gets the same part of the
    share, however many posts tell the same story.

    clusters int[N], 0 or more

    >>> diversity(np.array([0, 0, 2, 0])).round(3).tolist()
    [0.333, 0.333, 1.0, 0.333]
    """
    return 1 / np.bincount(clusters)[clusters]


@dataclass(frozen=True)
class Strategy:
    """A named way: how it divides the budget, given the plan's shares; how much it looks for each
    affect, what it exploits then, and the temperature at which it does where the plan names none.
    """

    shares: Callable[[Shares], Shares]
    exploit: Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray] = exploit
    values: Callable[[Sequence[float], Sequence[float]], np.ndarray] = affect_values
    temperature: float = 0.5


DEFAULT = "focused"
STRATEGIES = {
    "focused": Strategy(lambda planned: planned, focused_exploit, focused_values, 0.25),
    "mixed": Strategy(lambda planned: planned),
    "uniform": Strategy(lambda planned: Shares(0.0, 0.0, 0.0, 1.0)),
    CHECK: Strategy(lambda planned: Shares(0.0, 0.0, 0.0, 1.0)),
}


def strategy(name: str) -> Strategy:
    """The strategy of this name. Raises TopKRefused, UnknownStrategy."""
    if name.replace("-", "_") == "top_k":
        raise TopKRefused
    if name not in STRATEGIES:
        raise UnknownStrategy(name, list(STRATEGIES))
    return STRATEGIES[name]


def components(wanted: dict[str, np.ndarray], size: int, shares: Shares) -> np.ndarray:
    """float64[N, 4]: what each component adds to a post's rate; everything adds up to 1.

    A component that can't tell posts apart (no head yet, or nothing wanted anywhere) spreads its
    share evenly, so the uniform share is a floor under every rate.
    """
    even = np.full(size, 1 / size)
    parts = [_normalised(wanted.get(name), even) for name in COMPONENTS]
    return np.column_stack(parts) * np.array(astuple(shares))


def inclusion(rates: np.ndarray, budget: int) -> np.ndarray:
    """float64[N]: pi_i = min(1, B q_i), with sum B also when some posts are capped at 1.

    What capped posts leave over goes to the others in proportion to their rates, which may cap
    more of them (Särndal, Swensson and Wretman 1992, section 3.6). Rates only rise by that, so
    the floor holds.

    >>> inclusion(np.array([0.7, 0.2, 0.1]), 2).round(3).tolist()
    [1.0, 0.667, 0.333]
    """
    if budget >= len(rates):
        return np.ones(len(rates))
    certain = np.zeros(len(rates), bool)
    while True:
        pi = rates * (budget - certain.sum()) / rates[~certain].sum()
        over = ~certain & (pi >= 1)
        if not over.any():
            return np.where(certain, 1.0, pi)
        certain |= over


def is_due(
    *,
    new_judgements: int,
    every: int,
    is_time: bool,
    drawn_left: bool,
    last_failed: bool,
    is_first: bool,
) -> bool:
    """Whether a campaign's next round should begin by itself.

    Enough has been learnt since the last one; or it is time for one and there is anything new; or
    nothing drawn is left, and raters would be asked posts that no round chose. After a failure only
    new judgements are a reason to try again.
    """
    if is_first or new_judgements >= every or (is_time and new_judgements > 0):
        return True
    return not drawn_left and not last_failed


def _shared_out(values: np.ndarray) -> np.ndarray:
    total = values.sum()
    return values / total if total > 0 else values


def _normalised(wanted: np.ndarray | None, even: np.ndarray) -> np.ndarray:
    total = 0.0 if wanted is None else wanted.sum()
    return wanted / total if total > 0 else even
