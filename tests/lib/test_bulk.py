import pytest
from django.db import connection, transaction

from lib import bulk
from lib.bulk import chunked, copy_to_temporary


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
