"""Rows out of files that other people made: streamed, bounded in memory, and forgiving.

`open_table(path)` reads CSV, JSON and Parquet. Good rows come as `Row`, bad ones as `Reject`, in
their order; only a file of which nothing can be used raises (`BadFile`).
"""

from lib.tables.files import Table, keep, open_table
from lib.tables.rows import BadFile, Reject, Row

__all__ = ["BadFile", "Reject", "Row", "Table", "keep", "open_table"]
