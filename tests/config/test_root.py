"""PostgreSQL refuses to be root. What root's servers run as, and where their files are then."""

import os
import shutil

import pytest

from config.embedded.places import places_of
from config.embedded.privileges import SHARED, WITHOUT_NAMESPACES
from tests.config.homes import UserProcess, connect, eventually, process_of, processes_of

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another footing")
SERVER = "bin/postgres -D"


@pytest.fixture
def elsewhere(fresh_home):
    """Where the data of `home` is when root's kernel allows no user namespaces."""
    yield SHARED / places_of(fresh_home).name
    shutil.rmtree(SHARED / places_of(fresh_home).name, ignore_errors=True)


def owner_of_process(pid: int) -> int:
    return os.stat(f"/proc/{pid}").st_uid


def test_without_namespaces_the_server_runs_as_nobody_outside_a_home_it_may_not_enter(
    fresh_home, elsewhere, use
):
    fresh_home.parent.chmod(0o700)

    user = use(fresh_home, **{WITHOUT_NAMESPACES: "1"})

    with connect(fresh_home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        assert connection.execute("SHOW data_directory").fetchone() == (f"{elsewhere}/postgres",)
    assert owner_of_process(process_of(fresh_home, SERVER)) == 65534
    assert fresh_home.parent.stat().st_mode & 0o777 == 0o700
    assert not (fresh_home / "postgres").exists()
    user.leave()


def test_data_of_nobody_is_found_again_when_namespaces_are_allowed(fresh_home, elsewhere, use):
    user = use(fresh_home, **{WITHOUT_NAMESPACES: "1"})
    with connect(fresh_home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    user.leave()
    assert eventually(lambda: not processes_of(fresh_home))

    use(fresh_home)

    with connect(fresh_home) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_data_in_a_home_is_never_replaced_by_an_empty_database_elsewhere(home):
    complaint = UserProcess(home, **{WITHOUT_NAMESPACES: "1"}).complaint()

    assert complaint == (
        f"The database in {home}/postgres was made in a user namespace, and such are not allowed "
        "any more. Allow them (sysctl user.max_user_namespaces), or set DATABASE_URL.\n"
    )
    assert not (SHARED / places_of(home).name).exists()


def test_a_home_inside_another_users_private_folder_works(home, use):
    private = home.parent / "private"
    private.mkdir(mode=0o700)
    os.chown(private, 1234, 1234)
    inner = private / "var"
    shared = SHARED / places_of(inner).name

    user = use(inner)
    try:
        with connect(inner) as connection:
            connection.execute("SELECT 1")
        assert private.stat().st_mode & 0o777 == 0o700
    finally:
        user.leave()
        assert eventually(lambda: not processes_of(inner))
        shutil.rmtree(shared, ignore_errors=True)


def test_a_database_of_another_user_is_left_alone(home):
    os.chown(home / "postgres", 1234, 1234)

    complaint = UserProcess(home).complaint()

    assert complaint == (
        f"The database in {home}/postgres belongs to user number 1234, and PostgreSQL runs only "
        "as its owner. Run as that user, or set PATHOS_HOME to another folder.\n"
    )
