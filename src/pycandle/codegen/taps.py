"""Adds taps to formatted Rust: whole lines, each ending in `// tap`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_METHOD = re.compile(r"    (?:pub )?fn (?!new\()(\w+)\(")


def add_taps(text: str, structs: Iterable[str]) -> str:
    """Returns the text with a tap in each of the structs. Without its tap lines it is the text."""
    wanted = set(structs)
    lines = text.splitlines(keepends=True)
    found: list[str] = []
    current: str | None = None
    state = ""
    for line in lines:
        if line.startswith(("use ", "mod ")) and "use crate::tap; // tap\n" not in found:
            found.append("use crate::tap; // tap\n")
        if line.startswith(("struct ", "pub struct ", "impl ")):
            words = line.replace("pub ", "").split()
            current = words[1] if words[1] in wanted else None
            state = words[0] if current else ""
        if state == "struct" and line == "}\n":
            found.append("    __tap: tap::Point, // tap\n")
        if state == "impl" and _METHOD.match(line):
            state = "signature"
        if state == "body" and line == "    }\n":
            found.append("        }) // tap\n")
            state = "impl"
        found.append(line)
        if state == "impl" and line == "        Ok(Self {\n":
            # First, as a field behind it may take the builder.
            found.append("            __tap: tap::Point::new(vb.prefix()), // tap\n")
        if state == "signature" and line.rstrip().endswith("{"):
            found.append("        tap::call(&self.__tap, || { // tap\n")
            state = "body"
    return "".join(found)


def source_lines(text: str, calls: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """Returns the line of the method of each module call, counted from 1.

    `calls` has struct and method of each call.
    """
    lines: dict[tuple[str, str], int] = {}
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("impl "):
            current = line.split()[1]
        elif method := _METHOD.match(line):
            lines.setdefault((current, method[1]), number)
    return {call: lines[method] for call, method in calls.items() if method in lines}
