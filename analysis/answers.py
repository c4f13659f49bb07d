"""The answers of a whole file as masks: its labels known, each rater once a post."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.errors import NothingToAnalyse, TooManyLabels
from analysis.gathering import Gatherer
from analysis.labels import is_flags, labels_in, separator_of
from analysis.plans import NO_SEPARATOR, Plan
from analysis.vocabulary import Vocabulary
from lib.tables import Reject
from taxonomy.rules import MAX_AFFECTS


@dataclass(frozen=True)
class Answers:
    """N answers, each rater once a post.

    rows     int64[N]: where in the file each stands
    posts    int64[N]: an index of `post_ids` and `texts`
    raters   int64[N]: an index of `rater_ids`
    picks    int64[N]: bit masks over `labels`, which begin with the most frequent
    skipped  answers that were cancelled, or not given yet
    joined   rows that name a further label of the same rater and post
    """

    rows: np.ndarray
    posts: np.ndarray
    raters: np.ndarray
    picks: np.ndarray
    labels: tuple[str, ...]
    post_ids: Sequence[str]
    texts: Sequence[str]
    rater_ids: Sequence[str]
    skipped: int = 0
    joined: int = 0


def finish(
    gatherer: Gatherer, plan: Plan, *, repeats: str, reject: Callable[[Reject], None]
) -> Answers:
    """What was gathered, with labels instead of cells. Raises NothingToAnalyse, TooManyLabels."""
    answers = gatherer.settle()
    used, places = np.unique(answers[3], return_inverse=True)
    raw = [gatherer.cells.values[cell] for cell in used]
    cells = Vocabulary(_reader(raw, plan))
    codes = cells.codes(raw)[places]
    for place in np.flatnonzero(codes < 0):
        fault = cells.fault(codes[place])
        post = gatherer.posts.values[answers[1, place]]
        reject(Reject(int(answers[0, place]), fault.field, fault.reason, post))
    good = codes >= 0
    if not good.any():
        raise NothingToAnalyse("No row of the file can be used.")
    rows, posts, raters, _ = answers[:, good]
    labels = _by_frequency(cells.values, np.bincount(codes[good], minlength=len(cells.values)))
    if not labels:
        raise NothingToAnalyse("No row of the file gives a label, so there is nothing to agree on.")
    picks = masks_of(cells.values, labels)[codes[good]]
    if repeats == "auto":
        repeats = "join" if all(len(found) < 2 for found in cells.values) else "reject"
    table = np.stack([rows, posts, raters, picks])
    once, joined = _once_each(table, gatherer, repeats == "join", reject)
    return Answers(
        *once, labels, gatherer.posts.values, gatherer.texts, gatherer.raters.values,
        gatherer.skipped, joined,
    )  # fmt: skip


def masks_of(answers: Sequence[tuple[str, ...]], labels: Sequence[str]) -> np.ndarray:
    """int64: the bit mask of each answer.

    >>> masks_of([("joy",), ("awe", "joy"), ()], ["joy", "awe"]).tolist()
    [1, 3, 0]
    """
    bit = {label: 1 << place for place, label in enumerate(labels)}
    return np.array([sum(bit[label] for label in answer) for answer in answers], np.int64)


def _reader(cells: Sequence, plan: Plan) -> Callable:
    separator = plan.separator or separator_of(cell for cell in cells if not is_flags(cell))
    separator = "" if separator == NO_SEPARATOR else separator
    return lambda cell: labels_in(cell, separator, plan.labels)


def _by_frequency(answers: Sequence[tuple[str, ...]], counts: np.ndarray) -> tuple[str, ...]:
    """The labels, the most frequent first. Raises TooManyLabels."""
    found: dict[str, int] = {}
    for answer, count in zip(answers, counts.tolist(), strict=True):
        for label in answer:
            found[label] = found.get(label, 0) + count
    labels = tuple(sorted(found, key=lambda label: (-found[label], label)))
    if len(labels) > MAX_AFFECTS:
        shown = ", ".join(repr(label[:30]) for label in labels[:5])
        raise TooManyLabels(
            f"There are {len(labels):,} different labels ({shown} …); a campaign holds {MAX_AFFECTS}. "
            "If they stand in another column, name it: --columns picks=NAME. If labels are joined by "
            "another sign, name that: --separator. Else put rare labels together first."
        )
    return labels


def _once_each(
    table: np.ndarray, gatherer: Gatherer, join: bool, reject: Callable
) -> tuple[np.ndarray, int]:
    """The same columns, in the order of posts and raters, with each pair once.

    A pair's further rows are joined to its first one; or else, where they say something else, they
    are rejected.
    """
    rows, posts, raters, picks = table
    pairs = posts * (raters.max() + 1) + raters
    order = np.argsort(pairs, kind="stable")
    is_first = np.diff(pairs[order], prepend=-1) > 0
    if is_first.all():
        return table[:, order], 0
    starts = np.flatnonzero(is_first)
    once = table[:, order[starts]]
    if join:
        once[3] = np.bitwise_or.reduceat(picks[order], starts)
        return once, len(order) - len(starts)
    first = starts[np.cumsum(is_first) - 1]
    for place in np.flatnonzero(picks[order] != picks[order[first]]):
        row, before = rows[order[place]], rows[order[first[place]]]
        reason = f"row {before} has another answer of the same rater to the same post"
        post = gatherer.posts.values[posts[order[place]]]
        reject(Reject(int(row), "picks", reason, post))
    return once, 0
