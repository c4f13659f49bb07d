"""Everything on one machine, until Ctrl-C."""

import contextlib
import io
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config import embedded, programs
from config.embedded import locks
from config.ports import answers, as_address, require_free
from config.processes import Supervisor
from lib.commands import PathosCommand
from lib.errors import Conflict

LOOK_EVERY_SECONDS = 0.3


class Command(PathosCommand):
    help = "Starts everything on this machine: databases, web server, workers. Ctrl-C stops it."
    needs_tables = False

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="load the demo campaign first")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--mlflow-port", type=int, help="show MLflow's pages there, too")

    def handle(self, *, demo, host, port, mlflow_port, **_):
        _let_goodbyes(signal.default_int_handler)
        try:
            with _alone_in(settings.PATHOS_HOME):
                for wanted in filter(None, (port, mlflow_port)):
                    require_free(host, wanted)
                log_ins = self.prepare(demo)
                self.run(host, port, mlflow_port, log_ins)
        except KeyboardInterrupt:
            self.say("Stopped.")
        finally:
            _let_goodbyes(signal.SIG_IGN)
            embedded.leave(settings.PATHOS_HOME, settings.EMBEDDED)

    def prepare(self, demo: bool) -> str:
        """Servers, tables, static files, demo campaign. Returns what the demo says of log-ins."""
        if settings.EMBEDDED:
            self.say(f"Starting {' and '.join(settings.EMBEDDED)} in {settings.PATHOS_HOME}")
            embedded.ensure_running(settings.PATHOS_HOME, settings.EMBEDDED)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        log_ins = io.StringIO()
        if demo:
            self.say("Loading the demo campaign")
            call_command("load_demo", stdout=log_ins)
        connection.close_pool()
        return log_ins.getvalue()

    def run(self, host: str, port: int, mlflow_port: int | None, log_ins: str) -> None:
        """Starts all programs, waits for the first page, and watches them until Ctrl-C."""
        supervisor = Supervisor(
            programs.everything(settings.PATHOS_HOME, host, port, mlflow_port),
            folder=settings.BASE_DIR,
            logs=settings.PATHOS_HOME / "log",
            say=self.say,
        )
        try:
            supervisor.start()
            supervisor.wait_for("web", lambda: answers(host, port))
            self.say(f"\nPathos runs at http://{as_address(host, port)}/\n{log_ins}")
            self.say(f"Ctrl-C stops it. Its logs are in {supervisor.logs}.")
            while True:
                time.sleep(LOOK_EVERY_SECONDS)
                supervisor.look()
        finally:
            _let_goodbyes(signal.SIG_IGN)
            self.say("\nStopping")
            supervisor.stop()

    def say(self, sentence: str) -> None:
        # A terminal that was closed must not keep us from stopping in good order.
        with contextlib.suppress(OSError):
            self.stdout.write(sentence)
            self.stdout.flush()


def _let_goodbyes(do: Callable | signal.Handlers) -> None:
    """Every way to say goodbye is Ctrl-C, until the end has begun.

    The end takes seconds, and a second Ctrl-C must not leave half of it undone.
    """
    for goodbye in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(goodbye, do)


@contextlib.contextmanager
def _alone_in(home: Path):
    """Two beats on one queue would start every round twice."""
    (home / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = locks.take(home / "run" / "up.lock")
    if lock is None:
        raise Conflict(
            f"Pathos already runs from {home}. Stop it first, or set PATHOS_HOME to another "
            "folder to run a second one beside it."
        )
    try:
        yield
    finally:
        os.close(lock)
