"""The supervisor, with programs that misbehave in every way."""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import processes
from config.processes import ProgramFailed, Supervisor
from tests.config.homes import eventually

SLEEP = "import time; time.sleep(60)"
#: Ignores every request to end, and so does the child it has.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGQUIT, signal.SIG_IGN)
child = os.fork()
if child:
    open(sys.argv[1], "w").write(f"{os.getpid()} {child}")
time.sleep(60)
"""


@dataclass(frozen=True)
class Script:
    """A program for the supervisor that is a few lines of Python."""

    name: str
    text: str
    argument: str = ""
    hurry: signal.Signals = signal.SIGQUIT

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", self.text, self.argument]

    @property
    def environment(self) -> dict[str, str]:
        return {"NAME": self.name}


@pytest.fixture
def supervise(tmp_path, monkeypatch):
    """Starts scripts under a supervisor that loses no time; `.said` is what it told."""
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.5)
    monkeypatch.setattr(processes, "HURRY_SECONDS", 0.5)
    monkeypatch.setattr(processes, "START_SECONDS", 1)
    started = []

    def start(*scripts: Script) -> Supervisor:
        said = []
        supervisor = Supervisor(scripts, folder=Path.cwd(), logs=tmp_path, say=said.append)
        supervisor.said = said
        started.append(supervisor)
        supervisor.start()
        return supervisor

    yield start
    for supervisor in started:
        supervisor.stop()


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_program_gets_its_environment_and_a_log(supervise, tmp_path):
    supervisor = supervise(Script("web", "import os; print(os.environ['NAME'])"))

    assert eventually(lambda: not supervisor.children[0].is_alive())
    assert (tmp_path / "web.log").read_text() == "web\n"


def test_a_program_that_ends_is_reported_and_started_again(supervise, tmp_path):
    supervisor = supervise(Script("web", "print('no memory left'); exit(3)"))
    child = supervisor.children[0]
    assert eventually(lambda: not child.is_alive())

    supervisor.look()

    assert supervisor.said == [
        f"web ended with exit code 3. Its log is {tmp_path}/web.log and ends:\n"
        "    no memory left\nStarting it again in 1 s."
    ]
    first = child.process.pid
    child.start_again_at = 0.1  # that second is over
    supervisor.look()
    assert child.process.pid != first


def test_a_program_that_was_killed_is_said_to_be_so(supervise, tmp_path):
    supervisor = supervise(Script("web", SLEEP))
    supervisor.children[0].process.kill()
    assert eventually(lambda: not supervisor.children[0].is_alive())

    supervisor.look()

    assert supervisor.said == [
        f"web ended by SIGKILL. Its log is {tmp_path}/web.log and ends:\nStarting it again in 1 s."
    ]


def test_a_program_that_ends_again_and_again_is_given_up(supervise):
    supervisor = supervise(Script("web", "exit('no settings')"))
    child = supervisor.children[0]

    with pytest.raises(ProgramFailed) as failure:
        while True:
            child.start_again_at = child.start_again_at and 0.1
            supervisor.look()

    assert failure.value.message.startswith(
        "Giving up after 5 tries: web ended with exit code 1. Its log is "
    )
    assert [sentence.splitlines()[-1] for sentence in supervisor.said] == [
        f"Starting it again in {seconds} s." for seconds in (1, 2, 4, 8)
    ]


def test_a_program_that_had_settled_starts_a_new_count(supervise, monkeypatch):
    monkeypatch.setattr(processes, "SETTLED_SECONDS", -1)
    supervisor = supervise(Script("web", "exit(1)"))
    child = supervisor.children[0]

    for _ in range(2 * processes.ENDS_IN_A_ROW):
        assert eventually(lambda: not child.is_alive())
        child.start_again_at = child.start_again_at and 0.1
        supervisor.look()

    assert child.ends == 1


def test_waiting_for_a_program_that_ends_fails_at_once(supervise, tmp_path):
    supervisor = supervise(Script("worker", SLEEP), Script("web", "exit('no settings')"))

    with pytest.raises(ProgramFailed) as failure:
        supervisor.wait_for("web", lambda: False)

    assert failure.value.message == (
        f"web ended with exit code 1. Its log is {tmp_path}/web.log and ends:\n    no settings"
    )


def test_waiting_for_a_program_that_never_gets_ready_ends(supervise, tmp_path):
    supervisor = supervise(Script("web", SLEEP))

    with pytest.raises(ProgramFailed) as failure:
        supervisor.wait_for("web", lambda: False)

    assert failure.value.message == f"web isn't ready after 1 s; see {tmp_path}/web.log."


def test_stop_leaves_nothing_of_a_program_that_will_not_end(supervise, tmp_path):
    pids = tmp_path / "pids"
    supervisor = supervise(Script("web", STUBBORN, str(pids)))
    assert eventually(lambda: pids.exists() and len(pids.read_text().split()) == 2)

    supervisor.stop()

    left = [int(pid) for pid in pids.read_text().split()]
    # Nobody can refuse the last signal, but who isn't our own child dies a moment after it.
    assert eventually(lambda: not any(is_alive(pid) for pid in left))


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    parent = os.fork()
    if not parent:
        supervisor = Supervisor([Script("web", SLEEP)], Path.cwd(), tmp_path, say=print)
        supervisor.start()
        (tmp_path / "pid").write_text(str(supervisor.children[0].process.pid))
        signal.pause()
    assert eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())

    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)

    assert eventually(lambda: not is_alive(int((tmp_path / "pid").read_text())))
