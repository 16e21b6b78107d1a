"""The kernels of the runtime that a model needs, as the text of its private module."""

from __future__ import annotations

import re
from importlib.resources import files

_USE = re.compile(r"^use ([\w:]+?)::(?:\{([^}]*)\}|(\w+(?: as \w+)?));\n", re.MULTILINE | re.DOTALL)


def runtime_module(names: frozenset[str]) -> str:
    """Returns `runtime.rs`: the files of the kernels, their `use` lines merged."""
    folder = files("pycandle.lowering") / "runtime"
    uses: dict[str, set[str]] = {}
    bodies: list[str] = []
    for name in sorted(names):
        text = (folder / f"{name}.rs").read_text(encoding="utf-8")
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
    return text.replace("pub fn ", "pub(super) fn ") + "\n"
