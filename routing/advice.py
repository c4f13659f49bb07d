"""When to stop asking. Pure, and every answer says its reason."""

from collections.abc import Mapping, Sequence

#: Rounds that must pass without a better figure, and what counts as better.
FLAT_ROUNDS, BETTER_BY = 3, 0.01

EMPTY = "No post is left to draw: every post of the campaign is judged or in a rater's hands."
UNKNOWN = (
    "Nothing tells yet. Draw a check (strategy 'check', 500 posts or more): it is judged like any "
    "other round, no head ever learns from it, and it shows whether heads still get better."
)
TOO_SMALL = (
    "The check is too small to tell: no affect has ten carriers on it. Draw more posts with the "
    "strategy 'check'."
)
NO_GAIN = (
    "Routing finds no affect more often than an even draw does (the upper ends of all ratios are "
    "below 1). Go on with strategy 'uniform', or look at the affects' importance."
)


def advise(
    *, figures: Sequence[float | None], ratios: Mapping[str, Mapping], pool_left: bool
) -> dict:
    """Whether to stop, and why, as one sentence.

    figures    macro average precision on the check, one per round in their order; None: unknown
    ratios     per affect what routing finds over what an even draw finds, with its interval
    pool_left  whether a round has anything left to draw

    The rule: stop when the pool is empty; stop when the last three measured rounds are no better
    by 0.01 than the best before them; change the strategy when nothing is found more often than
    by an even draw; otherwise go on.

    >>> advise(figures=[0.2, 0.4, 0.4, 0.403, 0.39], ratios={}, pool_left=True)["stop"]
    True
    """
    if not pool_left:
        return {"stop": True, "why": EMPTY}
    known = [figure for figure in figures if figure is not None]
    if is_flat(known):
        return {"stop": True, "why": _flat(known)}
    if _is_useless(ratios):
        return {"stop": False, "why": NO_GAIN}
    if not known:
        return {"stop": False, "why": TOO_SMALL if figures else UNKNOWN}
    if len(known) <= FLAT_ROUNDS:
        return {"stop": False, "why": _few(known)}
    return {"stop": False, "why": _better(known)}


def is_flat(figures: Sequence[float]) -> bool:
    """Whether the last three are no better by 0.01 than the best before them.

    >>> is_flat([0.2, 0.3, 0.3, 0.3]), is_flat([0.2, 0.3, 0.3, 0.32]), is_flat([0.3, 0.3, 0.3])
    (False, False, False)
    >>> is_flat([0.3, 0.3, 0.305, 0.3])
    True
    """
    if len(figures) <= FLAT_ROUNDS:
        return False
    return max(figures[-FLAT_ROUNDS:]) < max(figures[:-FLAT_ROUNDS]) + BETTER_BY


def _is_useless(ratios: Mapping[str, Mapping]) -> bool:
    ends = [ratio["high"] for ratio in ratios.values() if ratio["high"] is not None]
    return bool(ends) and max(ends) < 1


def _flat(known: Sequence[float]) -> str:
    return (
        f"The heads learn no more: in the last {FLAT_ROUNDS} measured rounds their mean average "
        f"precision on the check was {max(known[-FLAT_ROUNDS:]):.3f} at best, before that "
        f"{max(known[:-FLAT_ROUNDS]):.3f}. More judgements still narrow the intervals."
    )


def _few(known: Sequence[float]) -> str:
    return (
        f"Go on: {len(known)} measured round{'s' if len(known) > 1 else ''} can't tell whether the "
        f"heads still get better; it takes more than {FLAT_ROUNDS}."
    )


def _better(known: Sequence[float]) -> str:
    return (
        f"Go on: the heads still get better (mean average precision on the check "
        f"{max(known[-FLAT_ROUNDS:]):.3f}, before the last {FLAT_ROUNDS} rounds "
        f"{max(known[:-FLAT_ROUNDS]):.3f})."
    )
