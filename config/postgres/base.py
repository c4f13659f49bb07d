"""Django's PostgreSQL backend, plus one step: an embedded server is started when first needed.

Doing it here, where every connection begins, means that no command, worker or script can forget.
"""

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
        start_what_is_embedded()
        return super().get_new_connection(conn_params)


def start_what_is_embedded() -> None:
    if settings.EMBEDDED:
        embedded.ensure_running(settings.PATHOS_HOME, settings.EMBEDDED)
