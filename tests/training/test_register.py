"""MLflow holds runs, versions and the champion; a plain client gets the bundle back."""

import json
from dataclasses import replace
from pathlib import Path

import mlflow
import numpy as np
import pytest
from mlflow import MlflowClient

from training.bundle import load_bundle
from training.command import main
from training.errors import RegistryError
from training.predict import score
from training.recipes import tiny
from training.register import RunLog, find_champion, register_version, set_champion
from training.train import train

RECIPE = replace(tiny(), epochs=2)
POSTS = [{"body": "a kitten"}, {"body": "the storm"}]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db"


def logged_run(snapshot, out, store, recipe=RECIPE):
    with RunLog(out, recipe=recipe, experiment="toys", tracking_uri=store) as log:
        result = train(snapshot, recipe=recipe, out=out, progress=log)
        log.finish(result)
    return log.run_id, result


@pytest.fixture(scope="module")
def finished(snapshot_folder, tmp_path_factory, store):
    return logged_run(snapshot_folder, tmp_path_factory.mktemp("run"), store)


def test_a_plain_client_loads_the_champion_back(finished, store, monkeypatch):
    run_id, result = finished
    version = register_version("plain", run_id=run_id, tracking_uri=store)
    set_champion("plain", version, tracking_uri=store)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)

    folder = mlflow.artifacts.download_artifacts("models:/plain@champion")

    loaded = load_bundle(Path(folder))
    np.testing.assert_array_equal(score(loaded, POSTS), score(load_bundle(result.bundle), POSTS))


def test_a_version_is_no_champion_until_somebody_says_so(finished, store):
    first, second = (
        register_version("asked", run_id=finished[0], tracking_uri=store) for _ in range(2)
    )
    assert (first, second) == (1, 2)
    assert find_champion("asked", tracking_uri=store) is None

    set_champion("asked", second, tracking_uri=store)
    assert find_champion("asked", tracking_uri=store) == 2
    set_champion("asked", first, tracking_uri=store)
    assert find_champion("asked", tracking_uri=store) == 1


def test_an_unknown_model_has_no_champion(store):
    assert find_champion("unheard-of", tracking_uri=store) is None


def test_a_run_keeps_its_recipe_its_curves_and_its_means(finished, store):
    run_id, result = finished
    client = MlflowClient(tracking_uri=store)
    run = client.get_run(run_id)

    assert run.info.status == "FINISHED"
    assert run.data.params["learning_rate"] == str(RECIPE.learning_rate)
    assert run.data.tags["bundle_sha256"] == result.sha256
    means = result.metrics["test"]["posts"]["two_tower"]["macro"]
    assert run.data.metrics["posts.two_tower.tasks"] == means["tasks"]
    steps = [point.step for point in client.get_metric_history(run_id, "loss")]
    assert steps == [5, 10, 15]
    validation = [point.value for point in client.get_metric_history(run_id, "validation_ap")]
    assert validation == pytest.approx(result.metrics["validation_by_epoch"])


def test_a_resumed_run_goes_on_in_the_same_curves(snapshot_folder, tmp_path, store):
    recipe = replace(RECIPE, epochs=4)
    with (
        pytest.raises(KeyboardInterrupt),
        RunLog(tmp_path, recipe=recipe, experiment="toys", tracking_uri=store) as log,
    ):

        def interrupt(progress):
            log(progress)
            if progress.step == 15:
                raise KeyboardInterrupt

        train(snapshot_folder, recipe=recipe, out=tmp_path, progress=interrupt)
    assert MlflowClient(tracking_uri=store).get_run(log.run_id).info.status == "FAILED"

    run_id, _ = logged_run(snapshot_folder, tmp_path, store, recipe)

    assert run_id == log.run_id
    assert MlflowClient(tracking_uri=store).get_run(run_id).info.status == "FINISHED"
    history = MlflowClient(tracking_uri=store).get_metric_history(run_id, "loss")
    assert [point.step for point in history] == [5, 10, 15, 20, 25, 30, 35]


def test_artifacts_lie_beside_the_store(finished, store):
    location = MlflowClient(tracking_uri=store).get_run(finished[0]).info.artifact_uri

    assert location.startswith(f"file://{store.removeprefix('sqlite:///').rpartition('/')[0]}")


def test_the_command_trains_registers_and_prints_the_table(
    snapshot_folder, tmp_path, store, capsys
):
    options = ["--recipe", "tiny", "--out", str(tmp_path), "--tracking-uri", store]

    code = main([str(snapshot_folder), *options, "--register", "command", "--champion"])

    printed = capsys.readouterr().out
    assert code == 0
    assert "| adoring" in printed and "micro F1" in printed
    assert printed.endswith("It is version 1 of command.\n")
    assert find_champion("command", tracking_uri=store) == 1


def test_the_command_fails_with_a_sentence(tmp_path, capsys):
    assert main([str(tmp_path), "--recipe", "tiny", "--out", str(tmp_path / "out")]) == 1

    assert capsys.readouterr().err.endswith("is not a snapshot: it has no manifest.json.\n")


def test_a_store_of_an_unknown_kind_is_refused_in_a_sentence(snapshot_folder, tmp_path, capsys):
    options = ["--recipe", "tiny", "--out", str(tmp_path), "--tracking-uri", "carrier-pigeon://x"]

    assert main([str(snapshot_folder), *options]) == 1
    assert "The MLflow store carrier-pigeon://x did not do as asked" in capsys.readouterr().err


def test_a_champion_that_does_not_exist_is_refused(store):
    with pytest.raises(RegistryError, match="did not do as asked"):
        set_champion("unheard-of", 1, tracking_uri=store)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--register", "a"], "--register needs --tracking-uri"),
        (["--tracking-uri", "sqlite://", "--champion"], "--champion needs --register"),
    ],
)
def test_options_that_need_others_are_refused(options, sentence, capsys):
    with pytest.raises(SystemExit):
        main(["folder", *options])

    assert sentence in capsys.readouterr().err


def test_metrics_are_json_without_nan(finished):
    text = (finished[1].bundle / "metrics.json").read_text()

    json.loads(text, parse_constant=pytest.fail)
