from pathlib import Path

from config.children import last_lines
from lib.errors import PathosError


class EmbeddedError(PathosError):
    """The embedded PostgreSQL or Redis can't run here. Set DATABASE_URL and REDIS_URL instead."""

    status = 503
    code = "embedded_services"


def with_log(sentence: str, log: Path) -> EmbeddedError:
    """An error that says where the log is and shows how it ends."""
    shown = "".join(f"\n    {line}" for line in last_lines(log))
    return EmbeddedError(f"{sentence} Its log is {log}{', and ends:' if shown else '.'}{shown}")
