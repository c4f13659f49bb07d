"""The side of a process that uses the servers: say so, and see that they run."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from config.embedded import locks
from config.embedded.errors import EmbeddedError, with_log
from config.embedded.places import LOOK_EVERY_SECONDS, Places, places_of

SERVICES = ("postgres", "redis")
PROJECT = Path(__file__).resolve().parents[2]
#: Recovery after a power cut may take a minute; a server that needs longer needs a person.
PATIENCE_SECONDS = 150

#: By then a keeper has seen that its last user is gone, and its server isn't ready any more.
NOTICED_AFTER_SECONDS = 3 * LOOK_EVERY_SECONDS

#: Lock files this process keeps open until it ends; forked children inherit them, and so count.
_held: dict[Path, int] = {}


def ensure_running(home: Path, services: Sequence[str] = SERVICES) -> None:
    """Returns once the servers of `home` answer, started if need be; cheap when they do already.

    From then on they run at least as long as this process. Raises EmbeddedError.
    """
    places = places_of(home)
    for service in services:
        if not _is_ready(places, service):
            _bring_up(places, service)


def leave(home: Path, services: Sequence[str] = SERVICES) -> None:
    """Ends this process's use, and waits for the end of servers that nobody else uses."""
    places = places_of(home)
    held = [_held.pop(places.lock(service, "users"), None) for service in services]
    if not any(held):
        return
    for handle in filter(None, held):
        os.close(handle)
    time.sleep(NOTICED_AFTER_SECONDS)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for service in services:
        while (
            not locks.is_taken(places.lock(service, "ready"))
            and locks.is_taken(places.lock(service, "keeper"))
            and time.monotonic() < deadline
        ):
            time.sleep(0.03)


def _is_ready(places: Places, service: str) -> bool:
    """Only a process that holds its share of the users' lock may trust the answer."""
    users = places.lock(service, "users")
    if users not in _held or not locks.is_still_at(_held[users], users):
        return False
    return locks.is_taken(places.lock(service, "ready"))


def _bring_up(places: Places, service: str) -> None:
    try:
        _prepare(places)
        _join_users(places.lock(service, "users"))
        _wait_until_ready(places, service)
    except PermissionError as error:
        raise EmbeddedError(
            f"{error.filename} can't be written: {error.strerror}. PATHOS_HOME belongs to "
            "another user; run as that user, or set PATHOS_HOME to a folder of your own."
        ) from error


def _prepare(places: Places) -> None:
    if sys.platform != "linux":
        raise EmbeddedError(
            "The embedded PostgreSQL and Redis run on Linux only. Set DATABASE_URL and REDIS_URL "
            "to servers of your own, or start everything with docker compose."
        )
    for folder in (places.home, places.run, places.log, places.sockets):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Anybody may make a folder in /tmp: use the one there only if it is really ours alone.
    found = places.sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise EmbeddedError(
            f"The folder {places.sockets} for the servers' sockets isn't private to you. "
            "Remove it, or set PATHOS_HOME to another folder."
        )


def _join_users(users: Path) -> None:
    """Blocks while a keeper that found nobody left is still stopping its server."""
    if users not in _held or not locks.is_still_at(_held[users], users):
        _held[users] = locks.take(users, shared=True, wait=True)


def _wait_until_ready(places: Places, service: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _is_ready(places, service):
        keeper_lock = locks.take(places.lock(service, "keeper"))
        if keeper_lock is not None:
            _start_keeper(places, service, keeper_lock)
        elif time.monotonic() > deadline:
            log = places.log_of(service)
            raise with_log(f"{service} was not ready within {PATIENCE_SECONDS} seconds.", log)
        else:
            time.sleep(0.03)


def _start_keeper(places: Places, service: str, keeper_lock: int) -> None:
    """Hands the lock to a new keeper and waits until its server answers.

    The keeper closes its standard output when the server is ready or can't be; what it has
    written by then is what went wrong.
    """
    with open(places.log / "keeper.log", "ab") as log:
        keeper = subprocess.run(
            [
                sys.executable,
                "-m",
                "config.embedded.keeper",
                service,
                places.home,
                str(keeper_lock),
            ],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            pass_fds=[keeper_lock],
            start_new_session=True,
        )
    os.close(keeper_lock)
    if keeper.stdout or keeper.returncode:
        raise EmbeddedError(
            keeper.stdout.strip()
            or f"{service} could not be started; see {places.log / 'keeper.log'}."
        )
