"""A small supervisor: starts programs, starts again what ends by itself, stops them all."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from config.children import last_lines, open_log, tied_to_parent
from config.programs import Program
from lib.errors import PathosError

#: A program that ran this long has settled: its next end is the first again.
SETTLED_SECONDS = 30
ENDS_IN_A_ROW = 5
START_SECONDS = 90
#: How long a program may take to finish what it is at, and then to drop it.
GRACE_SECONDS = 6
HURRY_SECONDS = 10


class ProgramFailed(PathosError):
    """A program that Pathos consists of can't be kept running."""

    status = 503
    code = "program_failed"


@dataclass
class Child:
    """A program that runs, or waits to be started again."""

    program: Program
    log: Path
    process: subprocess.Popen | None = None
    started: float = 0.0
    #: Since it last settled.
    ends: int = 0
    start_again_at: float = 0.0

    def start(self, folder: Path) -> None:
        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                self.program.command,
                cwd=folder,
                env={**os.environ, **self.program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Its own group: Ctrl-C reaches the supervisor alone, which then ends all in order.
                start_new_session=True,
                preexec_fn=tied_to_parent(self.program.hurry),
            )
        self.started = time.monotonic()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, sign: signal.Signals) -> None:
        if self.is_alive():
            self.process.send_signal(sign)

    def kill_group(self) -> None:
        """Ends whatever the program started and left behind, then the program itself."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def ending(self) -> str:
        """A sentence on how it ended, with the end of its log."""
        code = self.process.returncode
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        shown = "".join(f"\n    {line}" for line in last_lines(self.log))
        return f"{self.program.name} ended {how}. Its log is {self.log} and ends:{shown}"


@dataclass
class Supervisor:
    """Runs `programs` from `folder`; `say` gets a sentence about everything that happens."""

    programs: Iterable[Program]
    folder: Path
    logs: Path
    say: Callable[[str], None]
    children: list[Child] = field(init=False)

    def __post_init__(self):
        self.children = [Child(p, self.logs / f"{p.name}.log") for p in self.programs]

    def start(self) -> None:
        for child in self.children:
            child.start(self.folder)

    def wait_for(self, name: str, is_ready: Callable[[], bool]) -> None:
        """Returns when the program `name` is ready. Raises ProgramFailed if it ends before."""
        child = next(child for child in self.children if child.program.name == name)
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if not child.is_alive():
                raise ProgramFailed(child.ending())
            if time.monotonic() > deadline:
                raise ProgramFailed(f"{name} isn't ready after {START_SECONDS} s; see {child.log}.")
            time.sleep(0.1)

    def look(self) -> None:
        """Starts again what has ended, later each time. Raises ProgramFailed when it is no use."""
        now = time.monotonic()
        for child in self.children:
            if child.is_alive():
                continue
            if not child.start_again_at:
                self._plan_restart(child, now)
            elif now >= child.start_again_at:
                child.start_again_at = 0.0
                child.start(self.folder)

    def _plan_restart(self, child: Child, now: float) -> None:
        child.ends = 1 if now - child.started > SETTLED_SECONDS else child.ends + 1
        if child.ends >= ENDS_IN_A_ROW:
            raise ProgramFailed(f"Giving up after {child.ends} tries: {child.ending()}")
        wait = 2 ** (child.ends - 1)
        child.start_again_at = now + wait
        self.say(f"{child.ending()}\nStarting it again in {wait} s.")

    def stop(self) -> None:
        """Asks all to finish, then to hurry, then ends them; nothing of them is left."""
        for child in self.children:
            child.send(signal.SIGTERM)
        self._wait(GRACE_SECONDS)
        for child in self.children:
            child.send(child.program.hurry)
        self._wait(HURRY_SECONDS)
        for child in self.children:
            child.kill_group()

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while any(child.is_alive() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
