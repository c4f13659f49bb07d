"""A row of somebody's file, read as a post."""

import json
import math
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from lib.fields import BadField, as_flag, as_key, as_moment, as_text
from lib.tables import Row

MAX_KEY = 200
#: At least one of these makes a post; `text` is what other tools call the body.
CONTENT = ("title", "body", "ocr_text", "transcript", "image")
TEXT = "text"
TEXTS = ("title", "body", "ocr_text", "transcript")
NOTES = ("image_alt", "publisher", "publisher_feeling")
KNOWN = {"id", *CONTENT, *NOTES, "language", "sensitive", "created_at", "metadata"}
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
MAX_LANGUAGE = 35


class PostRow(NamedTuple):
    """One post as its columns hold it, and the row it comes from."""

    place: int
    key: str
    title: str
    body: str
    ocr_text: str
    transcript: str
    image: str
    image_alt: str
    publisher: str
    publisher_feeling: str
    language: str
    sensitive: bool
    created_at: datetime | None
    metadata: str
    content_hash: bytes


def read(
    row: Row, *, id_prefix: str, take_image: Callable[[str], str], keep_metadata: bool = True
) -> PostRow:
    """The post in a row. Raises BadField for the first value that can't be used."""
    values = in_our_words(row.values)
    key = as_key("id", values.get("id"), MAX_KEY - len(id_prefix))
    texts = {name: as_text(name, values.get(name)) for name in (*TEXTS, *NOTES)}
    name_of_image = as_text("image", values.get("image"))
    if not name_of_image and not any(texts[name].strip() for name in TEXTS):
        raise BadField("body", "is empty, and so are title, ocr_text, transcript and image")
    fields = {
        **texts,
        "language": as_language(values.get("language")),
        "sensitive": as_flag("sensitive", values.get("sensitive")),
        "created_at": as_moment("created_at", values.get("created_at")),
        "metadata": as_metadata(values) if keep_metadata else "{}",
        "image": take_image(name_of_image) if name_of_image else "",
    }
    return PostRow(place=row.number, key=id_prefix + key, content_hash=hash_of(fields), **fields)


def plain(place: int, key: str, body: str) -> PostRow:
    """What `read` makes of an id and a body alone, both checked already, in a fifth of the time."""
    said = f"[{json.dumps(body, ensure_ascii=False)}, {_HASHED_AFTER_BODY}"
    content_hash = blake2b(said.encode(), digest_size=16).digest()
    return PostRow(place, key, body=body, content_hash=content_hash, **_NOTHING_ELSE)


def in_our_words(values: dict[str, Any]) -> dict[str, Any]:
    """The same row where another tool wrote it: Label Studio's tasks, doccano's and others' text.

    >>> in_our_words({"id": 7, "data": {"text": "A post"}, "annotations": []})
    {'id': 7, 'body': 'A post'}
    """
    if isinstance(values.get("data"), dict):
        values = {"id": values.get("id"), **values["data"]}
    if TEXT in values and "body" not in values:
        values = {**values, "body": values[TEXT]}
        del values[TEXT]
    return values


def as_language(value: Any) -> str:
    """A BCP 47 tag such as en or pt-BR."""
    tag = as_text("language", value).strip().replace("_", "-")
    if tag and (len(tag) > MAX_LANGUAGE or not LANGUAGE.fullmatch(tag)):
        raise BadField("language", f"must be a tag such as en or pt-BR, not {tag[:40]!r}")
    return tag


def as_metadata(values: dict[str, Any]) -> str:
    """All columns that mean nothing to us, as JSON with its keys in order; nothing for no value."""
    given = values.get("metadata")
    kept = _object(given) if given else {}
    kept |= {name: value for name, value in values.items() if name not in KNOWN}
    kept = {name: value for name, value in kept.items() if not _is_void(value)}
    try:
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, allow_nan=False, default=str)
    except ValueError as error:
        raise BadField("metadata", f"can't be kept as JSON: {error}") from None


def _object(value: Any) -> dict[str, Any]:
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise BadField("metadata", f"is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadField("metadata", "must be a JSON object")
    return dict(value)


def _is_void(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def hash_of(fields: dict[str, Any]) -> bytes:
    """Tells whether a post imported again says the same as before."""
    said = json.dumps([fields[name] for name in sorted(fields)], ensure_ascii=False, default=str)
    return blake2b(said.encode(), digest_size=16).digest()


_NOTHING_ELSE = {
    **dict.fromkeys(["title", "ocr_text", "transcript", "image", *NOTES, "language"], ""),
    "sensitive": False,
    "created_at": None,
    "metadata": "{}",
}
# `body` comes first in `hash_of`, in the order of the names.
_HASHED_AFTER_BODY = json.dumps([_NOTHING_ELSE[name] for name in sorted(_NOTHING_ELSE)])[1:]
