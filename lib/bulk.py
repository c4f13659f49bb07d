"""Many rows into PostgreSQL and out of it at once, by COPY."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from django.db import connection
from django.db.models import QuerySet

T = TypeVar("T", bound=Sequence)
#: Characters that a chunk may hold, however few rows that are.
MAX_CHUNK_LENGTH = 8 * 1024 * 1024
#: How COPY's binary format begins (signature, flags, no extension) and ends.
BINARY_BEGIN, BINARY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
#: Rows that come out at a time: below a megabyte.
PIECE_ROWS = 1 << 15


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
    _create_temporary(cursor, table, columns)
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def copy_columns(cursor, table: str, columns: str, numbers: np.ndarray) -> None:
    """The same from int64[columns, N], all of whose columns are bigints without nulls.

    The rows are laid out as COPY's binary format has them, without a loop over them.
    """
    _create_temporary(cursor, table, columns)
    width = len(numbers)
    cell = [("length", ">i4"), ("value", ">i8")]
    rows = np.zeros(numbers.shape[1], [("fields", ">i2"), ("cells", cell, (width,))])
    rows["fields"] = width
    rows["cells"]["length"] = 8
    rows["cells"]["value"] = numbers.T
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(BINARY_BEGIN)
        copy.write(rows.tobytes())
        copy.write(BINARY_END)


def _create_temporary(cursor, table: str, columns: str) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")


def read_columns(rows: QuerySet, *columns: str) -> list[np.ndarray]:
    """int64[N] for each of the columns, which are bigints without nulls; rows in no order.

    Raises ValueError where there is a null. Four million rows fetched one by one take longer than
    all that is computed from them. Here the server packs them into one value of at most 1 GiB, which
    comes in pieces, so that nobody holds it besides the columns.
    """
    sql, params = rows.order_by().values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(
            f"COPY ({_in_pieces(sql, len(columns))}) TO STDOUT BINARY", params
        )
        with cursor.copy(statement) as copy:
            copy.set_types(["int8", "bytea"])
            return _filled(copy.rows(), columns)


def packed(columns: Sequence[str]) -> str:
    """SQL for rows of bigints as one bytea, row after row: the opposite of `unpacked`.

    One aggregate of joined cells is quicker than one of each column. A row with a null is left out.
    """
    cells = " || ".join(f"int8send({column})" for column in columns)
    return f"coalesce(string_agg({cells}, ''::bytea), ''::bytea)"


def unpacked(rows: bytes, width: int) -> np.ndarray:
    """int64[width, N]: the columns of packed rows."""
    return np.ascontiguousarray(np.frombuffer(rows, ">i8").reshape(-1, width).T, np.int64)


def _in_pieces(sql: str, width: int) -> str:
    """A query for (how many rows another one has, some of them packed)."""
    names = [f"column_{number}" for number in range(width)]
    size = PIECE_ROWS * width * 8
    return f"""
        SELECT rows, substr(packed, 1 + piece * {size}, {size}) FROM (
            SELECT count(*) AS rows, {packed(names)} AS packed FROM ({sql}) AS row ({", ".join(names)})
        ) AS whole CROSS JOIN LATERAL generate_series(0, octet_length(packed) / {size}) AS piece
    """


def _filled(pieces: Iterable[tuple[int, bytes]], columns: Sequence[str]) -> list[np.ndarray]:
    found, filled = [], 0
    for rows, piece in pieces:
        found = found or [np.empty(rows, np.int64) for _ in columns]
        cells = unpacked(piece, len(columns))
        for column, part in zip(found, cells, strict=True):
            column[filled : filled + len(part)] = part
        filled += cells.shape[1]
    if filled < rows:
        raise ValueError(f"One of the columns {', '.join(columns)} has nulls.")
    return found
