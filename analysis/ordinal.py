"""Agreement on grades: ordinal alpha, straight from a file. Nothing is stored.

A campaign's picks are labels without an order. A grade has one, so a campaign of grades would show
figures that know nothing of it; here the one that does is printed instead.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from agreement.alpha import ordinal_alpha
from agreement.report import plain
from agreement.table import Judgements
from analysis.answers import Answers
from analysis.errors import BadPlan

HELP = (
    "the column holds grades: print Krippendorff's ordinal alpha of them and store nothing. Grades "
    "are put in order as numbers; words need --labels, the lowest first"
)


def figures(answers: Answers, column: str, grades: Sequence[str] = ()) -> dict:
    """Ordinal alpha and what it rests on. Raises BadPlan for grades without an order."""
    order = tuple(grades) or _as_numbers(answers.labels, column)
    if unknown := [label for label in answers.labels if label not in order]:
        raise BadPlan(f"--labels has no place for {', '.join(map(repr, unknown[:5]))}.")
    order = tuple(grade for grade in order if grade in answers.labels)
    position = np.array([order.index(label) for label in answers.labels], np.int64)
    one = np.bitwise_count(answers.picks) == 1
    places = position[np.bitwise_count(answers.picks[one] - 1)]
    table = Judgements(answers.posts[one], answers.raters[one], np.int64(1) << places, order)
    counts = np.bincount(places, minlength=len(order)).tolist()
    return {
        "column": column,
        "judgements": len(places),
        "posts": len(np.unique(table.posts)),
        "raters": len(np.unique(table.raters)),
        "compared": {"posts": table.shared_posts, "judgements": table.size},
        "grades": dict(zip(order, counts, strict=True)),
        "ordinal_alpha": plain(ordinal_alpha(table)),
    }


def lines(found: dict) -> Iterator[str]:
    """The same for a terminal."""
    alpha = found["ordinal_alpha"]
    yield (
        f"{found['column']}: {found['judgements']:,} judgements of {found['posts']:,} posts by "
        f"{found['raters']:,} raters; {found['compared']['posts']:,} posts have two or more."
    )
    yield f"Ordinal alpha  {'undefined' if alpha is None else f'{alpha:.3f}'}"
    yield "Grades, lowest first: " + ", ".join(f"{g} ({n:,})" for g, n in found["grades"].items())
    yield "Nothing was stored: a campaign's labels have no order."


def _as_numbers(labels: Sequence[str], column: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(labels, key=float))
    except ValueError:
        raise BadPlan(
            f"The grades in '{column}' are not all numbers: {', '.join(labels[:10])}. "
            "Say their order with --labels, the lowest first."
        ) from None
