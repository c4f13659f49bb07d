"""Cells become what columns hold, or a sentence says why they can't."""

from datetime import UTC, date, datetime

import pytest

from lib.fields import BadField, as_flag, as_key, as_moment, as_number, as_text

NAN = float("nan")
MORNING = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (" a ", " a "), (None, ""), (NAN, ""), (7, "7"), (1.5, "1.5")],
)
def test_texts(value, text):
    assert as_text("body", value) == text


@pytest.mark.parametrize("value", [True, ["a"], {"a": 1}, b"a"])
def test_what_is_no_text(value):
    with pytest.raises(BadField, match="body must be text, not "):
        as_text("body", value)


@pytest.mark.parametrize(("value", "key"), [("a1", "a1"), (" a1 ", "a1"), (12, "12")])
def test_ids(value, key):
    assert as_key("id", value, 10) == key


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is missing"),
        ("", "is missing"),
        ("  ", "is missing"),
        (NAN, "is missing"),
        (1.0, "must be text or a whole number"),  # 1 in a column with gaps: which id was meant?
        (True, "must be text or a whole number"),
        ("x" * 11, "has 11 characters; an id may have 10"),
    ],
)
def test_what_is_no_id(value, reason):
    with pytest.raises(BadField, match=reason):
        as_key("id", value, 10)


@pytest.mark.parametrize("value", [True, "true", "TRUE", " yes ", "1", 1, "y"])
def test_what_is_true(value):
    assert as_flag("sensitive", value) is True


@pytest.mark.parametrize("value", [False, "false", "No", "0", 0, "", None, NAN])
def test_what_is_false(value):
    assert as_flag("sensitive", value) is False


@pytest.mark.parametrize("value", ["maybe", 2, ["true"]])
def test_what_is_neither_true_nor_false(value):
    with pytest.raises(BadField, match="sensitive must be true or false"):
        as_flag("sensitive", value)


@pytest.mark.parametrize(("value", "number"), [("2.5", 2.5), (0, 0.0), (None, None), ("", None)])
def test_numbers(value, number):
    assert as_number("seconds", value, least=0, most=10) == number


@pytest.mark.parametrize("value", ["fast", "nan", "inf", -1, 11, True, [1]])
def test_what_is_no_number_within_bounds(value):
    with pytest.raises(BadField, match="seconds must be a number"):
        as_number("seconds", value, least=0, most=10)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-21T10:30:00Z", MORNING),
        ("2026-11-21T11:30:00+01:00", MORNING),
        ("2026-11-21 10:30", MORNING),  # no zone: UTC
        (datetime(2026, 11, 21, 10, 30), MORNING),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
        (date(2026, 11, 21), datetime(2026, 11, 21, tzinfo=UTC)),
        (None, None),
        ("", None),
    ],
)
def test_times(value, moment):
    assert as_moment("created_at", value) == moment


@pytest.mark.parametrize(
    "value", ["yesterday", "21.11.2026", 1548381039, True, "0001-01-01T00:00:00+14:00", ["x"]]
)
def test_what_is_no_time(value):
    with pytest.raises(BadField, match="created_at must be a time such as 2026-11-21T10:30:00Z"):
        as_moment("created_at", value)
