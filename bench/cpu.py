"""Seconds of processor time that a program and everything it started have used so far."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """User and system time of the process, of its children, and of those that have ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return _own(pid) + sum(seconds_of(int(child)) for child in children)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has just ended, and counts among its parent's children from now on


def database_pid() -> int:
    """The server's first process: every connection's is a child of it."""
    from django.db import connection

    with connection.cursor() as cursor:
        backend = cursor.execute("SELECT pg_backend_pid()").fetchone()[0]
    return int(_stat(backend)[1])


def _own(pid: int) -> float:
    return sum(int(ticks) for ticks in _stat(pid)[11:15]) / TICK


def _stat(pid: int) -> list[str]:
    """The fields behind the name, which may hold blanks: state, parent, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
