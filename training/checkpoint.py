"""What a run needs to go on where it stopped: one dict in one file."""

import os
from pathlib import Path

import torch

from training.errors import CheckpointError


def save_checkpoint(path: Path, state: dict) -> None:
    """Write `state` so that `path` always holds a whole checkpoint, even if this is cut short."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def load_checkpoint(path: Path, *, identity: dict) -> dict | None:
    """The state at `path`, None if there is none; CheckpointError if it is of another run."""
    if not path.is_file():
        return None
    state = torch.load(path, weights_only=True)
    differing = [name for name in identity if state["identity"].get(name) != identity[name]]
    if differing:
        raise CheckpointError(
            f"{path} belongs to a run with another {' and '.join(differing)}: train into another "
            "folder, or delete that file to start over."
        )
    return state
