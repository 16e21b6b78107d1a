"""What to do where a package is missing that only some extractions need."""

from __future__ import annotations

import shlex
import sys

from pycandle.errors import PyCandleError, refusal


def missing_package(what: str, package: str) -> PyCandleError:
    """Returns the refusal of `what` for want of a package; the hint is a command that works."""
    if sys.argv[0].endswith(".py"):
        # A script has an environment of its own, which uv makes anew.
        command = ["uv", "run", "--with", package, *sys.argv]
    else:
        command = ["uv", "pip", "install", "--python", sys.executable, package]
    return refusal(
        "missing-package",
        f"{what} needs {package}, which is not installed",
        hint=f"`{shlex.join(command)}`",
    )
