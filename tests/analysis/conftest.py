import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from analysis import reading
from analysis.plans import Plan


@pytest.fixture
def file(tmp_path):
    """Writes a file: text as it is, JSON for a list, JSON lines for a .jsonl, a zip for a dict."""

    def write(name: str, content: str | bytes | list | dict) -> Path:
        path = tmp_path / name
        if isinstance(content, dict):
            with ZipFile(path, "w") as archive:
                for member, rows in content.items():
                    archive.writestr(member, as_text(member, rows))
            return path
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(as_text(name, content), encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(file):
    """What a file says, and its rejects: ({(post, rater, labels), …}, [(row, field), …])."""

    def gather(name: str, content, **plan) -> tuple[set, list]:
        rejects = []
        found = reading.read(file(name, content), Plan(**plan), rejects.append)
        return said(found), [(reject.row, reject.field) for reject in rejects]

    return gather


def as_text(name: str, content) -> str:
    if isinstance(content, str):
        return content
    if name.endswith(".jsonl"):
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
    return json.dumps(content, ensure_ascii=False)


def said(found) -> set[tuple[str, str, frozenset]]:
    """The answers with words instead of numbers."""
    columns = (found.posts, found.raters, found.picks)
    return {
        (found.post_ids[post], found.rater_ids[rater], labels_of(picks, found.labels))
        for post, rater, picks in zip(*(column.tolist() for column in columns), strict=True)
    }


def labels_of(mask: int, labels) -> frozenset[str]:
    return frozenset(label for bit, label in enumerate(labels) if mask >> bit & 1)
