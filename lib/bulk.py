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
#: Runs in which a column is read: a few megabytes each at the largest scale.
RUNS = 32


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

    Four million rows fetched one by one take longer than all that is computed from them. Here each
    column comes in few runs of eight-byte integers. One run would be simpler, but the driver would
    hold it several times over.
    """
    sql, params = rows.order_by().values_list(*columns).query.sql_with_params()
    names = [f"column_{number}" for number in range(len(columns))]
    packed = ", ".join(f"string_agg(int8send({name}), ''::bytea)" for name in names)
    query = (
        f"SELECT {packed} FROM ({sql}) AS row ({', '.join(names)}) GROUP BY mod(column_0, {RUNS})"
    )
    with connection.cursor() as cursor:
        statement = cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", params)
        with cursor.copy(statement) as copy:
            copy.set_types(["bytea"] * len(columns))
            runs = [
                [np.frombuffer(run, ">i8").astype(np.int64) for run in row] for row in copy.rows()
            ]
    return [np.concatenate(column) for column in zip(*runs, strict=True)] or _nothing(columns)


def _nothing(columns: Sequence[str]) -> list[np.ndarray]:
    return [np.empty(0, np.int64) for _ in columns]
