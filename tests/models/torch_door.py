"""Replays for the harness in the process of the tests, where torch is loaded already.

The harness starts a Python for each replay, and importing torch takes that Python seconds. Here it
starts one that passes the request on to a thread of this process and waits.
"""

from __future__ import annotations

import contextlib
import io
import json
import socketserver
import sys
import threading
import traceback
from collections.abc import Iterator

from pycandle.recorder.__main__ import main

_ASK = """
import json, socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as door:
    door.sendall(json.dumps(sys.argv[-2:]).encode() + b"\\n")
    answer = json.loads(door.makefile().read())
sys.stderr.write(answer["stderr"])
sys.exit(answer["code"])
"""


@contextlib.contextmanager
def open_door() -> Iterator[tuple[str, ...]]:
    """Yields a command that stands for `python` in `python -m pycandle.recorder replay REQUEST`."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            # Without site-packages Python starts in 20 ms.
            yield (sys.executable, "-I", "-S", "-c", _ASK, str(server.server_address[1]))
        finally:
            server.shutdown()
            thread.join()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        arguments = json.loads(self.rfile.readline())
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            try:
                code = main(arguments)
            except Exception:
                traceback.print_exc()
                code = 1
        self.wfile.write(json.dumps({"code": code, "stderr": said.getvalue()}).encode())
