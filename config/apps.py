from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Pathos"

    def ready(self) -> None:
        # Both register themselves by being imported: the Celery app that `shared_task` binds to,
        # and the system checks.
        from config import celery, checks  # noqa: F401
