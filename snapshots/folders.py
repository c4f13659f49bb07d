"""A snapshot's folder appears whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.errors import PathosError
from snapshots.errors import FolderNotEmpty


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder to write in, which takes the name `folder` once all went well.

    Raises FolderNotEmpty. What a killed process leaves is hidden, and `sweep` removes it.
    """
    inside = hidden_beside(folder)
    try:
        yield inside
        inside.chmod(0o755)
        os.replace(inside, folder)
    finally:
        shutil.rmtree(inside, ignore_errors=True)


def hidden_beside(folder: Path) -> Path:
    try:
        if folder.exists() and not is_empty(folder):
            raise FolderNotEmpty(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=hidden_prefix(folder), dir=folder.parent))
    except OSError as error:
        raise PathosError(f"{folder} can't be written: {error.strerror}.") from error


def sweep(folder: Path) -> None:
    """Removes what killed builds of this folder left. Only for who knows that none is running."""
    for left in folder.parent.glob(f"{hidden_prefix(folder)}*"):
        shutil.rmtree(left, ignore_errors=True)


def hidden_prefix(folder: Path) -> str:
    return f".{folder.name}.building-"


def is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
