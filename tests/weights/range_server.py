"""A server of byte ranges on this machine, slow and faulty on demand."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Behaviour:
    """What a server does; a fault happens at every so many requests for data, never at 0."""

    root: Path
    latency: float = 0.0
    """In seconds."""
    ignores_range: bool = False
    unavailable: int = 0
    """Answers with `status` and Retry-After."""
    status: int = 503
    retry_after: str = "0"
    cuts: int = 0
    """Sends half of the body, and closes the connection."""
    wrong_range: int = 0
    """Says that it sends other bytes than it was asked for."""
    not_satisfiable: int = 0
    nameless_range: int = 0
    """206 without Content-Range."""
    encodes: int = 0
    """Says that the body is compressed."""
    excess: int = 0
    """Sends a hundred bytes more than it says."""
    drips: int = 0
    """In bytes: sends so many at a time, with a pause in between."""
    at_most: int = 1 << 60
    """In bytes: no answer is longer."""
    etag: str = '"1"'
    changes_at: int = 0
    """From this request on it is another file."""
    redirects_to: str | None = None
    """The start of another server's addresses."""
    expires: int = 0
    """A signed address answers 403 once it has been used so often."""
    uses: dict[str, int] = field(default_factory=dict)
    """Of each signed address."""
    requests: int = 0
    nbytes: int = 0
    """Sent as bodies."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each request, with lower-case names."""
    answers: dict[str, object] = field(default_factory=dict)
    """JSON by path."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # Else each request takes 40 ms.
    behaviour: ClassVar[Behaviour]
    lock: ClassVar[threading.Lock]

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        state, path = self.behaviour, self.path.partition("?")[0]
        with self.lock:
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            if path not in state.answers:
                state.requests += 1
            number = state.requests
        time.sleep(state.latency)
        if path in state.answers:
            self.answer(200, json.dumps(state.answers[path]).encode())
        elif state.redirects_to is not None:
            name = path.rpartition("/")[2]
            self.answer(302, b"", Location=f"{state.redirects_to}/{name}?signature={number}")
        elif _falls_on(state.unavailable, number):
            self.answer(state.status, b"", **{"Retry-After": state.retry_after})
        elif self.has_expired(state):
            self.answer(403, b"")
        else:
            self.send_file(state, state.root / path.rpartition("/")[2], number)

    def has_expired(self, state: Behaviour) -> bool:
        with self.lock:
            used = state.uses[self.path] = state.uses.get(self.path, 0) + 1
        return 0 < state.expires < used

    def send_file(self, state: Behaviour, path: Path, number: int) -> None:
        if not path.is_file():
            self.answer(404, b"")
            return
        size = path.stat().st_size
        etag = state.etag
        if state.changes_at and number >= state.changes_at:
            etag = '"2"'
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range", etag)
        if found is None or state.ignores_range or condition != etag:
            self.answer(200, path.read_bytes(), ETag=etag)
            return
        first, last = int(found[1]), min(int(found[2]), size - 1)
        if first >= size or _falls_on(state.not_satisfiable, number):
            self.answer(416, b"", **{"Content-Range": f"bytes */{size}"})
            return
        last = min(last, first + state.at_most - 1)
        shift = 1 if _falls_on(state.wrong_range, number) else 0
        headers = {"ETag": etag, "Content-Range": f"bytes {first + shift}-{last}/{size}"}
        if _falls_on(state.nameless_range, number):
            del headers["Content-Range"]
        if _falls_on(state.encodes, number):
            headers["Content-Encoding"] = "gzip"
        cut = _falls_on(state.cuts, number)
        more = bytes(100) if _falls_on(state.excess, number) else b""
        with path.open("rb") as file:
            file.seek(first)
            self.answer(206, file.read(last + 1 - first) + more, cut=cut, **headers)

    def answer(self, status: int, body: bytes, *, cut: bool = False, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        body = body[: len(body) // 2] if cut else body
        try:
            for start in range(0, len(body), self.behaviour.drips or max(len(body), 1)):
                time.sleep(0.001 if self.behaviour.drips else 0)
                self.wfile.write(body[start : start + (self.behaviour.drips or len(body))])
        except OSError:
            cut = True
        self.behaviour.nbytes += len(body)
        if cut:
            self.close_connection = True


def _falls_on(every: int, number: int) -> bool:
    return every > 0 and number % every == 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: clients may leave."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """Yields the address of a server."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour, "lock": threading.Lock()})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
