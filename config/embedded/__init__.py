"""PostgreSQL and Redis on this machine, for people who have neither.

The servers come out of Python wheels, keep everything below PATHOS_HOME and listen on Unix sockets
only. They run as long as anybody uses them:

- a process that uses a server holds a shared lock on `run/<server>.users.lock` until it ends;
- a small detached *keeper* starts the server, starts it again should it die, and asks for the
  same lock exclusively: the day it gets it, nobody is left, and it stops the server and goes.

All counting is done by the kernel, so a process that is killed leaves nothing to clean up.
"""

from config.embedded.places import Addresses, addresses
from config.embedded.users import ensure_running, leave

__all__ = ["Addresses", "addresses", "ensure_running", "leave"]
