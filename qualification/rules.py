"""Pure decisions about the quiz."""

from collections.abc import Collection, Sequence
from random import Random


def passes(right: int, asked: int, pass_mark: float) -> bool:
    """Whether `right` of `asked` answers reach the mark (a share). No answer at all never does."""
    return asked > 0 and right / asked >= pass_mark


def right_needed(asked: int, pass_mark: float) -> int:
    """The least number of right answers that passes.

    >>> right_needed(5, 0.8), right_needed(3, 0.67), right_needed(8, 1.0)
    (4, 3, 8)
    """
    return next(right for right in range(asked + 1) if right / max(asked, 1) >= pass_mark)


def choose(posts: Sequence[int], known: Collection[int], count: int, rng: Random) -> list[int]:
    """The posts of a try, in random order: `count` of them, and `known` ones only to fill up.

    `known` are those of the try before, whose right answers the rater has been told.
    """
    fresh = [post for post in posts if post not in known]
    seen = [post for post in posts if post in known]
    if len(fresh) >= count:
        return rng.sample(fresh, count)
    chosen = fresh + rng.sample(seen, min(count - len(fresh), len(seen)))
    return rng.sample(chosen, len(chosen))


def is_suspicious(answered: int, right: int) -> bool:
    """Whether most raters get a gold post wrong: then rather the gold errs than the raters.

    Few answers tell nothing yet.
    """
    return answered >= 5 and right * 2 < answered
