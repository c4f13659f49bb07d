import shutil
import tempfile
from pathlib import Path

import pytest

from tests.config.homes import UserProcess, eventually, processes_of


def make_folder() -> Path:
    # Short, because the path of a socket must be.
    return Path(tempfile.mkdtemp(prefix="pathos-test-"))


@pytest.fixture(scope="session")
def empty_database():
    """The files of a database that was started once; a copy of them saves making them anew."""
    home = make_folder() / "home"
    user = UserProcess(home)
    assert user.is_ready(), user.complaint()
    user.leave()
    assert eventually(lambda: not processes_of(home))
    yield home / "postgres"
    shutil.rmtree(home.parent)


@pytest.fixture
def make_home(empty_database):
    """Makes homes, `fresh` ones without a database; in the end nothing may run in any."""
    homes = []

    def make(name: str = "home", *, fresh: bool = False) -> Path:
        homes.append(make_folder() / name)
        if not fresh:
            homes[-1].mkdir(mode=0o700)
            shutil.copytree(empty_database, homes[-1] / "postgres")
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
def fresh_home(make_home):
    return make_home(fresh=True)


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
