"""An entrance's participants as CSV: what it takes to approve and pay them on their platform."""

from collections.abc import Iterator

from joining import crowd_queries
from joining.models import Entrance, Participant
from lib.spreadsheets import csv_lines

COLUMNS = [
    "participant", "study", "session", "entered_at", "finished_at", "screened_out_at",
    "judgements", "skipped", "active_minutes", "completion_code",
]  # fmt: skip


def lines(entrance: Entrance) -> Iterator[str]:
    """The header, then a line for each participant in the order in which they came."""
    found = crowd_queries.with_work(entrance.participants.all()).iterator()
    yield from csv_lines(COLUMNS, (_cells(entrance, participant) for participant in found))


def _cells(entrance: Entrance, participant: Participant) -> list:
    moments = (participant.entered_at, participant.finished_at, participant.screened_out_at)
    return [
        participant.participant,
        participant.study,
        participant.session,
        *(moment.isoformat(timespec="seconds") if moment else "" for moment in moments),
        participant.judged,
        participant.skipped,
        round(participant.minutes, 1),
        entrance.completion_code if participant.finished_at else "",
    ]
