"""The kernels of the runtime that a model needs, as the text of its private module."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

_SUPER = re.compile(r"^use super::(?:\{([^}]*)\}|(\w+));\n", re.MULTILINE)
_USE = re.compile(r"^use ([\w:]+?)::(?:\{([^}]*)\}|(\w+(?: as \w+)?));\n", re.MULTILINE | re.DOTALL)


_FOLDER = files("pycandle.lowering") / "runtime"


def with_dependencies(names: Iterable[str]) -> list[str]:
    """Returns kernels and those that they name in `use super::`, sorted."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            for several, one in _SUPER.findall(_text(name)):
                # A type lies in the file of its constructor.
                parts = [part.strip() for part in (several or one).split(",")]
                waiting += [part for part in parts if part.islower()]
    return sorted(found)


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.rs").read_text(encoding="utf-8")


def runtime_module(names: frozenset[str]) -> str:
    """Returns `runtime.rs`: the files of the kernels, their `use` lines merged."""
    uses: dict[str, set[str]] = {}
    bodies: list[str] = []
    for name in with_dependencies(names):
        text = _SUPER.sub("", _text(name))
        text = re.sub(r"\n#\[cfg\(test\)\].*", "\n", text, flags=re.DOTALL)
        for module, several, one in _USE.findall(text):
            uses.setdefault(module, set()).update(
                part.strip() for part in (several or one).split(",") if part.strip()
            )
        body = _USE.sub("", text)
        body = re.sub(r"^//![^\n]*\n", "", body, flags=re.MULTILINE)
        bodies.append(body.strip())
    lines = [f"use {module}::{{{', '.join(sorted(n))}}};" for module, n in sorted(uses.items())]
    head = "//! What Candle lacks and this model needs."
    text = "\n\n".join([head, "\n".join(lines), *bodies])
    return re.sub(r"^pub (fn|struct) ", r"pub(super) \1 ", text, flags=re.MULTILINE) + "\n"
