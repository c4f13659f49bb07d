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
    """A bundle on disk and in its MLflow run, and what the row in our tables says of it."""

    bundle: Path
    recipe: str
    sha256: str
    metrics: dict
    config: dict
    mlflow_run_id: str


def train(*, snapshot: Path, recipe: str, out: Path, report: Callable) -> Trained:
    """Trains on a snapshot folder, with curves in MLflow. Raises UnknownRecipe, TrainingError."""
    from training.recipes import find_recipe
    from training.register import RunLog
    from training.train import train as train_model

    recipes.check(recipe)
    chosen = find_recipe(recipe)
    prepare_store()
    place = {
        "experiment": settings.MLFLOW_MODEL_PREFIX,
        "tracking_uri": settings.MLFLOW_TRACKING_URI,
    }
    with RunLog(out, recipe=chosen, **place) as log:

        def tell_both(progress) -> None:
            report(progress)
            log(progress)

        result = train_model(snapshot, recipe=chosen, out=out, progress=tell_both)
        log.finish(result)
    config = json.loads((result.bundle / "config.json").read_text(encoding="utf-8"))
    return Trained(result.bundle, recipe, result.sha256, result.metrics, config, log.run_id)


def publish(*, trained: Trained, run: TrainingRun | None = None) -> ModelVersion:
    """Registers the bundle's run as the next version of its campaign's model and records it here.

    Campaigns ask different questions, so each has a model, and a champion, of its own. The first
    version becomes champion; a later one only when somebody crowns it, for figures of
    different snapshots can't be compared by a program.
    """
    from training.register import register_version

    campaign = trained.config["snapshot"]["campaign"]
    name = model_name(campaign)
    number = register_version(
        name, run_id=trained.mlflow_run_id, tracking_uri=settings.MLFLOW_TRACKING_URI
    )
    version = ModelVersion.objects.create(
        name=name,
        version=number,
        run=run,
        mlflow_run_id=trained.mlflow_run_id,
        recipe=trained.recipe,
        bundle=f"models:/{name}/{number}",
        sha256=trained.sha256,
        taxonomy="{key} v{version}".format(**trained.config["taxonomy"]),
        campaign=campaign,
        snapshot_sha256=trained.config["snapshot"]["sha256"],
        metrics=trained.metrics,
    )
    if not ModelVersion.objects.filter(name=name, champion=True).exists():
        crown(version=version)
    return version


def model_name(campaign: str) -> str:
    """The campaign's name in the registry: `pathos-demo`."""
    return f"{settings.MLFLOW_MODEL_PREFIX}-{campaign}"


def prepare_store() -> None:
    """A store in one file needs its folder to be there; a server looks after itself."""
    prefix = "sqlite:///"
    if settings.MLFLOW_TRACKING_URI.startswith(prefix):
        file = Path(settings.MLFLOW_TRACKING_URI.removeprefix(prefix))
        file.parent.mkdir(parents=True, exist_ok=True)


def crown(*, version: ModelVersion) -> None:
    """Gives the alias `champion` to this version, in the registry and here."""
    from training.register import set_champion

    set_champion(version.name, version.version, tracking_uri=settings.MLFLOW_TRACKING_URI)
    with transaction.atomic():
        ModelVersion.objects.filter(name=version.name, champion=True).update(champion=False)
        ModelVersion.objects.filter(id=version.id).update(champion=True)
    version.champion = True
