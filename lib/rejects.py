"""The file in which rows that were not imported wait to be mended."""

import csv
import os
from pathlib import Path
from types import TracebackType

from lib.errors import PathosError
from lib.spreadsheets import harmless
from lib.tables import Reject


class RejectsFile:
    """Counts rejects and writes them as CSV: row, field, reason, id.

    A context manager. The file appears with the first reject; one that an earlier import left
    behind goes away, so that what lies there always speaks of the last import.
    """

    def __init__(self, path: Path):
        self.path = path
        self.count = 0
        self._file = None

    def __enter__(self) -> "RejectsFile":
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def add(self, reject: Reject) -> None:
        if self._file is None:
            self._begin()
        self._writer.writerow(map(harmless, reject))
        self.count += 1

    def _begin(self) -> None:
        try:
            self._file = self.path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise self._unwritable(error) from error
        self._writer = csv.writer(self._file)
        self._writer.writerow(Reject._fields)

    def _unwritable(self, error: OSError) -> PathosError:
        return PathosError(
            f"Rejected rows can't be written to {self.path}: {error.strerror}. Name another place "
            "with --rejects PATH. What is imported stays; importing again changes nothing of it."
        )


def place_for(path: Path) -> Path:
    """FILE.rejects.csv beside the import; in the current folder when that one is not to be written.

    Root may write everywhere, but a folder that denies it to everybody is meant to stay as it is.
    """
    beside = path.with_name(f"{path.name}.rejects.csv")
    folder = path.parent
    open_to_us = os.access(folder, os.W_OK) and folder.stat().st_mode & 0o222
    return beside if open_to_us else Path(beside.name)


def as_errors(rejects: list[Reject]) -> list[dict]:
    """The same as `errors` of REST's problem details."""
    return [
        {
            "where": ", ".join([f"row {reject.row}", *filter(None, [reject.field])]),
            "what": reject.reason,
        }
        for reject in rejects
    ]
