"""One's own data as a file, written while it is sent."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from annotation.models import Rater
from lib.spreadsheets import csv_lines
from lib.times import isoformat
from work.personal import JUDGEMENTS, TABLES


def as_json(rater: Rater) -> Iterator[str]:
    """An object with a list of rows for each table that holds something of the rater."""
    yield f'{{\n"exported_at": {_json(timezone.now())}'
    for table in TABLES:
        yield f',\n"{table.name}": ['
        yield from _joined(_json(row) for row in table.rows(rater))
        yield "]"
    yield "\n}\n"


def judgements_csv(rater: Rater) -> Iterator[str]:
    """A line for each judgement as it stands now; picks are joined by "|"."""
    rows = ([_cell(value) for value in row.values()] for row in JUDGEMENTS.rows(rater))
    yield from csv_lines(list(JUDGEMENTS.columns), rows)


def _joined(rows: Iterable[str]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f",\n{row}" if number else f"\n{row}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=isoformat)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return isoformat(value)
    return "|".join(value) if isinstance(value, list) else value
