"""Runs and model versions in MLflow. No flavours: they pickle, and a bundle needs no pickle.

Every function is told which store to use. Importing mlflow takes seconds: only those who register
import this module.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

# MLflow reports its use to its makers unless these are set before it is imported
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")

from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from mlflow.entities.model_registry import RegisteredModel
from mlflow.exceptions import MlflowException

from training.errors import RegistryError
from training.loop import Progress
from training.recipes import Recipe
from training.train import TrainingResult

CHAMPION = "champion"
ARTIFACT = "bundle"
CURVES = ("loss", "validation_ap")


@contextmanager
def open_store(tracking_uri: str) -> Iterator[MlflowClient]:
    """A client of the store; what MLflow objects to becomes a RegistryError."""
    try:
        yield MlflowClient(tracking_uri=tracking_uri)
    except MlflowException as error:
        raise RegistryError(
            f"The MLflow store {tracking_uri} did not do as asked: {error.message}"
        ) from error


class RunLog:
    """Tells MLflow how a run goes: `with RunLog(…) as log: train(…, progress=log)`.

    The run's id is kept in `out/mlflow_run.json`: a run that is resumed goes on in the same curves,
    and steps that it repeats are not logged again.
    """

    def __init__(self, out: Path, *, recipe: Recipe, experiment: str, tracking_uri: str) -> None:
        self.tracking_uri = tracking_uri
        self.note = out / "mlflow_run.json"
        with open_store(tracking_uri) as client:
            self.run_id = self._noted_run(client) or self._new_run(client, recipe, experiment)
            self.logged = {name: last_step(client, self.run_id, name) for name in CURVES}

    def __enter__(self) -> "RunLog":
        return self

    def __exit__(self, kind: type | None, *error: object) -> None:
        if kind is not None:
            with open_store(self.tracking_uri) as client:
                client.set_terminated(self.run_id, "FAILED")

    def __call__(self, progress: Progress) -> None:
        """Log the loss (every few steps) and the validation figure (once per epoch)."""
        values = dict(zip(CURVES, (progress.loss, progress.validation), strict=True))
        new = {
            name: value
            for name, value in values.items()
            if value is not None and progress.step > self.logged[name]
        }
        with open_store(self.tracking_uri) as client:
            log_metrics(client, self.run_id, new, progress.step)

    def finish(self, result: TrainingResult) -> None:
        """Log the test means and the bundle itself, and end the run."""
        with open_store(self.tracking_uri) as client:
            log_metrics(client, self.run_id, dict(mean_figures(result.metrics)), result.steps)
            client.log_artifacts(self.run_id, str(result.bundle), ARTIFACT)
            client.set_tag(self.run_id, "bundle_sha256", result.sha256)
            client.set_terminated(self.run_id, "FINISHED")
        self.note.unlink()

    def _noted_run(self, client: MlflowClient) -> str | None:
        note = json.loads(self.note.read_text()) if self.note.is_file() else {}
        if note.get("tracking_uri") != self.tracking_uri:
            return None
        client.update_run(note["run_id"], "RUNNING")
        return note["run_id"]

    def _new_run(self, client: MlflowClient, recipe: Recipe, experiment: str) -> str:
        experiment_id = find_experiment(client, experiment)
        run_id = client.create_run(experiment_id, run_name=recipe.name).info.run_id
        params = [Param(name, str(value)) for name, value in asdict(recipe).items()]
        client.log_batch(run_id, params=params)
        self.note.parent.mkdir(parents=True, exist_ok=True)
        self.note.write_text(json.dumps({"run_id": run_id, "tracking_uri": self.tracking_uri}))
        return run_id


def log_metrics(client: MlflowClient, run_id: str, values: Mapping[str, float], step: int) -> None:
    """All values of one step in one request; none if there are none."""
    now = int(time.time() * 1000)
    if values:
        metrics = [Metric(name, value, now, step) for name, value in values.items()]
        client.log_batch(run_id, metrics=metrics)


def last_step(client: MlflowClient, run_id: str, name: str) -> int:
    """How far a curve of the run goes; -1 before its first point."""
    history = client.get_metric_history(run_id, name)
    return max((point.step for point in history), default=-1)


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
    with open_store(tracking_uri) as client:
        if find_model(client, name) is None:
            client.create_registered_model(name)
        source = f"{client.get_run(run_id).info.artifact_uri}/{ARTIFACT}"
        return int(client.create_model_version(name, source, run_id).version)


def set_champion(name: str, version: int, *, tracking_uri: str) -> None:
    """From now on `models:/name@champion` is this version. Whether it should be is up to you."""
    with open_store(tracking_uri) as client:
        client.set_registered_model_alias(name, CHAMPION, str(version))


def find_champion(name: str, *, tracking_uri: str) -> int | None:
    """The number of the version in use; None if none was chosen, or the model is unknown."""
    with open_store(tracking_uri) as client:
        model = find_model(client, name)
        version = None if model is None else model.aliases.get(CHAMPION)
        return None if version is None else int(version)


def find_model(client: MlflowClient, name: str) -> RegisteredModel | None:
    """The registered model of that name; None if there is none."""
    try:
        return client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None


def fetch_bundle(run_id: str, *, into: Path, tracking_uri: str) -> Path:
    """Copies the bundle that a run logged into a folder that exists, and answers where it lies."""
    with open_store(tracking_uri) as client:
        return Path(client.download_artifacts(run_id, ARTIFACT, str(into)))
