"""A row of somebody's file, read as a signal."""

from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from lib.fields import BadField, as_key, as_moment, as_text
from lib.tables import Row
from signals.models import Signal

MAX_KEY = 200


class SignalRow(NamedTuple):
    """One signal as its columns hold it, and the row it comes from."""

    place: int
    person_key: str
    post_key: str
    kind: str
    at: datetime


def read(row: Row) -> SignalRow:
    """The signal in a row. Raises BadField for the first value that can't be used."""
    values = row.values
    at = as_moment("at", values.get("at"))
    if at is None:
        raise BadField("at", "is missing")
    return SignalRow(
        place=row.number,
        person_key=as_key("person_id", values.get("person_id"), MAX_KEY),
        post_key=as_key("post_id", values.get("post_id"), MAX_KEY),
        kind=as_kind(values.get("kind")),
        at=at,
    )


def as_kind(value: Any) -> str:
    kind = as_text("kind", value).strip().lower()
    if kind not in Signal.Kind.values:
        near = get_close_matches(kind, Signal.Kind.values, n=1)
        way_out = f"did you mean '{near[0]}'?" if near else f"use {', '.join(Signal.Kind.values)}"
        raise BadField("kind", f"is '{kind}'; {way_out}")
    return kind
