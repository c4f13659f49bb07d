"""The embedded servers: who starts them, who ends them, and what no accident can do to them."""

import os
import shutil
import signal
import subprocess
import sys

import pytest
import redis

from config import embedded
from tests.config.homes import (
    ROOT,
    UserProcess,
    connect,
    environment_of,
    eventually,
    process_of,
    processes_of,
)

POSTGRES = "bin/postgres -D"
POSTGRES_KEEPER = "config.embedded.keeper postgres"


def is_quiet(home) -> bool:
    return eventually(lambda: not processes_of(home))


def another(part: str, home, server: int) -> bool:
    """Has a new server taken the place of the process `server`?"""
    return any(part in text for pid, text in processes_of(home).items() if pid != server)


def test_first_use_makes_a_database_that_keeps_what_it_acknowledges(fresh_home, use):
    use(fresh_home)

    with connect(fresh_home) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("server_encoding", "fsync", "synchronous_commit", "full_page_writes")
        }
    assert shown == {
        "server_encoding": "UTF8",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    }


def test_the_servers_listen_on_sockets_only_the_owner_can_reach(home, use):
    use(home)

    with connect(home) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    client = redis.from_url(embedded.addresses(home).redis_url)
    assert client.config_get("port") == {"port": "0"}
    assert (home / "run").stat().st_mode & 0o077 == 0


def test_the_last_process_to_leave_ends_the_servers(home, use):
    ada, ben = use(home), use(home)

    ada.leave()
    assert ben.asks_again()
    with connect(home) as connection:
        connection.execute("SELECT 1")

    ben.leave()
    assert is_quiet(home)


def test_a_killed_user_counts_as_gone(home, use):
    use(home).kill()

    assert is_quiet(home)


def test_what_was_stored_is_there_after_the_next_start(home, use):
    user = use(home)
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    redis.from_url(embedded.addresses(home).redis_url).rpush("queue", "task")
    user.leave()
    assert is_quiet(home)

    use(home)

    with connect(home) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]
    assert redis.from_url(embedded.addresses(home).redis_url).lrange("queue", 0, -1) == [b"task"]


def test_a_killed_keeper_takes_its_server_along_and_the_next_question_starts_both_again(home, use):
    user = use(home)
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server = process_of(home, POSTGRES)

    os.kill(process_of(home, POSTGRES_KEEPER), signal.SIGKILL)
    assert eventually(lambda: server not in processes_of(home))
    assert user.asks_again()

    with connect(home) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_a_killed_database_is_started_again_with_all_it_had(home, use):
    user = use(home)
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server = process_of(home, POSTGRES)

    os.kill(server, signal.SIGKILL)
    assert eventually(lambda: another(POSTGRES, home, server))
    assert user.asks_again()

    with connect(home) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_a_killed_redis_is_started_again_with_its_queue(home, use):
    user = use(home)
    client = redis.from_url(embedded.addresses(home).redis_url)
    client.rpush("queue", "task")
    # Written within a second; what a crash may cost is that second.
    assert eventually(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    server = process_of(home, "redis-server")

    os.kill(server, signal.SIGKILL)
    assert eventually(lambda: another("redis-server", home, server))
    assert user.asks_again()

    assert client.lrange("queue", 0, -1) == [b"task"]


def test_two_homes_do_not_disturb_each_other(make_home, use):
    ours, theirs = make_home(), make_home()
    us, them = use(ours), use(theirs)
    with connect(ours) as connection:
        connection.execute("CREATE TABLE only_here (number int)")

    with connect(theirs) as connection:
        assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)

    them.leave()
    assert is_quiet(theirs)
    assert us.asks_again()
    with connect(ours) as connection:
        connection.execute("SELECT * FROM only_here")


def test_many_that_come_at_once_share_one_server(fresh_home):
    users = [UserProcess(fresh_home) for _ in range(5)]
    try:
        assert [user.is_ready() for user in users] == [True] * 5
        process_of(fresh_home, POSTGRES)
        process_of(fresh_home, "redis-server")
    finally:
        for user in users:
            user.leave()


def test_one_that_comes_while_the_servers_are_ending_gets_new_ones(home, use):
    use(home).leave()

    for _ in range(3):
        user = use(home)
        with connect(home) as connection:
            connection.execute("SELECT 1")
        user.leave()


@pytest.mark.parametrize(
    "name",
    [
        "a" * 200,  # longer than the kernel allows the path of a socket to be
        "with a space & more",  # would have to be escaped in a URL
        "fühlen",
    ],
)
def test_any_path_can_be_a_home(name, make_home, use):
    home = make_home(name)
    use(home)

    with connect(home) as connection:
        connection.execute("SELECT 1")
    redis.from_url(embedded.addresses(home).redis_url).ping()
    sockets = embedded.places.places_of(home).sockets
    assert sockets.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(sockets)


def test_sockets_in_a_folder_that_others_can_enter_are_refused(make_home):
    home = make_home("a" * 200)
    sockets = embedded.places.places_of(home).sockets
    sockets.mkdir(mode=0o755)
    try:
        complaint = UserProcess(home).complaint()
    finally:
        sockets.rmdir()

    assert complaint == (
        f"The folder {sockets} for the servers' sockets isn't private to you. "
        "Remove it, or set PATHOS_HOME to another folder.\n"
    )


def test_no_permission_outside_the_home_changes(home, use):
    private = home.parent / "private"
    private.mkdir(mode=0o700)
    inner = private / "clone" / "var"
    folders = [*inner.parents]
    inner.parent.mkdir(mode=0o750)
    before = {folder: folder.stat().st_mode for folder in folders}

    user = use(inner)
    assert {folder: folder.stat().st_mode for folder in folders} == before
    user.leave()
    assert is_quiet(inner)
    assert {folder: folder.stat().st_mode for folder in folders} == before


def test_a_pid_file_whose_number_another_program_has_now_is_no_obstacle(home, use):
    use(home).leave()
    assert is_quiet(home)
    lines = [str(os.getpid()), str(home / "postgres"), "1", "5432", str(home / "run"), "", "0 0"]
    (home / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    (home / "run" / ".s.PGSQL.5432.lock").write_text("\n".join(lines) + "\n")

    use(home)


def test_servers_whose_home_was_removed_end(home, use):
    user = use(home)

    shutil.rmtree(home)

    assert eventually(lambda: list(processes_of(home)) == [user.process.pid])


def test_a_database_that_cannot_start_says_why_and_where_its_log_is(home, use):
    use(home).leave()
    assert is_quiet(home)
    (home / "postgres" / "PG_VERSION").write_text("12\n")

    complaint = UserProcess(home).complaint()

    assert complaint.startswith(
        f"postgres ended while it was starting. Its log is {home}/log/postgres.log, and ends:\n"
    )
    assert "database files are incompatible with server" in complaint


def test_a_command_on_servers_of_its_own_starts_none(make_home, use):
    ours, theirs = make_home(), make_home()
    use(theirs)
    elsewhere = embedded.addresses(theirs)
    folder = elsewhere.database["HOST"].replace("/", "%2F")
    environment = environment_of(
        ours,
        DATABASE_URL=f"postgresql://pathos@{folder}/pathos",
        REDIS_URL=elsewhere.redis_url,
        PATHOS_SECRET_KEY="secret",
    )

    command = [sys.executable, "manage.py", "showmigrations", "contenttypes"]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert answer.stdout.startswith("contenttypes\n [ ] 0001_initial\n"), answer.stderr
    assert not (ours / "run").exists()
