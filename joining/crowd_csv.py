"""An entrance's participants as CSV: what it takes to approve and pay them on their platform."""

import csv
from collections.abc import Iterator

from joining import crowd_queries
from joining.models import Entrance, Participant

COLUMNS = [
    "participant", "study", "session", "entered_at", "finished_at", "screened_out_at",
    "judgements", "skipped", "active_minutes", "completion_code",
]  # fmt: skip


class Line:
    """A file for csv.writer that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(entrance: Entrance) -> Iterator[str]:
    """The header, then a line for each participant in the order in which they came."""
    writer = csv.writer(Line())
    yield writer.writerow(COLUMNS)
    for participant in crowd_queries.with_work(entrance.participants.all()).iterator():
        yield writer.writerow(_cells(entrance, participant))


def _cells(entrance: Entrance, participant: Participant) -> list:
    """Ids begin with a letter or digit, so none of them is a formula to a spreadsheet."""
    moments = (participant.entered_at, participant.finished_at, participant.screened_out_at)
    return [
        participant.participant,
        participant.study,
        participant.session,
        *(moment.isoformat(timespec="seconds") if moment else "" for moment in moments),
        participant.judged,
        participant.skipped,
        round(participant.minutes, 1),
        harmless(entrance.completion_code) if participant.finished_at else "",
    ]


def harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would run as a formula.

    >>> harmless("=1+1"), harmless("C0DE")
    ("'=1+1", 'C0DE')
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
