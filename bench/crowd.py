"""Many raters at once from one thread, so that the driver takes little from what it measures."""

import json
import random
import selectors
import socket
import time

PICKS = ["entertained", "informed", "touched"]


class Rater:
    """One connection that is kept open: claims a post, then submits and takes the next, and so on."""

    def __init__(self, port: int, token: str, seed: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"Host: localhost\r\nAuthorization: Token {token}\r\n"
        self.rng = random.Random(seed)
        self.begun = 0.0
        self.done: list[tuple[float, float]] = []  # (when, seconds)

    def claim(self) -> None:
        self.post("/api/v1/campaigns/loop/assignments/", {})

    def submit(self, assignment: int) -> None:
        answer = {
            "picks": self.rng.sample(PICKS, 2),
            "seconds": 1.0,
            "idempotency_key": str(assignment),
            "next": True,
        }
        self.post(f"/api/v1/assignments/{assignment}/judgement/", answer)

    def post(self, path: str, body: dict) -> None:
        text = json.dumps(body)
        head = f"{self.head}Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
        self.begun = time.perf_counter()
        self.socket.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n{text}".encode())

    def hear(self) -> dict | None:
        """The assignment in the answer; None when nothing is left."""
        status, body = self._read()
        now = time.perf_counter()
        if status >= 300:
            raise RuntimeError(f"{status} {body[:300]!r}")
        answer = json.loads(body)
        if "assignments" in answer:
            return next(iter(answer["assignments"]), None)
        self.done.append((now, now - self.begun))
        return answer["next"]

    def _read(self) -> tuple[int, bytes]:
        head, _, body = self.socket.recv(65536).partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += self.socket.recv(65536)
        return status, body


def work(raters: list[Rater], until: float) -> None:
    """All of them judge as fast as they are answered, to the moment `until` of the clock."""
    with selectors.DefaultSelector() as answers:
        for rater in raters:
            answers.register(rater.socket, selectors.EVENT_READ, rater)
            rater.claim()
        while answers.get_map():
            for key, _ in answers.select(timeout=30):
                rater = key.data
                waiting = rater.hear()
                if waiting and time.perf_counter() < until:
                    rater.submit(waiting["id"])
                else:
                    answers.unregister(rater.socket)
