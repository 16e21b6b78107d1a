"""Finds uv and runs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pycandle.errors import Diagnostic, PyCandleError

_DROPPED = ("VIRTUAL_ENV", "PYTHONHOME", "__PYVENV_LAUNCHER__", "PYTHONDONTWRITEBYTECODE")


def find_uv() -> str | None:
    """Returns uv from the PATH, else the one beside this Python or in a `.setup/` above it."""
    found = shutil.which("uv")
    if found is not None:
        return found
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    beside = Path(sys.executable).absolute().parent
    places = [beside, *(parent / ".setup" / scripts for parent in list(beside.parents)[:3])]
    for place in places:
        found = shutil.which("uv", path=str(place))
        if found is not None:
            return found
    return None


def missing_uv() -> Diagnostic:
    """Returns what to say where uv is missing."""
    return Diagnostic(
        "missing-tool",
        "`uv` is neither on the PATH nor beside this Python",
        hint="`pipx install uv` (or `python -m pip install uv` in a virtual environment)",
    )


def get_uv() -> str:
    """Returns the path of uv, or refuses with how to install it."""
    found = find_uv()
    if found is None:
        raise PyCandleError(missing_uv())
    return found


def environment() -> dict[str, str]:
    """Returns the environment for uv: the caller's without its own Python's traces.

    Another active environment makes uv warn, and a PYTHONPATH that holds PyCandle would come
    before the vendored copy. Without compiled files `import torch` takes three times as long.
    """
    result = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    if "PYTHONPATH" in result:
        parts = result["PYTHONPATH"].split(os.pathsep)
        kept = [part for part in parts if not (Path(part) / "pycandle" / "version.py").exists()]
        result["PYTHONPATH"] = os.pathsep.join(kept)
    return result


def run_uv(
    arguments: list[str], *, cwd: Path | None = None, extra: dict[str, str] | None = None
) -> int:
    """Runs uv in the foreground and returns its exit code.

    After Ctrl-C it waits for the child, which got the same signal, to clean up.
    """
    process = subprocess.Popen([get_uv(), *arguments], cwd=cwd, env=environment() | (extra or {}))
    try:
        code = process.wait()
    except KeyboardInterrupt:
        _stop(process)
        raise
    # As a shell has it: 128 + N after signal N.
    return code if code >= 0 else 128 - code


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a child that Ctrl-C did not reach, or that does not heed it.

    PYCANDLE_GRACE is how long it may take to heed it, in seconds.
    """
    grace = float(os.environ.get("PYCANDLE_GRACE", "5"))
    for seconds, ask in ((grace, process.terminate), (5, process.kill)):
        try:
            process.wait(timeout=seconds)
            return
        except subprocess.TimeoutExpired:
            ask()
        except KeyboardInterrupt:
            process.terminate()
    process.wait()
