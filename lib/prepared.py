"""Statements that run many times a second: sent by hand, planned once for each connection."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model


def rows(statement: str, values: Mapping[str, Any]) -> list[tuple]:
    """What the statement answers. Unlike the ORM's, its plan is kept for the next time.

    Only for statements that name their columns: one with `*` breaks when a migration adds some.
    """
    # The proxy that Django hands out under this name looks up the thread's connection each time.
    own = connections[DEFAULT_DB_ALIAS]
    own.ensure_connection()
    own.validate_no_broken_transaction()
    with own.wrap_database_errors, psycopg.Cursor(own.connection) as cursor:
        if own.queries_logged:  # as what the ORM sends: tests count it, DEBUG shows it
            own.queries_log.append({"sql": statement, "time": "0"})
        return cursor.execute(statement, values, prepare=True).fetchall()


class Joined:
    """Rows that several models share, read into objects of them.

        joined = Joined(judgement=Judgement, campaign=(Campaign, "guideline"))

    Each model goes by the alias of its table in the statement; after a model come the fields that
    are left out, to be fetched only if somebody asks for them.
    """

    def __init__(self, **parts: type[Model] | tuple):
        self.parts = [
            (alias, *self._fields(*(part if isinstance(part, tuple) else (part,))))
            for alias, part in parts.items()
        ]
        #: What stands after SELECT.
        self.columns = ", ".join(
            f"({alias}).{column}" for alias, _, _, columns in self.parts for column in columns
        )

    def read(self, row: tuple) -> list[Model]:
        """One object for each part."""
        values = iter(row)
        return [
            model.from_db(DEFAULT_DB_ALIAS, names, list(islice(values, len(names))))
            for _, model, names, _ in self.parts
        ]

    @staticmethod
    def _fields(model: type[Model], *without: str) -> tuple[type[Model], list[str], list[str]]:
        kept = [field for field in model._meta.concrete_fields if field.name not in without]
        return model, [field.attname for field in kept], [field.column for field in kept]
