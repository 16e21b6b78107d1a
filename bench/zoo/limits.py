"""Runs a function in a process of its own, with limits on time and memory."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

PRELOADED = ["torch", "transformers", "timm", "pycandle.recorder", "pycandle.codegen"]
"""What every process needs: imported once, where processes can be forked."""


@dataclass(frozen=True)
class Limits:
    """What a process may use."""

    seconds: float
    gigabytes: float
    """Of data; held on Linux alone."""


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    value: Any
    """What the function returned; None if it did not."""
    failure: str | None
    """Why it did not: a traceback, or what killed it."""
    limited: bool
    """Whether it ran into a limit."""
    seconds: float


def start() -> None:
    """Prepares for `run_limited`; call it once, before any thread is started."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        multiprocessing.set_start_method("forkserver")
        multiprocessing.set_forkserver_preload(PRELOADED)
    else:
        multiprocessing.set_start_method("spawn")


def run_limited(function: Callable[..., Any], *args: Any, limits: Limits) -> Ended:
    """Runs a function of a module; its arguments and its value go through pickle."""
    begin = time.monotonic()
    receive, send = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=_run, args=(send, limits, function, args))
    process.start()
    send.close()
    try:
        found = receive.recv() if receive.poll(limits.seconds) else None
        late = found is None
    except EOFError:
        found, late = None, False
    finally:
        _kill(process)
        receive.close()
    seconds = time.monotonic() - begin
    if late:
        return Ended(None, f"not done after {limits.seconds:.0f} s", True, seconds)
    if found is None:
        return Ended(None, f"the process ended with status {process.exitcode}", False, seconds)
    value, failure, limited = found
    return Ended(value, failure, limited, seconds)


def _run(send: Connection, limits: Limits, function: Callable[..., Any], args: Any) -> None:
    if hasattr(os, "setsid"):
        # Its own children end with it.
        os.setsid()
    _limit_memory(limits.gigabytes)
    value, failure, limited = None, None, False
    try:
        value = function(*args)
    except MemoryError:
        failure, limited = f"more than {limits.gigabytes:g} GB", True
    except Exception as error:
        failure = traceback.format_exc(limit=-6)
        # torch's allocator has an exception of its own.
        limited = "not enough memory" in str(error)
    send.send((value, failure, limited))
    send.close()


def _limit_memory(gigabytes: float) -> None:
    if sys.platform != "linux":
        return
    import resource

    size = int(gigabytes * 1e9)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _kill(process: multiprocessing.Process) -> None:
    """Ends a process, and what it has started."""
    if hasattr(os, "killpg") and process.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
