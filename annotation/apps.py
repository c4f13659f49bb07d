from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AnnotationConfig(AppConfig):
    name = "annotation"

    def ready(self) -> None:
        """Rooms above hang their panels into the overview of a campaign."""
        autodiscover_modules("overview")
