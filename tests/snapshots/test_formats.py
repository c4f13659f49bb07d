"""Tables as CSV and JSON lines."""

import csv
import io
import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from snapshots.formats import csv_pieces, jsonl_pieces

TIME = pa.timestamp("us", tz="UTC")


@pytest.fixture
def table(tmp_path):
    """Writes columns to a Parquet file: `table(text=["a"])`."""

    def write(types: dict | None = None, **columns):
        path = tmp_path / "table.parquet"
        schema = types and pa.schema(types)
        parquet.write_table(pa.table(columns, schema=schema), path)
        return path

    return write


def read_csv(path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_pieces(path)).decode(), newline="")))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("1=1", "1=1"),  # only the first character starts a formula
        ("", ""),
        ('a "quote",\nand a line', 'a "quote",\nand a line'),
    ],
)
def test_no_csv_cell_starts_a_formula(table, text, cell):
    assert read_csv(table(text=[text])) == [["text"], [cell]]


def test_our_headers_and_numbers_stay_as_they_are(table):
    path = table(**{"=score": [-1.5, None], "n": [1, 2]})

    assert read_csv(path) == [["=score", "n"], ["-1.5", "1"], ["", "2"]]


def test_csv_joins_lists_and_writes_times_in_iso_8601(table):
    path = table(
        {"picks": pa.list_(pa.string()), "features": pa.list_(pa.float32()), "at": TIME},
        picks=[["touched", "saddened"], []],
        features=[[1.5, None, 2.0], [-1.0]],
        at=[datetime(2026, 11, 1, 9, tzinfo=UTC), None],
    )

    assert read_csv(path) == [
        ["picks", "features", "at"],
        ["touched|saddened", "1.5||2", "2026-11-01T09:00:00.000000Z"],
        ["", "'-1", ""],
    ]


def test_json_lines_keep_lists_times_and_nulls(table):
    path = table(
        {"picks": pa.list_(pa.string()), "seconds": pa.float64(), "at": TIME},
        picks=[["touched"], []],
        seconds=[1.5, None],
        at=[datetime(2026, 11, 1, 9, tzinfo=UTC)] * 2,
    )

    lines = b"".join(jsonl_pieces(path)).decode().splitlines()

    assert [json.loads(line) for line in lines] == [
        {"picks": ["touched"], "seconds": 1.5, "at": "2026-11-01T09:00:00Z"},
        {"picks": [], "seconds": None, "at": "2026-11-01T09:00:00Z"},
    ]


def test_an_empty_table_still_has_its_header(table):
    path = table({"post_id": pa.string(), "picks": pa.list_(pa.string())}, post_id=[], picks=[])

    assert read_csv(path) == [["post_id", "picks"]]
    assert list(jsonl_pieces(path)) == []
