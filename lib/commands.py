"""What every command of Pathos shares: plain sentences, `--json`, and no traceback for a mistake."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from lib.errors import PathosError

#: Names the lock under which an embedded database is migrated.
MIGRATING = 7_0004


class PathosCommand(BaseCommand):
    """A command that turns a PathosError into its sentence and exit code 1.

    Set `prints_figures = True` to offer `--json`; then hand figures to `print_figures`.
    """

    prints_figures = False
    #: False for a command that brings the tables up to date itself.
    needs_tables = True

    def create_parser(self, *args, **kwargs) -> ArgumentParser:
        parser = super().create_parser(*args, **kwargs)
        if self.prints_figures:
            parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        return parser

    def execute(self, *args, **options) -> str | None:
        try:
            if self.needs_tables:
                require_migrations()
            return super().execute(*args, **options)
        except PathosError as error:
            raise CommandError(error.message) from error

    def print_figures(self, figures: dict, lines: Iterable[str], *, as_json: bool) -> None:
        """Prints `figures` as JSON, or the `lines` that say the same to a person."""
        if as_json:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
            return
        for line in lines:
            self.stdout.write(line)

    def progress(self, rows: Iterable, *, total: int | None = None, unit: str = "rows") -> Iterator:
        """`rows` behind a progress bar on standard error (silent when that is not a terminal)."""
        return tqdm(rows, total=total, unit=f" {unit}", file=self.stderr, disable=None)


def require_migrations() -> None:
    """Brings an embedded database's tables up to date; asks the owner of any other one to do it.

    Raises PathosError when the tables of a database that isn't ours alone are older than the code.
    """
    waiting = count_waiting_migrations()
    if waiting and settings.EMBEDDED_POSTGRES:
        migrate_alone()
    elif waiting:
        raise PathosError(
            f"The database is {waiting} migrations behind this code. "
            "Run 'manage.py migrate' first (or 'manage.py up', which does it for you)."
        )


def migrate_alone() -> None:
    """Migrates; two first commands at the same moment do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            call_command("migrate", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def count_waiting_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
