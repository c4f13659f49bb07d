"""Many rows into PostgreSQL at once, by COPY."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Sequence)
#: Characters that a chunk may hold, however few rows that are.
MAX_CHUNK_LENGTH = 8 * 1024 * 1024


def chunked(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of at most `size`, and of fewer where their texts are long."""
    chunk, length = [], 0
    for row in rows:
        chunk.append(row)
        length += sum(len(cell) for cell in row if type(cell) is str)
        if len(chunk) == size or length > MAX_CHUNK_LENGTH:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def copy_to_temporary(cursor, table: str, columns: str, rows: Iterable[Sequence]) -> None:
    """Fills a table that lives until the transaction ends. `columns` are as in CREATE TABLE.

    Rows can be checked and joined there before any of them touches a table that matters.
    """
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
