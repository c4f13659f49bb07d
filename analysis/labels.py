"""The labels in a cell, however the tool that wrote it puts several into one."""

import json
import math
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from lib.fields import BadField

#: What stands between labels, the likeliest first; doccano writes #.
SEPARATORS = ("|", ";", "#", ",")
#: As many characters as an option's name has room for.
MAX_LABEL = 80
#: A list of so many 0 and 1 has a place for each label; a shorter one may be labels called 0 and 1.
LEAST_FLAGS = 3


def as_cell(value: Any) -> Hashable:
    """A value of a file in a shape that can be remembered: a text, or a tuple of parts.

    >>> as_cell({"choices": ["joy"]}), as_cell('["joy", "fear"]'), as_cell("joy|fear"), as_cell(3)
    (('joy',), ('joy', 'fear'), 'joy|fear', '3')
    """
    if isinstance(value, str):
        value = _parsed(value.strip())
    if isinstance(value, dict):
        value = value.get("choices", value.get("labels", value))
    if isinstance(value, (list, tuple)):
        return tuple(_part(part) for part in value)
    return _part(value)


def separator_of(cells: Iterable[Hashable]) -> str:
    """The separator that these cells use; empty when each holds one label at most."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    return next((mark for mark in SEPARATORS if any(mark in text for text in texts)), "")


def labels_in(cell: Hashable, separator: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The labels of a cell, each once. `names` are those of the places in a list of 0 and 1.

    >>> labels_in("joy| fear", "|"), labels_in((0, 1, 1), "", ("joy", "fear", "awe"))
    (('joy', 'fear'), ('fear', 'awe'))
    """
    if is_flags(cell):
        return _flagged(cell, names)
    parts = cell if isinstance(cell, tuple) else _split(cell, separator)
    labels = dict.fromkeys(str(part).strip() for part in parts)
    labels.pop("", None)
    for label in labels:
        if len(label) > MAX_LABEL:
            what = f"holds a label of {len(label)} characters; {MAX_LABEL} fit: {label[:40]!r}…"
            raise BadField("picks", what)
    return tuple(labels)


def is_flags(cell: Hashable) -> bool:
    is_list = isinstance(cell, tuple) and len(cell) >= LEAST_FLAGS
    return is_list and all(type(part) is int and part in (0, 1) for part in cell)


def _flagged(cell: tuple[int, ...], names: Sequence[str]) -> tuple[str, ...]:
    if names and len(names) != len(cell):
        raise BadField("picks", f"has {len(cell)} places; there are {len(names)} labels")
    names = names or [f"label {number}" for number in range(1, len(cell) + 1)]
    return tuple(name for name, flag in zip(names, cell, strict=True) if flag)


def _split(cell: Hashable, separator: str) -> list[str]:
    text = "" if cell is None else str(cell)
    return text.split(separator) if separator else [text]


def _parsed(text: str) -> Any:
    """JSON where the text is a list or an object, else the text itself."""
    if text[:1] not in ("[", "{"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _part(value: Any) -> Hashable:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if type(value) is int and value in (0, 1):
        return value
    if isinstance(value, (str, int, float)):
        return str(value).strip()
    return _unusable(value)


def _unusable(value: Any) -> str:
    raise BadField("picks", f"can't be read as labels: {json.dumps(value, default=str)[:60]}")
