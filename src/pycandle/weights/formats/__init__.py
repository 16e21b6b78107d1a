"""The formats of checkpoints: each module here is one, and has it as `FORMAT`.

Modules are found by their presence, so that a new format is one new file.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from pycandle.weights.checkpoint import Format


@cache
def list_formats() -> tuple[Format, ...]:
    """Returns all formats, by the names of their modules."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    return tuple(import_module(f"{__name__}.{name}").FORMAT for name in names)


def find_format(start: bytes, size: int) -> Format | None:
    """Returns the format of a file by its first 512 bytes and its size; None for an unknown one."""
    return next((item for item in list_formats() if item.recognises(start, size)), None)
