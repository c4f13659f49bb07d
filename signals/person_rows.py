"""A row of somebody's file, read as a person."""

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from lib.fields import BadField, as_flag, as_key, as_number, as_text, is_missing
from lib.tables import Row

MAX_KEY = 200
#: Columns with a meaning of their own; where there is no `features`, all others are features.
KNOWN = ("person_id", "bio", "features", "consented")


class PersonRow(NamedTuple):
    """One person as the columns hold them, and the row they come from. None: not said."""

    place: int
    key: str
    bio: str | None
    features: list[float | None] | None
    consented: bool | None


def reader(width: int | None) -> Callable[[Row], PersonRow]:
    """A function that reads rows as people. It raises BadField.

    Everybody has the same `width` features, or none; None takes the first row's number of them.
    """

    def read(row: Row) -> PersonRow:
        nonlocal width
        values = row.values
        features = as_features(values)
        if features:
            width = width or len(features)
            if len(features) != width:
                raise BadField("features", f"are {len(features)}; other people have {width}")
        consented = values.get("consented")
        return PersonRow(
            place=row.number,
            key=as_key("person_id", values.get("person_id"), MAX_KEY),
            bio=as_text("bio", values["bio"]) if "bio" in values else None,
            features=features,
            consented=None if is_missing(consented) else as_flag("consented", consented),
        )

    return read


def as_features(values: dict[str, Any]) -> list[float | None] | None:
    """Numbers in a list, in "1.5|2", in "[1.5, 2]", or in columns of their own.

    >>> as_features({"features": "1.5||2"}), as_features({"person_id": "p1", "age": "44"})
    ([1.5, None, 2.0], [44.0])
    """
    if "features" not in values:
        names = [name for name in values if name not in KNOWN]
        return [as_feature(name, values[name]) for name in names] or None
    features = values["features"]
    if is_missing(features):
        return None
    return [as_feature("features", number) for number in as_list(features)]


def as_feature(field: str, value: Any) -> float | None:
    return as_number(field, value, least=-1e30, most=1e30)


def as_list(value: Any) -> Iterable:
    try:
        if isinstance(value, str):
            value = json.loads(value) if value.startswith("[") else value.split("|")
    except ValueError as error:
        raise BadField("features", f"is not JSON: {error}") from None
    if not isinstance(value, (list, tuple)):
        raise BadField("features", 'must be numbers such as "1.5|2" or a list of them')
    return value
