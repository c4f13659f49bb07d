"""What the commands that import files share."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.core.management.base import CommandError

from lib.commands import PathosCommand
from lib.errors import PathosError
from lib.rejects import RejectsFile, place_for
from lib.tables import Reject, Row, open_table

#: The exit code of an import that left rows out; all the others are in.
SOME_REJECTED = 2


class ImportCommand(PathosCommand):
    """Reads FILE and imports what is good of it.

    A subclass says which columns it needs (`required`, or `required_columns` where that depends on
    the options) and implements `import_rows`, which returns the counts in the order to tell them.
    """

    prints_figures = True
    #: What a row is, for the closing sentence.
    unit = "rows"
    #: Groups of columns of which the file must have at least one each.
    required: Sequence[Sequence[str]] = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="CSV, TSV, JSON lines, JSON array or Parquet")
        parser.add_argument(
            "--column", metavar="NAME=COLUMN", type=name_and_column, action="append", default=[],
            help="where the file has NAME under another name, e.g. body=status_message; repeat it",
        )  # fmt: skip
        parser.add_argument("--encoding", default="utf-8", help="of text files; default utf-8")
        parser.add_argument(
            "--rejects", type=Path, metavar="PATH",
            help="where rows that can't be used are listed; default FILE.rejects.csv",
        )  # fmt: skip
        parser.add_argument("--limit", type=count, metavar="N", help="read only the first N rows")

    def handle(self, *, file: Path, rejects: Path | None, **options) -> None:
        rejects = rejects or place_for(file)
        if rejects.resolve() == file.resolve():
            raise PathosError("--rejects names the very file to import. Name another one.")
        table = open_table(
            file,
            encoding=options["encoding"],
            columns=dict(options["column"]),
            required=self.required_columns(**options),
        )
        rows = self.progress(islice(table.rows, options["limit"]), unit=self.unit)
        with RejectsFile(rejects) as rejected:
            counts = self.import_rows(rows, rejected.add, file=file, **options)
        self._tell({**counts, "rejected": rejected.count}, rejected, as_json=options["json"])

    def required_columns(self, **options) -> Sequence[Sequence[str]]:
        """`required`, unless the options have a say in it."""
        return self.required

    def import_rows(self, rows: Iterator[Row | Reject], reject, **options) -> dict[str, int]:
        raise NotImplementedError

    def _tell(self, counts: dict[str, int], rejected: RejectsFile, *, as_json: bool) -> None:
        if as_json:
            place = {"rejects": str(rejected.path)} if rejected.count else {}
            self.stdout.write(json.dumps({**counts, **place}))
        else:
            told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
            self.stdout.write(f"{self.unit.capitalize()}: {told}.")
        if rejected.count:
            were = "row was" if rejected.count == 1 else "rows were"
            raise CommandError(
                f"{rejected.count:,} {were} left out; {rejected.path} says why. All others are in. "
                "Mend what is wrong and import the file again: what is there stays as it is.",
                returncode=SOME_REJECTED,
            )


def name_and_column(text: str) -> tuple[str, str]:
    name, sign, column = text.partition("=")
    if not (name and sign and column):
        raise ArgumentTypeError(f"'{text}' is not NAME=COLUMN, such as body=status_message")
    return name, column


def count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"'{text}' is not a whole number from 0")
    return int(text)
