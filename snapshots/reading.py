"""Reads much from one moment of the database: COPY out of PostgreSQL, straight into Arrow."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pyarrow as pa
from django.db import connection
from pyarrow import csv

#: Bytes that Arrow parses at a time. A row must fit: texts without a limit go through `fetch`.
BLOCK_BYTES = 1 << 20
#: Rows that `fetch` holds at a time.
FETCHED_ROWS = 4096


@contextmanager
def consistent_view() -> Iterator[psycopg.Connection]:
    """A connection that sees the database as it is now, however long the reading takes.

    It is a second one, so that a build can tell its progress by the first.
    """
    view = connection.copy()
    try:
        view.set_autocommit(False)
        with view.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield view.connection
    finally:
        view.rollback()
        view.close()


def copy_out(
    view: psycopg.Connection, query: str, values: dict, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """The query's rows as record batches of `schema`; for narrow rows, many of them."""
    statement = f"COPY ({query}) TO STDOUT (FORMAT csv)"
    with view.cursor() as cursor, cursor.copy(statement, values) as copy:
        output = io.BufferedReader(CopyOutput(copy), BLOCK_BYTES)
        if not output.peek(1):
            return
        yield from csv.open_csv(
            output,
            read_options=csv.ReadOptions(
                # No thread of Arrow's may still read from the connection when this one is done.
                use_threads=False,
                column_names=schema.names,
                block_size=BLOCK_BYTES,
            ),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=schema,
                # PostgreSQL quotes an empty text and leaves a null bare.
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=False,
            ),
        )


def fetch(view: psycopg.Connection, query: str, values: dict) -> Iterator[list[tuple]]:
    """The query's rows in lists, through a cursor on the server; for rows of any width."""
    with view.cursor(name="snapshot") as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(FETCHED_ROWS):
            yield rows


class CopyOutput(io.RawIOBase):
    """What COPY sends, as a file."""

    def __init__(self, copy: psycopg.Copy):
        self.copy = copy
        self.left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self.left:
            self.left = memoryview(self.copy.read())
        size = min(len(buffer), len(self.left))
        buffer[:size] = self.left[:size]
        self.left = self.left[size:]
        return size
