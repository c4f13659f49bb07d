"""What readers hand on: rows, rejects, and the sentences for a file that can't be read."""

from typing import Any, NamedTuple

from lib.errors import PathosError

#: One row (a line, a record, an array's element) may be this long; a longer one is rejected
#: unread, so that no file decides how much memory an import takes.
MAX_ROW_BYTES = 10 * 1024 * 1024


class Row(NamedTuple):
    """A row whose texts PostgreSQL can store.

    `number` counts from 1: lines of JSON lines, else data rows (a CSV header is none) or elements.
    """

    number: int
    values: dict[str, Any]


class Reject(NamedTuple):
    """Why a row is not used. `field` is empty when the row as a whole is at fault."""

    row: int
    field: str
    reason: str
    id: str = ""


class BadFile(PathosError):
    """The file can't be used."""

    code = "bad_file"


class BrokenOff(BadFile):
    """The file breaks off; what came before is still good."""


def too_long(size: int) -> str:
    return f"is {megabytes(size)} long; a row may have {megabytes(MAX_ROW_BYTES)}"


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB"


def unstorable(values: dict[str, Any]) -> tuple[str, str] | None:
    """The first field, with the reason, whose text PostgreSQL can't store; None when all is well."""
    for field, value in values.items():
        if not (_is_storable(value) and _is_storable(field)):
            return field, "holds a NUL or half a surrogate pair, which are no characters to store"
    return None


def _is_storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and (value.isascii() or _is_unicode(value))
    if isinstance(value, dict):
        return all(map(_is_storable, (*value, *value.values())))
    if isinstance(value, list):
        return all(map(_is_storable, value))
    return True


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
