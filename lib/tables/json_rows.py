"""JSON lines and JSON arrays, one object at a time."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from lib.tables.lines import Line, as_line, lines
from lib.tables.rows import MAX_ROW_BYTES, BrokenOff, Reject, Row, too_long, unstorable


def _refuse(constant: str):
    raise ValueError(f"{constant} is no JSON number")


DECODER = json.JSONDecoder(parse_constant=_refuse)
#: Escapes by which a text of plain letters may come to hold what can't be stored.
RISKY = ("\\u0000", "\\ud", "\\uD", "\0")
#: What can end an element of an array: strings are passed over whole while they lie in one chunk.
OUTSIDE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
INSIDE = re.compile(rb'\\.|"', re.DOTALL)
DEEPER = {b"[": 1, b"{": 1, b"]": -1, b"}": -1, b",": 0, b"": 0}


def jsonl_rows(chunks: Iterable[bytes]) -> Iterator[Row | Reject]:
    """One object a line; empty lines are passed over."""
    for number, line in enumerate(lines(chunks), start=1):
        if line.fault or line.text.strip():
            yield _row(number, line)


def array_rows(chunks: Iterator[bytes]) -> Iterator[Row | Reject]:
    """The objects of one array, however it is laid out. The first chunk holds its bracket."""
    first = next(chunks).lstrip().removeprefix(b"[")
    for number, line in enumerate(_elements(chain([first], chunks)), start=1):
        if line.fault or line.text.strip():
            yield _row(number, line)


def _row(number: int, line: Line) -> Row | Reject:
    if line.fault:
        return Reject(number, "", line.fault)
    try:
        values = DECODER.decode(line.text)
    except json.JSONDecodeError as error:
        return Reject(number, "", f"is not JSON: {error.msg} at place {error.pos + 1}")
    except (ValueError, RecursionError) as error:
        return Reject(number, "", f"is not JSON that can be used: {error}")
    if not isinstance(values, dict):
        return Reject(number, "", 'must be an object such as {"id": "1"}')
    bad = unstorable(values) if any(sign in line.text for sign in RISKY) else None
    return Reject(number, *bad) if bad else Row(number, values)


class _Element:
    """The bytes of one element, as far as a row may be long."""

    def __init__(self):
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size <= MAX_ROW_BYTES:
            self.parts.append(part)

    def line(self) -> Line:
        if self.size > MAX_ROW_BYTES:
            return Line("", too_long(self.size))
        return as_line(b"".join(self.parts))


def _elements(chunks: Iterator[bytes]) -> Iterator[Line]:
    """Cuts at the commas between elements; empty ones are the void after a last comma.

    `chunks` begin behind the array's bracket. Raises BrokenOff where the array does.
    """
    element, depth, start = _Element(), 1, 0
    for chunk, place, sign in _marks(_with_whole_escapes(chunks)):
        depth += DEEPER[sign]
        if depth == 0 or (depth == 1 and sign == b","):
            element.add(chunk[start : place - 1])
            yield element.line()
            element, start = _Element(), place
        elif not sign:
            element.add(chunk[start:])
            start = 0
        if depth == 0:
            return _expect_nothing(chain([chunk[place:]], chunks))
    raise BrokenOff("The array is not closed: it breaks off here.")


def _marks(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, int, bytes]]:
    """(chunk, place behind it, sign) of each comma and bracket outside strings; an empty sign at
    the end of each chunk."""
    quoted = False
    for chunk in chunks:
        place = 0
        while mark := (INSIDE if quoted else OUTSIDE).search(chunk, place):
            place, sign = mark.end(), mark[0]
            if sign == b'"':
                quoted = not quoted
            elif not quoted and sign in DEEPER:
                yield chunk, place, sign
        yield chunk, len(chunk), b""


def _with_whole_escapes(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut so that no chunk ends between a backslash and what it escapes."""
    held = b""
    for chunk in chunks:
        chunk = held + chunk
        slashes = len(chunk) - len(chunk.rstrip(b"\\"))
        cut = len(chunk) - slashes % 2
        held = chunk[cut:]
        yield chunk[:cut]


def _expect_nothing(chunks: Iterable[bytes]) -> None:
    if any(chunk.strip() for chunk in chunks):
        raise BrokenOff("Something follows the end of the array.")
