"""Rows of a Parquet file, a batch at a time."""

from collections.abc import Iterator
from pathlib import Path

from lib.tables.rows import BadFile, BrokenOff, Reject, Row, unstorable

BATCH_ROWS = 2000


def parquet_rows(path: Path) -> tuple[list[str], Iterator[Row | Reject]]:
    """The columns and the rows. Raises BadFile for a file that is no Parquet."""
    from pyarrow import ArrowException, parquet  # takes a third of a second to load

    try:
        file = parquet.ParquetFile(path)
        columns = file.schema_arrow.names
    except (ArrowException, OSError) as error:
        raise BadFile(f"This is not a Parquet file that can be read ({error}).") from error
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise BadFile(f"It names {', '.join(map(repr, repeated))} more than once.")
    return columns, _rows(file)


def _rows(file) -> Iterator[Row | Reject]:
    number = 0
    for batch in _batches(file):
        for values in _values(batch):
            number += 1
            bad = values if isinstance(values, tuple) else unstorable(values)
            yield Reject(number, *bad) if bad else Row(number, values)


def _batches(file) -> Iterator:
    from pyarrow import ArrowException

    try:
        yield from file.iter_batches(BATCH_ROWS)
    except (ArrowException, OSError) as error:
        raise BrokenOff(f"The Parquet file is damaged from here on ({error}).") from error


def _values(batch) -> Iterator[dict | tuple[str, str]]:
    """Each row as a dict; as (field, reason) where a text is not UTF-8."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for index in range(batch.num_rows):
            yield from _value(batch.slice(index, 1))


def _value(row) -> list[dict | tuple[str, str]]:
    try:
        return row.to_pylist()
    except UnicodeDecodeError as error:
        return [("", f"holds text that is not UTF-8 ({error.reason})")]
