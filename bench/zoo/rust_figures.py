"""Counts over the text of generated Rust."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FUNCTION = re.compile(r"^( *)(?:pub(?:\(super\))? )?fn (\w+)")
_STRUCT = re.compile(r"^(?:pub(?:\(super\))? )?struct \w+", re.MULTILINE)
_NOT_FORWARD = ("new", "recorded")


@dataclass(frozen=True)
class Figures:
    """Of one file."""

    lines: int
    structs: int
    longest: int
    """Lines between the braces of the longest function that computes."""
    longest_name: str
    """`Block::forward`, or a function's own name."""


def count(text: str) -> Figures:
    """Returns the figures of a file that rustfmt has formatted."""
    lines = text.splitlines()
    longest, name, owner = 0, "", ""
    for start, line in enumerate(lines):
        if found := re.match(r"^impl(?:<[^>]*>)? (?:\w+ for )?(\w+)", line):
            owner = found[1]
        found = _FUNCTION.match(line)
        if found is None or found[2] in _NOT_FORWARD:
            continue
        length = _length(lines, start, found[1])
        if length > longest:
            longest, name = length, f"{owner}::{found[2]}" if found[1] else found[2]
    return Figures(len(lines), len(_STRUCT.findall(text)), longest, name)


def _length(lines: list[str], start: int, indent: str) -> int:
    """Returns the lines of a body: from below the line that opens it to above its brace."""
    opens = next(i for i in range(start, len(lines)) if lines[i].endswith(("{", "{}")))
    if lines[opens].endswith("{}"):
        return 0
    closes = next(i for i in range(opens, len(lines)) if lines[i] == f"{indent}}}")
    return closes - opens - 1
