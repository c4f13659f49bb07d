"""CSV that a spreadsheet program may open: no cell of it runs as a formula."""

import csv
from collections.abc import Iterable, Iterator

#: A text that begins with one of these is run as a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file for csv.writer that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: list[str], rows: Iterable[list]) -> Iterator[str]:
    """The header and the rows as lines of CSV, one at a time; None is an empty cell."""
    writer = csv.writer(_Line())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: object) -> object:
    """An apostrophe before a text that would be run as a formula; numbers stay as they are.

    >>> harmless("=1+1"), harmless("1+1"), harmless(-1)
    ("'=1+1", '1+1', -1)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell
