import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import BigIntegerField, Value
from django.db.models.functions import Cast, Length, NullIf
from django.utils import timezone

from lib import bulk
from lib.bulk import chunked, copy_to_temporary, read_columns


def test_chunks_have_the_size_that_is_asked_for():
    rows = [(n,) for n in range(5)]

    assert list(chunked(rows, 2)) == [[(0,), (1,)], [(2,), (3,)], [(4,)]]
    assert list(chunked([], 2)) == []


def test_chunks_of_long_texts_are_shorter(monkeypatch):
    monkeypatch.setattr(bulk, "MAX_CHUNK_LENGTH", 10)

    assert list(chunked([("a" * 6,)] * 3, 100)) == [[("a" * 6,)] * 2, [("a" * 6,)]]


@pytest.mark.django_db(transaction=True)
def test_a_temporary_table_holds_the_rows_until_the_transaction_ends():
    with transaction.atomic(), connection.cursor() as cursor:
        copy_to_temporary(cursor, "incoming", "place int, said text", [(1, "a\tb\n"), (2, None)])
        rows = cursor.execute("SELECT * FROM incoming ORDER BY place").fetchall()

    assert rows == [(1, "a\tb\n"), (2, None)]
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT to_regclass('incoming')").fetchone() == (None,)


@pytest.fixture
def numbers(db):
    """Rows (number, its length) in a table that is at hand; what it is for doesn't matter."""

    def store(*ids: int):
        Session.objects.bulk_create(
            Session(session_key=str(number), session_data="", expire_date=timezone.now())
            for number in ids
        )
        number = Cast("session_key", BigIntegerField())
        length = Cast(Length("session_key"), BigIntegerField())
        return Session.objects.annotate(number=number, length=length)

    return store


def read(rows, *columns) -> list[tuple]:
    return sorted(zip(*(column.tolist() for column in read_columns(rows, *columns)), strict=True))


def test_columns_come_row_by_row_in_one_order(numbers):
    ids = [0, 7, -40, 32, 2**63 - 1, -(2**63), *range(100, 300)]

    assert read(numbers(*ids), "number", "length") == sorted((n, len(str(n))) for n in ids)


def test_only_rows_that_are_asked_for_come(numbers):
    rows = numbers(1, 22, 333).filter(session_key__in=["22", "333", "no %s"])

    assert read(rows, "number") == [(22,), (333,)]


def test_columns_of_no_rows_are_empty(numbers):
    columns = read_columns(numbers().order_by("session_key"), "number", "length")

    assert [(column.tolist(), column.dtype.name) for column in columns] == [([], "int64")] * 2


def test_a_row_with_a_null_is_not_dropped_in_silence(numbers):
    for store in [(1, 2), (2,)]:
        Session.objects.all().delete()
        rows = numbers(*store).annotate(hole=NullIf("number", Value(2)))
        with pytest.raises(ValueError, match="One of the columns number, hole has nulls"):
            read_columns(rows, "number", "hole")


@pytest.mark.parametrize("rows", [1, 3, 4, 8, 9])
def test_pieces_add_up(numbers, monkeypatch, rows):
    monkeypatch.setattr(bulk, "PIECE_ROWS", 4)

    assert read(numbers(*range(rows)), "number", "length") == [(n, 1) for n in range(rows)]
