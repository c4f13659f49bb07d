"""Runs and model versions in MLflow. No flavours: they pickle, and a bundle needs no pickle.

Every function is told which store to use. Importing mlflow takes seconds: only those who register
import this module.
"""

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

# MLflow reports its use to its makers unless these are set before it is imported
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunStatus
from mlflow.exceptions import MlflowException

from training.loop import Progress
from training.recipes import Recipe
from training.train import TrainingResult

CHAMPION = "champion"
ARTIFACT = "bundle"
CURVES = ("loss", "validation_ap")


class RunLog:
    """Tells MLflow how a run goes. Give it to `train` as its progress function.

    The run's id is kept in `out/mlflow_run.json`: a run that is resumed goes on in the same curves,
    and steps that it repeats are not logged again.
    """

    def __init__(self, out: Path, *, recipe: Recipe, experiment: str, tracking_uri: str) -> None:
        self.client = MlflowClient(tracking_uri=tracking_uri)
        self.note = out / "mlflow_run.json"
        self.run_id = self._noted_run() or self._new_run(recipe, experiment)
        self.logged = {name: self._last_step(name) for name in CURVES}

    def __call__(self, progress: Progress) -> None:
        """Log the loss (every few steps) and the validation figure (once per epoch)."""
        values = dict(zip(CURVES, (progress.loss, progress.validation), strict=True))
        new = {
            name: value
            for name, value in values.items()
            if value is not None and progress.step > self.logged[name]
        }
        self._log(new, progress.step)

    def finish(self, result: TrainingResult) -> None:
        """Log the test means and the bundle itself, and end the run."""
        self._log(dict(mean_figures(result.metrics)), result.steps)
        self.client.log_artifacts(self.run_id, str(result.bundle), ARTIFACT)
        self.client.set_tag(self.run_id, "bundle_sha256", result.sha256)
        self.client.set_terminated(self.run_id)
        self.note.unlink()

    def _log(self, values: Mapping[str, float], step: int) -> None:
        now = int(time.time() * 1000)
        metrics = [Metric(name, value, now, step) for name, value in values.items()]
        if metrics:
            self.client.log_batch(self.run_id, metrics=metrics)

    def _last_step(self, name: str) -> int:
        history = self.client.get_metric_history(self.run_id, name)
        return max((point.step for point in history), default=-1)

    def _noted_run(self) -> str | None:
        if not self.note.is_file():
            return None
        run_id = json.loads(self.note.read_text())["run_id"]
        self.client.update_run(run_id, RunStatus.to_string(RunStatus.RUNNING))
        return run_id

    def _new_run(self, recipe: Recipe, experiment: str) -> str:
        experiment_id = find_experiment(self.client, experiment)
        run_id = self.client.create_run(experiment_id, run_name=recipe.name).info.run_id
        params = [Param(name, str(value)) for name, value in asdict(recipe).items()]
        self.client.log_batch(run_id, params=params)
        self.note.parent.mkdir(parents=True, exist_ok=True)
        self.note.write_text(json.dumps({"run_id": run_id}))
        return run_id


def find_experiment(client: MlflowClient, name: str) -> str:
    """The experiment's id; it is made if it is not there."""
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        return experiment.experiment_id
    return client.create_experiment(name, artifact_location=artifacts_beside(client.tracking_uri))


def artifacts_beside(tracking_uri: str) -> str | None:
    """For a store in one SQLite file, a folder beside it; None lets a server decide.

    MLflow's own default is a folder under wherever the process happens to run.
    """
    prefix = "sqlite:///"
    if not tracking_uri.startswith(prefix):
        return None
    return (Path(tracking_uri.removeprefix(prefix)).resolve().parent / "artifacts").as_uri()


def mean_figures(metrics: Mapping) -> Iterable[tuple[str, float]]:
    """`posts.two_tower.roc_auc` and so on: every defined mean of the test split."""
    for kind, tables in metrics["test"].items():
        for predictor, table in tables.items():
            for figure, value in table["macro"].items():
                if value is not None:
                    yield f"{kind}.{predictor}.{figure}", float(value)


def register_version(name: str, *, run_id: str, tracking_uri: str) -> int:
    """Make the bundle of a finished run the next version of the model `name`; returns its number."""
    client = MlflowClient(tracking_uri=tracking_uri)
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    source = f"{client.get_run(run_id).info.artifact_uri}/{ARTIFACT}"
    return int(client.create_model_version(name, source, run_id).version)


def set_champion(name: str, version: int, *, tracking_uri: str) -> None:
    """From now on `models:/name@champion` is this version. Whether it should be is up to you."""
    MlflowClient(tracking_uri=tracking_uri).set_registered_model_alias(name, CHAMPION, str(version))


def find_champion(name: str, *, tracking_uri: str) -> int | None:
    """The number of the version in use; None if none was chosen, or the model is unknown."""
    client = MlflowClient(tracking_uri=tracking_uri)
    try:
        return int(client.get_model_version_by_alias(name, CHAMPION).version)
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None
        raise
