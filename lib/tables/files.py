"""One way into a table, whatever its format."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.tables.chunks import as_utf8, of_file, peek
from lib.tables.delimited import csv_rows
from lib.tables.json_rows import array_rows, jsonl_rows
from lib.tables.lines import lines
from lib.tables.parquet import parquet_rows
from lib.tables.rows import BadFile, BrokenOff, Reject, Row

DELIMITED = (".csv", ".tsv")
JSON_LINES = (".jsonl", ".ndjson")
KNOWN = ".csv, .tsv, .jsonl, .ndjson, .json (each of them also .gz) and .parquet"


@dataclass(frozen=True)
class Table:
    rows: Iterator[Row | Reject]
    #: Known before the first row; None where each row brings its own.
    columns: Sequence[str] | None = None


def open_table(
    path: Path,
    *,
    encoding: str = "utf-8",
    columns: Mapping[str, str] | None = None,
    required: Sequence[Sequence[str]] = (),
) -> Table:
    """The table in a file.

    `columns` says where a column is found under another name: {"body": "status_message"}.
    `required` lists groups of columns of which the file must have at least one each.
    Raises BadFile when the file as a whole can't be used.
    """
    try:
        table = _open(Path(path), encoding)
        if columns:
            table = _renamed(table, columns)
        _check_required(table, required)
    except BadFile as error:
        if str(path) in error.message:
            raise
        raise BadFile(f"{path} can't be used. {error.message}") from error
    return Table(_until_broken(table.rows), table.columns)


def keep(rows: Iterator[Row | Reject], reject: Callable[[Reject], None]) -> Iterator[Row]:
    """The good rows; the others go to `reject`."""
    for row in rows:
        if isinstance(row, Row):
            yield row
        else:
            reject(row)


def _open(path: Path, encoding: str) -> Table:
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    if suffix == ".parquet":
        columns, rows = parquet_rows(path)
        return Table(rows, columns)
    if suffix not in (*DELIMITED, *JSON_LINES, ".json"):
        raise BadFile(f"{path} has none of the known endings: {KNOWN}.")
    chunks = of_file(path, encoding)
    if suffix in DELIMITED:
        columns, rows = csv_rows(lines(chunks))
        return Table(rows, columns)
    return Table(json_rows(chunks, lines_allowed=suffix in JSON_LINES))


def json_rows(chunks: Iterator[bytes], *, lines_allowed: bool = True) -> Iterator[Row | Reject]:
    """The objects of an array, or else those on the lines. Raises BadFile if neither is there."""
    first, chunks = peek(chunks)
    if first.lstrip().startswith(b"["):
        return array_rows(chunks)
    if not lines_allowed:
        raise BadFile("A .json file must hold one array of objects; name JSON lines .jsonl.")
    return jsonl_rows(chunks)


def _renamed(table: Table, columns: Mapping[str, str]) -> Table:
    """Raises BadFile for a column that isn't there, or that would hide another one."""
    names = table.columns
    if names is not None:
        for target, source in columns.items():
            if source not in names:
                raise BadFile(f"It has no column '{source}'; it has: {', '.join(names)}.")
            if target in names and target not in columns.values():
                raise BadFile(
                    f"It has a column '{target}' besides '{source}'. "
                    f"Keep that under another name too: --column {target}_before={target}."
                )
        names = [*columns, *(name for name in names if name not in columns.values())]
    return Table((_rename(row, columns) for row in table.rows), names)


def _rename(row: Row | Reject, columns: Mapping[str, str]) -> Row | Reject:
    if isinstance(row, Reject):
        return row
    moved = columns.values()
    values = {name: value for name, value in row.values.items() if name not in moved}
    values |= {to: row.values[source] for to, source in columns.items() if source in row.values}
    return Row(row.number, values)


def _check_required(table: Table, required: Sequence[Sequence[str]]) -> None:
    for names in required if table.columns is not None else ():
        if not set(names) & set(table.columns):
            wanted = " or ".join(f"'{name}'" for name in names)
            found = ", ".join(table.columns) or "none"
            raise BadFile(
                f"It has no column {wanted}; it has: {found}. If one of these is meant, say so: "
                f"--column {names[0]}=NAME."
            )


def _until_broken(rows: Iterator[Row | Reject]) -> Iterator[Row | Reject]:
    """Where a file breaks off, the rows before it stay good, and a reject says what happened."""
    last = 0
    try:
        for row in rows:
            last = row[0]
            yield row
    except BrokenOff as error:
        yield Reject(last + 1, "", error.message)


def rows_of_stream(chunks: Iterator[bytes]) -> Iterator[Row | Reject]:
    """JSON lines or a JSON array from a request's body."""
    return _until_broken(json_rows(as_utf8(chunks)))
