"""Parquet files whose bytes depend on their rows alone."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

#: Rows that a reader can skip or load at a time.
GROUP_ROWS = 1 << 16
#: Spelled out, so that another default of a later pyarrow doesn't change a snapshot.
OPTIONS = {
    "version": "2.6",
    "data_page_version": "1.0",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "store_schema": True,
}


def write_table(
    path: Path,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    report: Callable[[int], None],
) -> int:
    """Writes the batches and returns their rows; `report` hears of each group's rows."""
    written = 0
    with parquet.ParquetWriter(path, schema, **OPTIONS) as writer:
        for group in regroup(batches, GROUP_ROWS):
            writer.write_table(group, row_group_size=GROUP_ROWS)
            written += group.num_rows
            report(group.num_rows)
    return written


def regroup(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """The same rows in tables of `rows` rows each, the last one shorter, however they arrived."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        while count >= rows:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, rows).combine_chunks()
            waiting = table.slice(rows).to_batches()
            count -= rows
    if count:
        yield pa.Table.from_batches(waiting).combine_chunks()
