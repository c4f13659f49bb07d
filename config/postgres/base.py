"""Django's PostgreSQL backend, plus one step: an embedded server is started when first needed.

Doing it here, where every connection begins, means that no command, worker or script can forget.
"""

from django.conf import settings
from django.db.backends.postgresql import base

from config import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        if settings.EMBEDDED:
            embedded.ensure_running(settings.PATHOS_HOME, settings.EMBEDDED)
        return super().get_new_connection(conn_params)
