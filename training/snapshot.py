"""Reads a snapshot folder, after making sure that it is the one its manifest describes."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from training.errors import SnapshotError

FORMAT_VERSION = 1
TABLES = ("posts", "labels", "signals", "people", "personal_rows")


@dataclass(frozen=True)
class Snapshot:
    """What training uses of a snapshot: its tables, its taxonomy and its manifest."""

    manifest: dict
    taxonomy: dict
    posts: pd.DataFrame
    labels: pd.DataFrame
    signals: pd.DataFrame
    people: pd.DataFrame
    personal_rows: pd.DataFrame

    @property
    def sha256(self) -> str:
        """The hash over all files: two snapshots with the same one are the same."""
        return self.manifest["sha256"]

    @cached_property
    def post_index(self) -> pd.Index:
        """Post ids in the order of `posts`."""
        return pd.Index(self.posts["post_id"])

    @cached_property
    def person_index(self) -> pd.Index:
        """Person ids in the order of `people`."""
        return pd.Index(self.people["person_id"])

    def label_column(self, rule: str) -> str:
        """The column of `labels` that a consensus rule filled; `primary` names the main rule."""
        rule = self.manifest["primary_rule"] if rule == "primary" else rule
        columns = {entry["rule"]: entry["column"] for entry in self.manifest["rules"]}
        column = "soft" if rule == "soft" else columns.get(rule)
        if column not in self.labels:
            raise SnapshotError(
                f"The snapshot has no labels by the rule {rule!r}; it has {', '.join(columns)}."
            )
        return column


def read_snapshot(folder: Path) -> Snapshot:
    """Verify every file of `folder` against its manifest, then read what training needs.

    Raises SnapshotError, with the file's name, if one is missing or has other bytes.
    """
    manifest = read_manifest(folder)
    for name, facts in manifest["files"].items():
        verify(folder / name, facts["sha256"])
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    taxonomy = json.loads((folder / "taxonomy.json").read_text(encoding="utf-8"))
    return Snapshot(manifest=manifest, taxonomy=taxonomy, **tables)


def read_manifest(folder: Path) -> dict:
    """The manifest, once it is known to name every file that training reads."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise SnapshotError(f"{folder} is not a snapshot: it has no manifest.json.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SnapshotError(f"{path} is damaged: it is not JSON ({error}).") from error
    if manifest.get("format_version") != FORMAT_VERSION:
        raise SnapshotError(
            f"{path} has format {manifest.get('format_version')}, and this version of the "
            f"training reads format {FORMAT_VERSION}: export the snapshot again."
        )
    missing = {"taxonomy.json", *(f"{name}.parquet" for name in TABLES)} - manifest["files"].keys()
    if missing:
        raise SnapshotError(f"{path} does not list {', '.join(sorted(missing))}.")
    return manifest


def verify(path: Path, sha256: str) -> None:
    """Refuse a file that is missing or altered."""
    if not path.is_file():
        raise SnapshotError(f"The snapshot lacks {path.name}, which its manifest lists.")
    if file_sha256(path) != sha256:
        raise SnapshotError(
            f"{path.name} is not the file that the manifest describes: its sha256 differs. "
            "Download or export the snapshot again."
        )


def file_sha256(path: Path) -> str:
    """The file's sha256 in hex, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
