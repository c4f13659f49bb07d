import shutil
import tempfile
from pathlib import Path

import pytest

from tests.config.homes import UserProcess, eventually, processes_of


@pytest.fixture
def make_home():
    """Makes homes; at the end of the test nothing may run in them any more."""
    homes = []

    def make(name: str = "home") -> Path:
        # Short, because the path of a socket must be.
        homes.append(Path(tempfile.mkdtemp(prefix="pathos-test-")) / name)
        return homes[-1]

    yield make
    left = [home for home in homes if not eventually(lambda home=home: not processes_of(home))]
    for home in homes:
        shutil.rmtree(home.parent)
    assert left == []


@pytest.fixture
def home(make_home):
    return make_home()


@pytest.fixture
def use(make_home):
    """Starts a process that uses a home: `use(home)` returns once the servers answer there."""
    started = []

    def start(home: Path, **extra: str) -> UserProcess:
        started.append(UserProcess(home, **extra))
        assert started[-1].is_ready(), started[-1].complaint()
        return started[-1]

    yield start
    for user in started:
        user.kill()
