"""Where everything of an embedded server lies. Pure: nothing here is created or started."""

import os
import re
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

#: The kernel's limit for the path of a Unix socket, without the closing zero byte.
LONGEST_SOCKET_PATH = 107
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
DATABASE = USER = "pathos"
#: How often a keeper looks after its server and its users.
LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class Places:
    """The folders of one PATHOS_HOME; two homes share none."""

    home: Path

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def name(self) -> str:
        """A short name for this home, to tell its folders outside of it from another's."""
        return blake2b(os.fsencode(self.home), digest_size=8).hexdigest()

    @property
    def sockets(self) -> Path:
        """`run`, or a private folder in /tmp where `run` can't be named by a socket or a URL."""
        longest = len(os.fsencode(self.run / POSTGRES_SOCKET))
        if longest <= LONGEST_SOCKET_PATH and re.fullmatch(r"[\w./-]+", str(self.run), re.ASCII):
            return self.run
        return Path(f"/tmp/pathos-{os.geteuid()}-{self.name}")

    def lock(self, service: str, purpose: str) -> Path:
        return self.run / f"{service}.{purpose}.lock"

    def log_of(self, service: str) -> Path:
        return self.log / f"{service}.log"


@dataclass(frozen=True)
class Addresses:
    """How to reach the embedded servers: Django's DATABASES entry, and a redis-py URL."""

    database: dict[str, str]
    redis_url: str


@cache
def places_of(home: Path) -> Places:
    """The places of `home`, the same for every spelling of its path.

    Remembered: every request asks, and to resolve a path means a look at each folder on the way.
    """
    return Places(Path(home).expanduser().resolve())


def addresses(home: Path) -> Addresses:
    sockets = places_of(home).sockets
    database = {"NAME": DATABASE, "USER": USER, "HOST": str(sockets), "PASSWORD": "", "PORT": ""}
    return Addresses(database, f"unix://{sockets / REDIS_SOCKET}")
