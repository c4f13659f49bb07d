"""CSV that may be broken anywhere: a bad record costs itself and no other."""

import csv
from collections import deque
from collections.abc import Iterator

from lib.tables.lines import Line
from lib.tables.rows import MAX_ROW_BYTES, BadFile, Reject, Row, too_long, unstorable

# A record is bounded by the feed below; the module's own limit would stop at 128 KB a cell.
csv.field_size_limit(MAX_ROW_BYTES)


class _Feed:
    """Hands lines to csv.reader and remembers the record's, so that they can be read again.

    A quote that is never closed swallows the lines after it. Once the record turns out bad, they
    are given back and only the first is lost.
    """

    def __init__(self, lines: Iterator[Line]):
        self.lines = lines
        self.again: deque[Line] = deque()
        self.record: list[Line] = []
        self.size = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.lines)
        self.record.append(line)
        self.size += len(line.text)
        if self.size > MAX_ROW_BYTES:
            raise csv.Error("a quote is not closed, or the record " + too_long(self.size))
        return line.text + "\n"

    def begin(self) -> None:
        self.record, self.size = [], 0

    def give_back(self) -> None:
        self.again.extendleft(reversed(self.record[1:]))

    def fault(self) -> str:
        return next((line.fault for line in self.record if line.fault), "")


def csv_rows(lines: Iterator[Line]) -> tuple[list[str], Iterator[Row | Reject]]:
    """The header's columns, and the rows. The delimiter is the header's: , or ; or a tab.

    Raises BadFile for a header that can't be used.
    """
    feed = _Feed(lines)
    header = next(lines)
    feed.again.append(header)
    reader = csv.reader(feed, delimiter=max(",;\t", key=header.text.count), strict=True)
    columns = _header(feed, reader)
    return [name for name in columns if name], _rows(feed, reader, columns)


def _header(feed: _Feed, reader) -> list[str]:
    try:
        columns = [name.strip() for name in next(reader)]
    except csv.Error as error:
        raise BadFile(f"The header is not CSV: {error}.") from error
    if fault := feed.fault():
        raise BadFile(f"The header can't be read: {fault}.")
    if any("\0" in name for name in columns):
        raise BadFile("The header holds NUL bytes; if it is UTF-16, say --encoding utf-16.")
    repeated = sorted({name for name in columns if name and columns.count(name) > 1})
    if repeated:
        raise BadFile(f"The header names {', '.join(map(repr, repeated))} more than once.")
    return columns


def _rows(feed: _Feed, reader, columns: list[str]) -> Iterator[Row | Reject]:
    number = 0
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            feed.give_back()
            number += 1
            yield Reject(number, "", f"is not CSV: {error}")
            continue
        fault = feed.fault()
        if cells or fault:
            number += 1
            yield _row(number, columns, cells, fault)


def _row(number: int, columns: list[str], cells: list[str], fault: str) -> Row | Reject:
    if fault:
        return Reject(number, "", fault)
    if len(cells) != len(columns):
        return Reject(number, "", f"has {len(cells)} cells; the header has {len(columns)}")
    values = dict(zip(columns, cells, strict=True))
    values.pop("", None)  # the nameless index column that some tools write
    bad = unstorable(values) if any("\0" in cell for cell in cells) else None
    return Reject(number, *bad) if bad else Row(number, values)
