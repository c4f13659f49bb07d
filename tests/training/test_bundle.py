"""A bundle predicts what the model predicted, anywhere, and nothing in it can run code."""

import io
import json
import pickle
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from tests.training.snapshot_factory import edit_table
from training.bundle import FILES, load_bundle
from training.data import prepare
from training.errors import BundleError, TrainingError
from training.predict import chances, embed, score
from training.recipes import tiny
from training.snapshot import read_snapshot
from training.train import train

POSTS = [
    {"body": "a kitten to cuddle came by with some people"},
    {"title": "Storm", "body": "a wolf in the dark", "ocr_text": None},
    {},
    {"body": "word " * 500, "transcript": "thanks " * 500},
]
PEOPLE = [{"bio": "cats", "features": [1.0, 0.0, 1.0]}, None, {"bio": None, "features": None}, None]


@pytest.fixture(scope="module")
def folder(snapshot_folder, tmp_path_factory):
    recipe = replace(tiny(), epochs=3)
    return train(snapshot_folder, recipe=recipe, out=tmp_path_factory.mktemp("run")).bundle


@pytest.fixture(scope="module")
def bundle(folder):
    return load_bundle(folder)


def test_a_bundle_holds_its_files_and_their_sums(folder):
    assert sorted(path.name for path in folder.iterdir()) == sorted([*FILES, "SHA256SUMS"])
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, check=True)


def test_a_reloaded_model_gives_the_same_numbers(bundle, snapshot_folder):
    """The test rows, prepared anew from the snapshot, get the figures that training stored."""
    snapshot = read_snapshot(snapshot_folder)
    data = prepare(snapshot, tiny())
    rows = data.truth["test"]["posts"]
    expected = chances(bundle.model, rows, data.posts, data.people, data.prior_shift_T)

    posts = snapshot.posts.iloc[rows.post_R].to_dict("records")

    np.testing.assert_allclose(score(bundle, posts), expected, atol=1e-6)
    brier = np.mean((expected[:, 0] - rows.target_RT[:, 0]) ** 2 * rows.weight_RT[:, 0])
    stored = bundle.metrics["test"]["posts"]["two_tower"]["tasks"]["adoring"]["brier"]
    assert brier / rows.weight_RT[:, 0].mean() == pytest.approx(stored, abs=1e-6)


def test_loading_twice_gives_equal_predictions(bundle, folder):
    again = load_bundle(folder)

    np.testing.assert_array_equal(score(again, POSTS, PEOPLE), score(bundle, POSTS, PEOPLE))
    np.testing.assert_array_equal(embed(again, POSTS), embed(bundle, POSTS))


def test_loading_needs_no_pickle(folder, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a bundle was unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    with pytest.raises(AssertionError):
        pickle.load(io.BytesIO(pickle.dumps(1)))

    assert load_bundle(folder).tasks


def test_embeddings_are_32_half_precision_numbers_of_the_post_alone(bundle):
    embedded = embed(bundle, POSTS)

    assert embedded.dtype == np.float16
    assert embedded.shape == (4, 32)
    np.testing.assert_allclose(embed(bundle, POSTS[1:2]), embedded[1:2], atol=1e-3)
    assert np.isfinite(embedded).all()


def test_scores_are_probabilities_in_the_order_of_the_tasks(bundle):
    scores = score(bundle, POSTS)

    assert scores.dtype == np.float32
    assert scores.shape == (4, len(bundle.tasks))
    assert [task.key for task in bundle.tasks][:2] == ["adoring", "entertained"]
    assert (scores > 0).all() and (scores < 1).all()


def test_a_person_moves_a_score_and_nobody_does_not(bundle):
    alone, seen = score(bundle, POSTS), score(bundle, POSTS, PEOPLE)

    np.testing.assert_allclose(seen[[1, 3]], alone[[1, 3]], atol=1e-6)
    assert np.abs(seen[[0, 2]] - alone[[0, 2]]).max(1).min() > 1e-3


def test_no_posts_give_no_scores(bundle):
    assert score(bundle, []).shape == (0, len(bundle.tasks))
    assert embed(bundle, []).shape == (0, 32)


def test_people_with_other_features_are_refused(bundle):
    with pytest.raises(TrainingError, match="2 features here, and 3 in the snapshot"):
        score(bundle, POSTS[:1], [{"bio": "", "features": [1.0, 2.0]}])


def test_a_bundle_without_people_scores_posts_alone(own_snapshot, tmp_path):
    for table in ("people", "signals", "personal_rows"):
        edit_table(own_snapshot, table, lambda frame: frame[:0])
    bundle = load_bundle(train(own_snapshot, recipe=replace(tiny(), epochs=1), out=tmp_path).bundle)

    assert score(bundle, POSTS).shape == (4, 5)
    with pytest.raises(TrainingError, match="trained without people"):
        score(bundle, POSTS, PEOPLE)


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file_is_refused_by_name(folder, tmp_path, name):
    copy = tmp_path / "bundle"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    with (copy / name).open("ab") as file:
        file.write(b" ")

    with pytest.raises(BundleError, match=f"{name} is not the file"):
        load_bundle(copy)
    (copy / name).unlink()
    with pytest.raises(BundleError, match=f"lacks {name}"):
        load_bundle(copy)


def test_a_folder_without_sums_is_no_bundle(tmp_path):
    with pytest.raises(BundleError, match="has no SHA256SUMS"):
        load_bundle(tmp_path)


def test_the_config_says_where_the_model_comes_from(bundle, snapshot_folder):
    manifest = json.loads((snapshot_folder / "manifest.json").read_text())

    assert bundle.config["snapshot"] == {
        "name": "toy",
        "campaign": "toy",
        "primary_rule": "votes>=3",
        "sha256": manifest["sha256"],
    }
    assert bundle.config["taxonomy"] == {"key": "toy", "version": 1}
    assert bundle.config["recipe"]["name"] == "tiny"


def test_the_card_shows_every_task_beside_both_baselines(folder):
    card = (folder / "MODEL_CARD.md").read_text()

    rows = [line.split("|")[1].strip(" *") for line in card.splitlines() if line.startswith("|")]
    assert {"adoring", "entertained", "grateful", "saddened", "scared"} <= set(rows)
    assert "votes>=3" in card


def test_the_prior_shift_is_added_to_every_logit(bundle):
    shifted = replace(bundle, prior_shift_T=bundle.prior_shift_T + np.float32(1))
    before, after = (np.log(p / (1 - p)) for p in (score(bundle, POSTS), score(shifted, POSTS)))

    np.testing.assert_allclose(after - before, 1, atol=1e-3)
