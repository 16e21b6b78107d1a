"""The table of supported ops, for the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from pycandle.lowering.registry import LOWERINGS

_HEAD = """\
# Supported ops

Generated from the lowerings and their rows in the op suite; `pytest tests/ops` says how when this page is stale.
Every line was compared with PyTorch, for the dtypes that are listed, among them inputs that are transposed, narrowed or broadcast where that matters.
*model* is the dtype of the model, tested in float32, bfloat16 and float16.
What is not supported is refused by name, and `pycandle inspect` lists it before any Rust is written; the last column shows what the rows try.
"""  # noqa: E501


@dataclass(frozen=True)
class Example:
    """What the rows of one overload show."""

    family: str
    rust: str
    """The Rust of the first row, where tensors are `a`, `b`, ..."""
    dtypes: tuple[str, ...]
    """Of the first tensor argument, in the rows that are compared."""
    refused: tuple[str, ...]
    """What the other rows refuse: argument, value, what is supported instead."""


def markdown(examples: Mapping[str, Example]) -> str:
    """Returns the page, of the lowerings that have examples."""
    lines = [_HEAD]
    known = [overload for overload in LOWERINGS if overload in examples]
    ordered = sorted(known, key=lambda overload: (examples[overload].family, overload))
    for name, group in groupby(ordered, key=lambda overload: examples[overload].family):
        lines += [f"## {name.capitalize()}", ""]
        lines += ["| op | Rust | dtypes | refused |", "|---|---|---|---|"]
        lines += [_line(overload, examples[overload]) for overload in group]
        lines.append("")
    return "\n".join(lines)


def _line(overload: str, example: Example) -> str:
    rust = " ".join(example.rust.split())
    cells = (f"`{overload}`", f"`{rust}`", ", ".join(example.dtypes), "; ".join(example.refused))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
