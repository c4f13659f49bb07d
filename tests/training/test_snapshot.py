"""Training reads the snapshot that the manifest describes, or nothing."""

import json

import pytest

from tests.training.snapshot_factory import write_manifest
from training.errors import SnapshotError
from training.snapshot import read_snapshot


def test_a_whole_snapshot_is_read(snapshot_folder):
    snapshot = read_snapshot(snapshot_folder)

    assert len(snapshot.posts) == 400
    assert len(snapshot.labels) == 400 * 6
    assert snapshot.taxonomy["key"] == "toy"
    assert len(snapshot.sha256) == 64


def test_an_altered_file_is_refused_by_name(own_snapshot):
    with (own_snapshot / "labels.parquet").open("ab") as file:
        file.write(b"x")

    with pytest.raises(SnapshotError, match="labels.parquet is not the file"):
        read_snapshot(own_snapshot)


def test_a_missing_file_is_refused_by_name(own_snapshot):
    (own_snapshot / "people.parquet").unlink()

    with pytest.raises(SnapshotError, match="lacks people.parquet"):
        read_snapshot(own_snapshot)


def test_a_manifest_that_leaves_a_table_out_is_refused(own_snapshot):
    (own_snapshot / "people.parquet").unlink()
    write_manifest(own_snapshot)

    with pytest.raises(SnapshotError, match="does not list people.parquet"):
        read_snapshot(own_snapshot)


def test_a_folder_without_a_manifest_is_no_snapshot(tmp_path):
    with pytest.raises(SnapshotError, match="no manifest.json"):
        read_snapshot(tmp_path)


def test_a_manifest_that_is_not_json_is_refused(own_snapshot):
    (own_snapshot / "manifest.json").write_text("{")

    with pytest.raises(SnapshotError, match="is damaged: it is not JSON"):
        read_snapshot(own_snapshot)


def test_a_newer_format_is_refused(own_snapshot):
    path = own_snapshot / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format_version": 2}))

    with pytest.raises(SnapshotError, match="has format 2"):
        read_snapshot(own_snapshot)


@pytest.mark.parametrize(
    ("rule", "column"),
    [("votes>=3", "label_votes_3"), ("primary", "label_votes_3"), ("soft", "soft")],
)
def test_a_rule_names_its_column(snapshot_folder, rule, column):
    assert read_snapshot(snapshot_folder).label_column(rule) == column


def test_a_rule_the_snapshot_lacks_is_refused(snapshot_folder):
    with pytest.raises(SnapshotError, match="no labels by the rule 'votes>=2'; it has votes>=3"):
        read_snapshot(snapshot_folder).label_column("votes>=2")
