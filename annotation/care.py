"""What is said to a rater at work for their own good, and never stands in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.utils.translation import gettext as _

#: So many answers in a row are worth a word. It comes again after as many more, not each time.
RUN = 8
#: Nobody has read a post and thought of how it feels in less time than this.
TOO_FAST = 1.5
#: How many answers have to be known for the word to come twice.
REMEMBERED = 2 * RUN + 1


@dataclass(frozen=True)
class Answer:
    picks: int
    other: str
    seconds: float | None

    @property
    def is_too_fast(self) -> bool:
        return self.seconds is not None and self.seconds < TOO_FAST


def word_on(latest: Sequence[Answer]) -> str:
    """A soft warning when the last answers, newest first, were all too fast or all the same.

    An answer may be right however often it comes, so this is a question and never a refusal.
    Empty where there is nothing to say.
    """
    if _is_due(answer.is_too_fast for answer in latest):
        return _(
            "Your last answers came very quickly. Take the time you need: it is paid, and care "
            "counts more than speed."
        )
    if _is_due(
        (answer.picks, answer.other) == (latest[0].picks, latest[0].other) for answer in latest
    ):
        return _("Your last {number} answers were all the same. If they fit, just go on.").format(
            number=RUN
        )
    return ""


def _is_due(odd: Iterable[bool]) -> bool:
    """Whether a run of odd answers is as long as RUN, or a multiple of it, at this very moment."""
    run = sum(takewhile(bool, odd))
    return run > 0 and run % RUN == 0
