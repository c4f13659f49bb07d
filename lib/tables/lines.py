"""Lines of bounded length, each with what is wrong with it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lib.tables.rows import MAX_ROW_BYTES, too_long


class Line(NamedTuple):
    """A line without its line feed. `fault` says why it can't be used; then `text` may be empty."""

    text: str
    fault: str = ""


def lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """Every line, also one too long or not in UTF-8. Nothing longer than a row is ever held."""
    rest, dropped = b"", 0
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest += first
        for part in others:
            yield as_line(rest, dropped)
            rest, dropped = part, 0
        if len(rest) > MAX_ROW_BYTES:
            rest, dropped = b"", dropped + len(rest)
    if rest or dropped:
        yield as_line(rest, dropped)


def as_line(raw: bytes, dropped: int = 0) -> Line:
    """The line of these bytes, before which `dropped` bytes of it were too many to keep."""
    if dropped or len(raw) > MAX_ROW_BYTES:
        return Line("", too_long(dropped + len(raw)))
    try:
        return Line(raw.decode())
    except UnicodeDecodeError as error:
        return Line(raw.decode(errors="replace"), wrong_byte(raw, error.start))


def wrong_byte(raw: bytes, place: int) -> str:
    return (
        f"byte 0x{raw[place]:02X} at place {place + 1} is not text in this encoding; "
        "if all of it is in another, say which (--encoding cp1252, for one)"
    )
