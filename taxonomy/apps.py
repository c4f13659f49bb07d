from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate

BUILT_IN = Path(__file__).parent / "data"


class TaxonomyConfig(AppConfig):
    name = "taxonomy"

    def ready(self) -> None:
        post_migrate.connect(load_built_in, sender=self)


def load_built_in(**_) -> None:
    """The taxonomies that come with Pathos are there from the first migration on."""
    from taxonomy import files, taxonomies

    for path in sorted(BUILT_IN.glob("*.json")):
        taxonomies.load(file=files.read(path))
