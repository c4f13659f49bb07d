"""The pool of connections, on a server that may go away."""

import pytest
from django.db import connection


def server_process() -> int:
    with connection.cursor() as cursor:
        return cursor.execute("SELECT pg_backend_pid()").fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_the_pool_hands_out_its_connections_again():
    seen = set()
    for _ in range(30):
        seen.add(server_process())
        connection.close()

    assert len(seen) < 30


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_closed_is_passed_over():
    before = server_process()
    other = connection.copy()
    with other.cursor() as cursor:  # a connection of its own
        connection.close()
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    other.close()

    assert server_process() != before
