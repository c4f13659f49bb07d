"""Processes that use a home, and a look at what is left of them afterwards."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from config import embedded

ROOT = Path(__file__).resolve().parents[2]
#: Uses the servers of a home from its start until its standard input ends; at every line it reads
#: it asks for them again.
USER = """
import sys
from config import embedded
from lib.errors import PathosError

line = "first"
while line:
    try:
        embedded.ensure_running(sys.argv[1])
    except PathosError as error:
        sys.exit(error.message)
    print("ready", flush=True)
    line = sys.stdin.readline()
"""


def environment_of(home: Path, **extra: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return {**kept, "PATHOS_HOME": str(home), **extra}


def processes_of(home: Path) -> dict[int, str]:
    """Living processes that were told of `home`: command line by process id."""
    mark = f"PATHOS_HOME={home}".encode()
    # Redis writes its title over its environment.
    socket = embedded.addresses(home).redis_url.removeprefix("unix://")
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = mark in (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        # One that has ended, but was not yet reaped, has no command line.
        if command and (is_ours or socket in command):
            found[int(folder.name)] = command
    return found


def process_of(home: Path, part: str) -> int:
    """The id of the one process of `home` whose command line contains `part`."""
    found = [pid for pid, command in processes_of(home).items() if part in command]
    assert len(found) == 1, processes_of(home)
    return found[0]


def eventually(happened, seconds: float = 40) -> bool:
    """Did it happen? Waits for it no longer than it may take on the slowest machine."""
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(happened())


def connect(home: Path) -> psycopg.Connection:
    database = embedded.addresses(home).database
    return psycopg.connect(
        host=database["HOST"], user=database["USER"], dbname=database["NAME"], autocommit=True
    )


class UserProcess:
    """A process that uses the servers of a home."""

    def __init__(self, home: Path, **extra: str):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(home)],
            cwd=ROOT,
            env=environment_of(home, **extra),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def is_ready(self) -> bool:
        return self.process.stdout.readline() == "ready\n"

    def asks_again(self) -> bool:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.is_ready()

    def leave(self) -> None:
        self.process.stdin.close()
        self.process.wait()

    def complaint(self) -> str:
        return self.process.communicate()[1]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
