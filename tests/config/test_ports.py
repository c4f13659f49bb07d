"""Whether one can listen somewhere, said in a sentence where not."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config import ports
from lib.errors import PathosError


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1:80"), ("localhost", "localhost:80"), ("::1", "[::1]:80")],
)
def test_an_address_can_be_put_into_a_url(host, address):
    assert ports.as_address(host, 80) == address


def test_a_free_port_is_nothing_to_complain_of():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    ports.require_free("127.0.0.1", port)


def test_a_taken_port_names_the_way_out(taken_port):
    with pytest.raises(PathosError) as refusal:
        ports.require_free("127.0.0.1", taken_port)

    assert refusal.value.message == (
        f"Port {taken_port} on 127.0.0.1 is already in use. Stop the program that listens there, "
        f"or choose another port: manage.py up --port {taken_port + 1} "
        f"(make demo PORT={taken_port + 1})."
    )


@pytest.mark.parametrize(
    ("host", "port", "start"),
    [
        ("127.0.0.1", 70000, "70000 is no port: those go from 1 to 65535."),
        ("127.0.0.1", 0, "0 is no port: those go from 1 to 65535."),
        ("203.0.113.7", 8000, "It isn't possible to listen on 203.0.113.7:8000: "),  # not ours
        ("no such host", 8000, "It isn't possible to listen on no such host:8000: "),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_a_sentence(host, port, start):
    with pytest.raises(PathosError) as refusal:
        ports.require_free(host, port)

    assert refusal.value.message.startswith(start)


class Teapot(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(418)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_an_error_page_is_an_answer_too():
    with HTTPServer(("127.0.0.1", 0), Teapot) as server:
        threading.Thread(target=server.handle_request).start()
        assert ports.answers("0.0.0.0", server.server_port)


def test_silence_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert not ports.answers("127.0.0.1", port)
