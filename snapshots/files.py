"""The files of a snapshot as they are written, and what the manifest will say about them."""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa

from snapshots.formats import CONVERSIONS
from snapshots.writing import write_table


class Files:
    """Writes into `folder`; `facts` holds sha256, bytes and rows of each file by name.

    `report` hears the share of the `expected` rows that is written.
    """

    def __init__(
        self,
        folder: Path,
        *,
        formats: Iterable[str],
        expected: int,
        report: Callable[[float], None],
    ):
        self.folder, self.formats = folder, formats
        self.expected, self.written, self.report = expected, 0, report
        self.facts: dict[str, dict] = {}

    def table(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        """Writes `name`.parquet, and its conversions."""
        path = self.folder / f"{name}.parquet"
        rows = write_table(path, schema, batches, self.advance)
        self.facts[path.name] = describe(path, rows)
        for extension in self.formats:
            pieces, _ = CONVERSIONS[extension]
            converted = path.with_suffix(f".{extension}")
            with converted.open("wb") as file:
                file.writelines(pieces(path))
            self.facts[converted.name] = describe(converted, rows)

    def text(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self.facts[name] = describe(path, None)

    def rows(self, name: str) -> int:
        return self.facts[f"{name}.parquet"]["rows"]

    def advance(self, rows: int) -> None:
        self.written += rows
        self.report(min(self.written / max(self.expected, 1), 1.0))


def describe(path: Path, rows: int | None) -> dict:
    """A file's facts, once its bytes are safe on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": sha256, "bytes": path.stat().st_size, "rows": rows}


def hash_of(facts: dict[str, dict]) -> str:
    """One hash over all files: that of their hashes, in the order of their names."""
    hashes = "".join(facts[name]["sha256"] for name in sorted(facts))
    return hashlib.sha256(hashes.encode()).hexdigest()
