"""Network addresses: is one free to listen on, and does a web server answer there?"""

import errno
import socket
import urllib.error
import urllib.request

from lib.errors import Conflict, PathosError

#: Listening on these means every address of the machine; one asks for it at this one.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def as_address(host: str, port: int) -> str:
    """`host:port`, with the brackets that a numeric IPv6 address needs."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def require_free(host: str, port: int) -> None:
    """Raises PathosError, with the way out, where nobody can start to listen."""
    if not 0 < port < 65536:  # a resolver would wrap it around
        raise PathosError(f"{port} is no port: those go from 1 to 65535.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise _refusal(host, port, error) from error


def _refusal(host: str, port: int, error: OSError) -> PathosError:
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            f"Port {port} on {host} is already in use. Stop the program that listens there, or "
            f"choose another port: manage.py up --port {port + 1} (make demo PORT={port + 1})."
        )
    if isinstance(error, PermissionError):
        return PathosError(f"Only root may listen on port {port}. Choose one above 1023.")
    return PathosError(f"It isn't possible to listen on {as_address(host, port)}: {error}.")


def answers(host: str, port: int) -> bool:
    """Does a web server answer, be it with an error page?"""
    url = f"http://{as_address(EVERYWHERE.get(host, host), port)}/"
    try:
        with urllib.request.build_opener(_NoProxy, _NoRedirect).open(url, timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


class _NoProxy(urllib.request.ProxyHandler):
    def __init__(self):
        super().__init__({})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer already."""

    def redirect_request(self, *_):
        return None
