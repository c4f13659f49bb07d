"""`manage.py up`, as a person has it: one command, one page, Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.config.homes import ROOT, environment_of, eventually, process_of, processes_of


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Up:
    """A running `manage.py up`."""

    def __init__(self, home, port: int):
        self.home, self.port = home, port
        self.output = home.parent / f"output-{port}"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(port)],
                cwd=ROOT,
                env=environment_of(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.output.read_text()

    def is_running(self) -> bool:
        """Has it said so? Ends early when it can't say any more."""
        line = f"Pathos runs at http://127.0.0.1:{self.port}/"
        eventually(lambda: line in self.said() or self.process.poll() is not None, seconds=120)
        return line in self.said()

    def status_of(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code


@pytest.fixture
def start_up(home):
    """Starts `manage.py up` in the home of the test: `start_up()` or `start_up(port)`."""
    home.parent.chmod(0o700)
    started = []

    def start(port: int | None = None) -> Up:
        started.append(Up(home, port or free_port()))
        return started[-1]

    yield start
    for up in started:
        up.process.kill()
        up.process.wait()


def test_up_runs_everything_until_ctrl_c_and_leaves_no_process(home, start_up):
    up = start_up()
    assert up.is_running(), up.said()
    assert up.status_of("/signin/") == 200

    # A second one in the same home would start every round twice.
    second = start_up()
    assert second.process.wait() == 1
    assert second.said() == (
        f"CommandError: Pathos already runs from {home}. Stop it first, or set PATHOS_HOME to "
        "another folder to run a second one beside it.\n"
    )

    beat = process_of(home, "celery -A config beat")
    os.kill(beat, signal.SIGKILL)
    assert eventually(lambda: "Starting it again in 1 s." in up.said())
    assert f"beat ended by SIGKILL. Its log is {home}/log/beat.log and ends:" in up.said()
    assert eventually(lambda: any("config beat" in text for text in processes_of(home).values()))

    up.process.send_signal(signal.SIGINT)
    assert up.process.wait() == 0
    assert processes_of(home) == {}
    assert up.said().endswith("\nStopping\nStopped.\n")


def test_a_killed_up_leaves_no_process(home, start_up):
    up = start_up()
    assert up.is_running(), up.said()

    up.process.kill()
    up.process.wait()

    assert eventually(lambda: processes_of(home) == {})


def test_a_port_in_use_is_said_before_anything_starts(home, start_up):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        up = start_up(port)
        assert up.process.wait() == 1

    assert up.said() == (
        f"CommandError: Port {port} on 127.0.0.1 is already in use. Stop the program that listens "
        f"there, or choose another port: manage.py up --port {port + 1} (make demo PORT={port + 1})."
        "\n"
    )
    assert not (home / "run" / "postgres.users.lock").exists()
