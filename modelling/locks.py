"""A lock in the database that a killed process lets go of by dying."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

#: The first of the two keys that name a run's lock.
RUNS = 1450


@contextmanager
def lock(run_id: int) -> Iterator[bool]:
    """Holds the run's lock inside the block; yields False when somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUNS, run_id])
        won = cursor.fetchone()[0]
    try:
        yield won
    finally:
        if won:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUNS, run_id])
