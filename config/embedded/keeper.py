"""A small process that starts one server, keeps it running, and stops it when nobody is left.

Started by `users.py` as `python -m config.embedded.keeper SERVICE HOME LOCK`, where LOCK is the
number of the open file that holds the keeper's lock. Plain Python, without Django.
"""

import os
import signal
import sys
import time
from pathlib import Path

from config.embedded import locks
from config.embedded.errors import EmbeddedError, with_log
from config.embedded.places import LOOK_EVERY_SECONDS, places_of
from config.embedded.postgres import Postgres
from config.embedded.redis import Redis
from config.embedded.server import Server

SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "redis": Redis}
DEATHS_IN_A_ROW = 5
#: A server that ran this long has recovered: its next death is the first again.
STEADY_SECONDS = 30


class Stopped(Exception):
    """SIGTERM: the machine goes down, or somebody wants the server to end now."""


class Keeper:
    """Holds the keeper's lock from its first to its last breath, and the ready lock in between."""

    def __init__(self, server: Server, lock: int):
        self.server = server
        self.lock = lock
        self.ready: int | None = None
        self.deaths = 0

    def run(self) -> None:
        try:
            self.start()
            _close_output()
            while self.is_wanted():
                if not self.server.is_alive():
                    self.revive()
                self.server.wait(LOOK_EVERY_SECONDS)
        finally:
            self.leave_ready()
            self.server.stop() if self.has_home() else self.server.kill()

    def start(self) -> None:
        self.server.start()
        self.since = time.monotonic()
        self.ready = locks.take(self.path("ready"), wait=True)

    def is_wanted(self) -> bool:
        """False once nobody uses the server, or its home was removed.

        The users' lock is then kept until this process ends, so that newcomers wait for the end.
        """
        return self.has_home() and locks.take(self.path("users")) is None

    def has_home(self) -> bool:
        return locks.is_still_at(self.lock, self.path("keeper"))

    def revive(self) -> None:
        self.leave_ready()
        is_first = time.monotonic() - self.since > STEADY_SECONDS
        self.deaths = 1 if is_first else self.deaths + 1
        if self.deaths > DEATHS_IN_A_ROW:
            sentence = f"{self.server.name} ended {self.deaths} times in a row and was given up."
            raise with_log(sentence, self.server.log)
        time.sleep(0.1 * 2**self.deaths)
        self.start()

    def leave_ready(self) -> None:
        if self.ready is not None:
            os.close(self.ready)
            self.ready = None

    def path(self, purpose: str) -> Path:
        return self.server.places.lock(self.server.name, purpose)


def main(service: str, home: str, lock: str) -> None:
    _detach()
    try:
        Keeper(SERVERS[service](places_of(Path(home))), int(lock)).run()
    except Stopped:
        pass
    except EmbeddedError as error:
        _complain(error.message)


def _detach() -> None:
    """Leaves the process that started us, and its terminal, behind."""
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _raise_stopped)


def _raise_stopped(*_) -> None:
    # Once is enough: a second signal must not cut the orderly end short.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def _close_output() -> None:
    """Tells the process that waits for us that it can go on."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def _complain(sentence: str) -> None:
    print(time.strftime("%Y-%m-%d %H:%M:%S"), sentence, file=sys.stderr, flush=True)
    try:
        print(sentence, flush=True)
    except BrokenPipeError:
        _close_output()


if __name__ == "__main__":
    main(*sys.argv[1:])
