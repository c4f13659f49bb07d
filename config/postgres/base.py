"""Django's PostgreSQL backend, plus one step: an embedded server is started when first needed.

Doing it here, where every connection begins, means that no command, worker or script can forget.
"""

import select

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base, client

from config import embedded


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, which connects by itself."""

    def runshell(self, parameters):
        start_what_is_embedded()
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_new_connection(self, conn_params):
        """A connection of the pool, passing over those that a restarted server has closed.

        The pool's own check would ask the server each time.
        """
        start_what_is_embedded()
        while has_ended(connection := super().get_new_connection(conn_params)):
            connection.close()
            self.pool.putconn(connection)
        return connection


def has_ended(connection: psycopg.Connection) -> bool:
    """Whether the server said something unasked. To an idle client it says nothing but farewell."""
    waiting, _, _ = select.select([connection], [], [], 0)
    return bool(waiting)


def start_what_is_embedded() -> None:
    if settings.EMBEDDED:
        embedded.ensure_running(settings.PATHOS_HOME, settings.EMBEDDED)
