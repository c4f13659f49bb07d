"""A snapshot's tables as CSV and JSON lines, converted while they are read."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from lib.times import isoformat

#: Rows converted at a time: enough to be quick, few enough that the first byte leaves at once.
BATCH_ROWS = 4096
#: A cell that begins with one of these is run as a formula by spreadsheet programs.
FORMULA = r"^[=+\-@\t\r]"


def csv_pieces(path: Path) -> Iterator[bytes]:
    """The table as UTF-8 CSV: lists are joined by "|", nothing starts a spreadsheet formula."""
    table = parquet.ParquetFile(path)
    header = True
    for batch in table.iter_batches(BATCH_ROWS):
        yield csv_piece(batch, header)
        header = False
    if header:
        yield csv_piece(pa.RecordBatch.from_pylist([], table.schema_arrow), header)


def csv_piece(batch: pa.RecordBatch, header: bool) -> bytes:
    cells = pa.RecordBatch.from_arrays(
        [csv_column(column) for column in batch.columns], batch.schema.names
    )
    out = io.BytesIO()
    csv.write_csv(cells, out, csv.WriteOptions(include_header=header))
    return out.getvalue()


def csv_column(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        column = joined(column)
    if pa.types.is_timestamp(column.type):
        return pc.replace_substring(column.cast(pa.string()), " ", "T")
    if pa.types.is_string(column.type):
        return harmless(column)
    return column


def joined(lists: pa.ListArray) -> pa.Array:
    """Each list as one text; a null inside it leaves its place empty."""
    flat = lists.values.cast(pa.string()).fill_null("")
    return pc.binary_join(pa.ListArray.from_arrays(lists.offsets, flat), "|")


def harmless(texts: pa.Array) -> pa.Array:
    """An apostrophe before each text that a spreadsheet would run as a formula.

    >>> harmless(pa.array(["=1+1", "1+1", None])).to_pylist()
    ["'=1+1", '1+1', None]
    """
    risky = pc.match_substring_regex(texts, FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", texts, ""), texts)


def jsonl_pieces(path: Path) -> Iterator[bytes]:
    """The table as JSON lines in UTF-8: lists stay lists, times are ISO 8601, nulls are null."""
    for batch in parquet.ParquetFile(path).iter_batches(BATCH_ROWS):
        yield "".join(json_line(row) for row in batch.to_pylist()).encode()


def json_line(row: dict) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, default=isoformat) + "\n"


#: What a table can be converted to, besides the Parquet file that it is: pieces and content type.
CONVERSIONS = {
    "csv": (csv_pieces, "text/csv; charset=utf-8"),
    "jsonl": (jsonl_pieces, "application/x-ndjson"),
}
