"""Training runs: queued by a person, executed once, and honest about how they ended."""

from pathlib import Path

import mlflow
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from lib.locks import RUNS
from modelling import runs, versions
from modelling.errors import SnapshotNotReady, UnknownRecipe
from modelling.models import ModelVersion, TrainingRun
from training.bundle import load_bundle


@pytest.fixture
def run(snapshot):
    return runs.create(snapshot=snapshot, recipe="tiny")


def test_a_run_ends_as_a_champion_that_any_registry_client_can_load(run, tmp_path, monkeypatch):
    runs.execute(run=run)
    runs.execute(run=run)  # a task may be rung twice

    version = ModelVersion.objects.get()
    assert (run.state, run.progress, run.model_version) == ("done", 1.0, version)
    assert (version.version, version.champion, version.recipe) == (1, True, "tiny")
    assert len(run.curve) == 8  # one figure an epoch
    assert version.metrics["test"]["posts"].keys() == {"two_tower", "linear", "prevalence"}
    monkeypatch.setenv("MLFLOW_TRACKING_URI", settings.MLFLOW_TRACKING_URI)
    folder = mlflow.artifacts.download_artifacts(
        f"models:/{version.name}@champion", dst_path=str(tmp_path / "got")
    )
    assert load_bundle(Path(folder)).metrics == version.metrics


def test_a_later_version_waits_to_be_crowned(snapshot, tmp_path):
    trained = versions.train(
        snapshot=snapshot.folder, recipe="tiny", out=tmp_path / "out", report=lambda _: None
    )
    first, second = versions.publish(trained=trained), versions.publish(trained=trained)
    assert (first.champion, second.version, second.champion) == (True, 2, False)

    versions.crown(version=second)

    assert ModelVersion.objects.get(champion=True) == second
    client = mlflow.MlflowClient(settings.MLFLOW_TRACKING_URI)
    assert client.get_model_version_by_alias(second.name, "champion").version == 2


def test_a_run_on_a_damaged_snapshot_says_so_and_can_be_started_again(run, snapshot):
    path = snapshot.folder / "labels.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")
    runs.execute(run=run)
    assert run.state == "failed"
    assert "labels.parquet" in run.error

    path.write_bytes(whole)
    runs.start_again(run=run)
    runs.execute(run=run)

    assert (run.state, run.error) == ("done", "")


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_worker_died_is_called_lost_and_can_be_started_again(run):
    TrainingRun.objects.update(state="running")

    run = TrainingRun.objects.get()
    runs.settle(run=run)
    assert (run.state, run.error) == ("failed", runs.LOST)

    # the next worker to be handed the same task would still go on with it
    assert TrainingRun.objects.get().state == "running"
    runs.start_again(run=run)
    assert TrainingRun.objects.get().state == "queued"


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_slow_is_left_alone(run, locked_elsewhere):
    TrainingRun.objects.update(state="running")
    run.refresh_from_db()

    with locked_elsewhere(RUNS, run.id):
        runs.settle(run=run)

    assert run.state == "running"


def test_only_a_ready_snapshot_can_be_learnt_from(snapshot):
    snapshot.state = "building"

    with pytest.raises(SnapshotNotReady):
        runs.create(snapshot=snapshot, recipe="tiny")


def test_an_unknown_recipe_is_refused_with_the_known_ones(snapshot):
    with pytest.raises(UnknownRecipe, match="There are: tiny, small, "):
        runs.create(snapshot=snapshot, recipe="huge")


def test_the_command_trains_and_prints_both_columns(snapshot, capsys, tmp_path):
    call_command("train", snapshot=snapshot.folder, recipe="tiny", out=tmp_path / "out")

    printed = capsys.readouterr().out
    assert "pathos-toy v1 is registered and is the champion." in printed
    assert "linear" in printed
    assert (tmp_path / "out" / "bundle" / "model.safetensors").exists()


def test_the_command_says_what_is_no_snapshot(db, tmp_path):
    with pytest.raises(CommandError, match=str(tmp_path)):
        call_command("train", snapshot=tmp_path, recipe="tiny", out=tmp_path / "out")
