"""The task queue: `celery -A config worker` and `celery -A config beat`."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pathos")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.celeryd_init.connect
@signals.beat_init.connect
def start_embedded_services(**_) -> None:
    """A worker talks to Redis before it ever opens a database connection."""
    from django.conf import settings

    from config import embedded

    if settings.EMBEDDED:
        embedded.ensure_running(settings.PATHOS_HOME, settings.EMBEDDED)
