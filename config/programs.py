"""The programs that together are Pathos. docker-compose.yml runs the very same words."""

import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from config.ports import as_address


@dataclass(frozen=True)
class Program:
    """One long-running process, as the supervisor needs to know it."""

    name: str
    #: As one would type it; the first word is a Python module with a `__main__`.
    words: list[str]
    #: On top of the environment of `up`.
    environment: dict[str, str] = field(default_factory=dict)
    #: Asks it to end at once. For Celery: hand unfinished tasks back to the queue.
    hurry: signal.Signals = signal.SIGQUIT

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", *self.words]


def everything(home: Path, host: str, port: int, mlflow_port: int | None) -> list[Program]:
    """What `manage.py up` runs."""
    programs = [
        web(as_address(host, port)),
        worker(),
        training_worker(),
        beat(home / "run" / "beat"),
    ]
    if mlflow_port:
        programs.append(mlflow(host, mlflow_port, home / "mlflow"))
    return programs


def web(address: str) -> Program:
    """Threads, because a request mostly waits for the database."""
    words = f"gunicorn config.wsgi --bind {address} --workers 2 --threads 8 --graceful-timeout 5"
    return Program("web", words.split())


def worker() -> Program:
    words = "celery -A config worker --queues default,routing --concurrency 2 --loglevel warning"
    return Program("worker", [*words.split(), "--hostname", "worker@%h"])


def training_worker() -> Program:
    """One run at a time, on all cores but one: the pages stay quick while a model learns."""
    words = "celery -A config worker --queues training --concurrency 1 --loglevel warning"
    threads = str(max(1, (os.cpu_count() or 1) - 1))
    return Program(
        "training-worker",
        [*words.split(), "--hostname", "training@%h"],
        {"OMP_NUM_THREADS": threads},
    )


def beat(schedule: Path) -> Program:
    words = f"celery -A config beat --loglevel warning --pidfile= --schedule {schedule}"
    return Program("beat", words.split(), hurry=signal.SIGTERM)


def mlflow(host: str, port: int, folder: Path) -> Program:
    words = (
        f"mlflow server --host {host} --port {port} "
        f"--backend-store-uri sqlite:///{folder}/mlflow.db --artifacts-destination {folder}/artifacts"
    )
    environment = {
        # Its own background jobs evaluate language models, which we have none of.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        # Nobody but the people who run Pathos learns what they do with it.
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
    return Program("mlflow", words.split(), environment, hurry=signal.SIGTERM)
