"""How a time is written in files and over REST."""

from datetime import datetime


def isoformat(time: datetime) -> str:
    """As REST writes it, for times in UTC as the database gives them.

    >>> from datetime import UTC
    >>> isoformat(datetime(2026, 11, 21, 14, 5, tzinfo=UTC))
    '2026-11-21T14:05:00Z'
    """
    return time.isoformat().replace("+00:00", "Z")
