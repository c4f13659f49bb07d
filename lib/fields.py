"""Values as they stand in a row, turned into what a column holds; or a BadField that says why not."""

import math
from datetime import UTC, datetime, time
from datetime import date as Date
from typing import Any

TRUE = {"true", "yes", "1", "t", "y"}
FALSE = {"false", "no", "0", "f", "n", ""}


class BadField(ValueError):
    """One value of a row can't be used."""

    def __init__(self, field: str, reason: str):
        self.field, self.reason = field, reason
        super().__init__(f"{field} {reason}")


def is_missing(value: Any) -> bool:
    """None, an empty text, or the not-a-number that tables write for nothing."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def as_text(field: str, value: Any) -> str:
    """A text as it is; a number as one writes it; "" for nothing."""
    if type(value) is str:
        return value
    if is_missing(value):
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise BadField(field, f"must be text, not {_kind(value)}")


def as_key(field: str, value: Any, most: int) -> str:
    """An id: text or a whole number, required, at most `most` characters, no blanks around it."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if is_missing(value) or (isinstance(value, str) and not value.strip()):
        raise BadField(field, "is missing")
    if not isinstance(value, str):
        raise BadField(field, f"must be text or a whole number, not {_kind(value)}")
    value = value.strip()
    if len(value) > most:
        raise BadField(field, f"has {len(value)} characters; an id may have {most}")
    return value


def as_flag(field: str, value: Any) -> bool:
    """True or false, however tables write it; nothing is false."""
    if isinstance(value, bool) or is_missing(value):
        return value is True
    word = str(value).strip().lower()
    if word in TRUE | FALSE:
        return word in TRUE
    raise BadField(field, f"must be true or false, not {_shown(value)}")


def as_number(field: str, value: Any, *, least: float, most: float) -> float | None:
    """A number within bounds; None for nothing."""
    if is_missing(value):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadField(field, f"must be a number, not {_shown(value)}") from None
    if isinstance(value, bool) or not least <= number <= most:
        raise BadField(field, f"must be a number from {least:g} to {most:g}, not {_shown(value)}")
    return number


def as_moment(field: str, value: Any) -> datetime | None:
    """A time in UTC from ISO 8601 text or a date; None for nothing. No zone means UTC."""
    if is_missing(value):
        return None
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else value
        if isinstance(moment, Date) and not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    except (ValueError, AttributeError, OverflowError, TypeError):
        raise BadField(
            field, f"must be a time such as 2026-11-21T10:30:00Z, not {_shown(value)}"
        ) from None


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", dict: "an object", list: "a list", float: "a broken number"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
