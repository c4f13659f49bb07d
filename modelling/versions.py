"""The verbs on model versions: train a bundle, publish it in the registry, crown a champion.

These run where torch and MLflow may be loaded: in the training worker and in commands.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from modelling import recipes
from modelling.models import ModelVersion, TrainingRun


@dataclass(frozen=True)
class Trained:
    """A bundle on disk and what the row in our tables says of it."""

    bundle: Path
    recipe: str
    sha256: str
    metrics: dict
    config: dict


def train(*, snapshot: Path, recipe: str, out: Path, report: Callable) -> Trained:
    """Trains on a snapshot folder. Raises UnknownRecipe, training's TrainingError."""
    from training.recipes import find_recipe
    from training.train import train as train_model

    recipes.check(recipe)
    result = train_model(snapshot, recipe=find_recipe(recipe), out=out, progress=report)
    config = json.loads((result.bundle / "config.json").read_text(encoding="utf-8"))
    return Trained(result.bundle, recipe, result.sha256, result.metrics, config)


def publish(*, trained: Trained, run: TrainingRun | None = None) -> ModelVersion:
    """Registers the bundle in MLflow and records the version here.

    The first version becomes champion; a later one only when somebody crowns it, for figures of
    different snapshots can't be compared by a program.
    """
    from training.register import register

    registered = register(
        trained.bundle, name=settings.MLFLOW_MODEL_NAME, tracking_uri=settings.MLFLOW_TRACKING_URI
    )
    version, _ = ModelVersion.objects.update_or_create(
        name=registered.name,
        version=registered.version,
        defaults={
            "run": run,
            "mlflow_run_id": registered.run_id,
            "recipe": trained.recipe,
            "bundle": registered.source,
            "sha256": trained.sha256,
            "taxonomy": "{key} v{version}".format(**trained.config["taxonomy"]),
            "campaign": trained.config["snapshot"]["campaign"],
            "snapshot_sha256": trained.config["snapshot"]["sha256"],
            "metrics": trained.metrics,
        },
    )
    if not ModelVersion.objects.filter(name=version.name, champion=True).exists():
        crown(version=version)
    return version


def crown(*, version: ModelVersion) -> None:
    """Gives the alias `champion` to this version, in the registry and here."""
    from training.register import set_champion

    set_champion(version.name, version.version, tracking_uri=settings.MLFLOW_TRACKING_URI)
    with transaction.atomic():
        ModelVersion.objects.filter(name=version.name, champion=True).update(champion=False)
        ModelVersion.objects.filter(id=version.id).update(champion=True)
    version.champion = True
