"""The formats of checkpoints: each module here is one, and has it as `FORMAT`.

Modules are found by their presence, so that a new format is one new file.
"""

from __future__ import annotations

import os
from importlib import import_module

from pycandle.weights.checkpoint import Format


def find_format(start: bytes, size: int) -> Format | None:
    """Returns the format of a file by its first 512 bytes and its size; None for an unknown one."""
    for name in sorted(os.listdir(os.path.dirname(__file__))):
        if name.endswith(".py") and not name.startswith("_"):
            # One by one: a safetensors file is written before a reader of pickles is imported.
            found: Format = import_module(f"{__name__}.{name[:-3]}").FORMAT
            if found.recognises(start, size):
                return found
    return None
