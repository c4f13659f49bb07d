"""What PostgreSQL and Redis have in common as processes that a keeper starts and stops."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from config.children import open_log, tied_to_parent
from config.embedded import locks
from config.embedded.errors import EmbeddedError, with_log
from config.embedded.places import Places


class Server:
    """One server process of one home. A subclass says how to run it and when it answers."""

    name: str
    #: What to send so that it ends by itself, and for how many seconds to wait, gentlest first.
    goodbyes: tuple[tuple[signal.Signals, float], ...]
    #: Sent by the kernel should the keeper be killed.
    orphaned = signal.SIGTERM
    start_seconds = 120

    def __init__(self, places: Places):
        self.places = places
        self.log = places.log_of(self.name)
        self.process: subprocess.Popen | None = None

    def prepare(self) -> None:
        """Makes what the server needs before it can start; no other process of it lives."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def become(self) -> None:
        """Runs in the new process just before the server does, to change whom it runs as."""

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Blocks until the server answers. Raises EmbeddedError with the end of the log."""
        lock = self._wait_for_ancestors()
        try:
            self.prepare()
            with open_log(self.log) as log:
                self.process = self.popen(
                    self.command(), stdout=log, stderr=log, pass_fds=[lock], orphaned=self.orphaned
                )
        except OSError as error:
            raise EmbeddedError(f"{self.name} can't be started: {error}.") from error
        finally:
            os.close(lock)
        self._wait_for_answer()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait(self, seconds: float) -> None:
        """Returns after these seconds, or as soon as the server has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)

    def stop(self) -> None:
        for goodbye, seconds in self.goodbyes:
            if not self.is_alive():
                return
            self.process.send_signal(goodbye)
            _wait(lambda: not self.is_alive(), seconds)

    def kill(self) -> None:
        """For a server whose files are gone: there is nothing left to put in order."""
        if self.is_alive():
            self.process.kill()
            self.process.wait()

    def popen(
        self, command: list[str], *, orphaned: signal.Signals = signal.SIGKILL, **options
    ) -> subprocess.Popen:
        """Starts a program of the server; it gets the signal `orphaned` when the keeper dies."""
        environment = {"LC_ALL": "C", "PATH": os.defpath, "PATHOS_HOME": str(self.places.home)}
        options = {"stdin": subprocess.DEVNULL, "cwd": "/", "env": environment} | options
        words = [str(word) for word in command]
        return subprocess.Popen(words, preexec_fn=tied_to_parent(orphaned, self.become), **options)

    def _wait_for_ancestors(self) -> int:
        """The lock that every process of the server inherits, so no two generations overlap.

        Without it a server's own check for a stale pid file would have to guess.
        """
        path = self.places.lock(self.name, "process")
        lock = _wait(lambda: locks.take(path), seconds=30)
        if lock is None:
            raise with_log(f"An earlier {self.name} of {self.places.home} has not ended.", self.log)
        return lock

    def _wait_for_answer(self) -> None:
        if _wait(lambda: not self.is_alive() or self.answers(), self.start_seconds):
            if self.is_alive():
                return
            raise with_log(f"{self.name} ended while it was starting.", self.log)
        raise with_log(f"{self.name} gave no answer for {self.start_seconds} seconds.", self.log)


def _wait(answer: Callable[[], Any], seconds: float) -> Any:
    """The first true answer, or the last false one when time is over."""
    deadline = time.monotonic() + seconds
    while not (found := answer()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def program(package: str, path: str) -> Path:
    """A program inside an installed wheel, found without importing the wheel's Python code."""
    spec = find_spec(package)
    if spec is None:
        raise EmbeddedError(
            f"The Python package {package} with the embedded server isn't installed. "
            "Run 'pip install -r requirements.txt', or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent / path
