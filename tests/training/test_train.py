"""A run learns, repeats itself to the bit, survives being cut short, and refuses what is off."""

import json
from dataclasses import replace

import pytest
import torch

from tests.training.snapshot_factory import edit_table, write_snapshot
from training.errors import CheckpointError, SnapshotError
from training.loop import Progress, learning_rate
from training.recipes import RECIPES, find_recipe, paper, tiny
from training.train import train

SHORT = replace(tiny(), epochs=4)


class Interrupted(Exception):
    """Stands for whatever ends a process in the middle of a run."""


def interrupt_after(step):
    def progress(report):
        if report.step >= step and report.loss is not None:
            raise Interrupted

    return progress


@pytest.fixture(scope="module")
def learnable(tmp_path_factory):
    """Enough posts for figures that mean something."""
    return write_snapshot(tmp_path_factory.mktemp("learnable") / "toy", posts=800)


@pytest.fixture(scope="module")
def result(learnable, tmp_path_factory):
    recipe = replace(tiny(), tasks="kdd22-23")
    return train(learnable, recipe=recipe, out=tmp_path_factory.mktemp("run"))


def mean(result, kind, predictor, figure):
    return result.metrics["test"][kind][predictor]["macro"][figure]


def test_training_beats_the_prevalence_on_judged_posts(result):
    assert mean(result, "posts", "two_tower", "roc_auc") > 0.8
    assert mean(result, "posts", "prevalence", "roc_auc") == 0.5
    chance = mean(result, "posts", "two_tower", "prevalence")
    assert mean(result, "posts", "two_tower", "average_precision") > 2 * chance
    for figure in ("f1", "micro_f1"):
        assert mean(result, "posts", "two_tower", figure) > mean(
            result, "posts", "prevalence", figure
        )


def test_knowing_the_person_beats_reading_the_post_alone(result):
    """Half the people love kittens and half do not: words cannot tell which."""
    love = {
        name: table["tasks"]["love"]["average_precision"]
        for name, table in result.metrics["test"]["engagement"].items()
    }

    assert love["two_tower"] > love["linear"] + 0.2 > love["prevalence"] + 0.2


def test_figures_are_stored_as_they_are_returned(result):
    assert json.loads((result.bundle / "metrics.json").read_text()) == json.loads(
        json.dumps(result.metrics)
    )


def test_the_same_run_twice_gives_the_same_bytes(snapshot_folder, tmp_path):
    first, second = (
        train(snapshot_folder, recipe=SHORT, out=tmp_path / name).sha256 for name in ("a", "b")
    )

    assert first == second


def test_another_seed_gives_another_model(snapshot_folder, tmp_path):
    first, second = (
        train(snapshot_folder, recipe=replace(SHORT, seed=seed), out=tmp_path / str(seed)).sha256
        for seed in (0, 1)
    )

    assert first != second


@pytest.mark.parametrize("step", [5, 25, 30])
def test_a_run_cut_short_ends_as_if_it_had_not_been(snapshot_folder, tmp_path, step):
    whole = train(snapshot_folder, recipe=SHORT, out=tmp_path / "whole")
    with pytest.raises(Interrupted):
        train(snapshot_folder, recipe=SHORT, out=tmp_path / "cut", progress=interrupt_after(step))

    seen = []
    resumed = train(snapshot_folder, recipe=SHORT, out=tmp_path / "cut", progress=seen.append)

    assert resumed.sha256 == whole.sha256
    assert resumed.steps == whole.steps == 36
    steps = [report.step for report in seen if report.loss is not None]
    assert steps[0] > step - tiny().checkpoint_every


def test_fifty_steps_and_fifty_more_are_a_hundred(snapshot_folder, tmp_path):
    """Down to the last bit of every weight, optimiser moment and random state."""
    recipe = replace(tiny(), epochs=12, checkpoint_every=50, report_every=50)
    for out, stops in ((tmp_path / "whole", [100]), (tmp_path / "halves", [50, 100])):
        for stop in stops:
            with pytest.raises(Interrupted):
                train(snapshot_folder, recipe=recipe, out=out, progress=interrupt_after(stop))

    whole, halves = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)
        for name in ("whole", "halves")
    )
    assert whole.pop("identity") == halves.pop("identity")
    assert whole["step"] == 100
    torch.testing.assert_close(halves, whole, rtol=0, atol=0)


def test_a_run_does_not_go_on_with_another_snapshot(own_snapshot, tmp_path):
    with pytest.raises(Interrupted):
        train(own_snapshot, recipe=SHORT, out=tmp_path / "run", progress=interrupt_after(20))
    edit_table(own_snapshot, "labels", lambda table: table[:-6])

    with pytest.raises(CheckpointError, match="with another snapshot: train into another folder"):
        train(own_snapshot, recipe=SHORT, out=tmp_path / "run")


def test_a_run_does_not_go_on_with_another_recipe(snapshot_folder, tmp_path):
    with pytest.raises(Interrupted):
        train(snapshot_folder, recipe=SHORT, out=tmp_path, progress=interrupt_after(20))

    with pytest.raises(CheckpointError, match="with another recipe"):
        train(snapshot_folder, recipe=replace(SHORT, clip=2.0), out=tmp_path)


def test_a_damaged_snapshot_is_not_trained_on(own_snapshot, tmp_path):
    (own_snapshot / "posts.parquet").write_bytes(b"not what was exported")

    with pytest.raises(SnapshotError, match="posts.parquet is not the file"):
        train(own_snapshot, recipe=SHORT, out=tmp_path / "run")


def test_progress_tells_every_stage_in_order(snapshot_folder, tmp_path):
    seen = []

    train(snapshot_folder, recipe=SHORT, out=tmp_path, progress=seen.append)

    assert list(dict.fromkeys(report.stage for report in seen)) == [
        "preparing",
        "learning",
        "measuring",
        "done",
    ]
    assert [report.step for report in seen if report.validation is not None] == [9, 18, 27, 36]
    assert all(0 <= report.step <= report.steps for report in seen)
    assert seen[-1] == Progress("done", 36, 36)


def test_a_finished_run_leaves_a_bundle_and_nothing_else(snapshot_folder, tmp_path):
    train(snapshot_folder, recipe=SHORT, out=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_the_learning_rate_warms_up_and_falls_to_zero():
    recipe = replace(paper(), warmup=0.1)

    rates = [learning_rate(step, 100, recipe) for step in range(100)]

    assert rates[:10] == pytest.approx([7e-4 * (i + 1) / 10 for i in range(10)])
    assert rates[10] == 7e-4
    assert rates[55] == pytest.approx(3.5e-4)
    assert 0 < rates[99] < 1e-6
    assert sorted(rates[10:], reverse=True) == rates[10:]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_goes_by_its_own_name(name):
    assert find_recipe(name).name == name


def test_an_unknown_recipe_is_refused_with_the_known_ones():
    with pytest.raises(
        Exception, match="no recipe 'huge'; there are tiny, small, small_full, paper"
    ):
        find_recipe("huge")
