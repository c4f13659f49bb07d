"""Snapshots for the training tests: one to read, and a fresh copy for whoever changes it."""

import shutil

import pytest
import torch

from tests.training.snapshot_factory import write_snapshot


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Toy tensors gain nothing from more, and lose much on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def snapshot_folder(tmp_path_factory):
    """A snapshot of 400 posts; treat it as read-only."""
    return write_snapshot(tmp_path_factory.mktemp("snapshots") / "toy")


@pytest.fixture
def own_snapshot(snapshot_folder, tmp_path):
    """A copy that a test may damage."""
    return shutil.copytree(snapshot_folder, tmp_path / "snapshot")
