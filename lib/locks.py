"""Locks in the database that a killed process lets go of by dying."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

#: What may be locked by its id: the first of the two keys that name a lock.
RUNS, ANALYSES = 1450, 1451


@contextmanager
def lock(kind: int, number: int) -> Iterator[bool]:
    """Holds the lock inside the block; yields False when somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s::int)", [kind, number])
        won = cursor.fetchone()[0]
    try:
        yield won
    finally:
        if won:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", [kind, number])
