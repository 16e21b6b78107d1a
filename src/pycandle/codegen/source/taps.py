"""Adds taps to formatted Rust: whole lines, each ending in `// tap`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_METHOD = re.compile(r"    (?:pub(?:\(super\))? )?fn (?!new\()(\w+)\(")
_SHORT = re.compile(r"        Ok\(Self \{ .* \}\)\n")
_OWNER = re.compile(r"(?:pub(?:\(super\))? )?(struct|impl) (\w+)")


def add_taps(text: str, structs: Iterable[str]) -> str:
    """Returns the text with a tap in each of the structs. Without its tap lines it is the text."""
    lines = text.splitlines(keepends=True)
    owners = {owner[2] for line in lines if (owner := _OWNER.match(line))}
    wanted = owners & set(structs)
    if not wanted:
        return text
    found: list[str] = []
    current: str | None = None
    state = ""
    for line in lines:
        if line.startswith(("use ", "mod ")) and "use crate::tap; // tap\n" not in found:
            found.append("use crate::tap; // tap\n")
        if owner := _OWNER.match(line):
            current = owner[2] if owner[2] in wanted else None
            state = owner[1] if current else ""
        if state == "struct" and line == "}\n":
            found.append("    __tap: tap::Point, // tap\n")
        if state == "impl" and _METHOD.match(line):
            state = "signature"
        if state == "body" and line == "    }\n":
            found.append("        }) // tap\n")
            state = "impl"
        found.append(line)
        if state == "impl" and (short := _SHORT.fullmatch(line)):
            # A value on one line is made by a macro around it, which adds the field.
            found[-1:] = [
                "        tap::made!(vb.prefix(), // tap\n",
                short[0],
                "        ) // tap\n",
            ]
        if state == "impl" and line == "        Ok(Self {\n":
            # First, as a field behind it may take the builder.
            found.append("            __tap: tap::Point::new(vb.prefix()), // tap\n")
        if state == "signature" and line.rstrip().endswith("{"):
            found.append("        tap::call(&self.__tap, || { // tap\n")
            state = "body"
    return "".join(found)


def source_places(files: Mapping[str, str], calls: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Returns where the method of each module call begins: `FILE:LINE`, counted from 1.

    `files`: texts by path; `calls` has struct and method of each call.
    """
    places: dict[tuple[str, str], str] = {}
    for path, text in files.items():
        current = ""
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("impl "):
                current = line.split()[1]
            elif method := _METHOD.match(line):
                places.setdefault((current, method[1]), f"{path}:{number}")
    return {call: places[method] for call, method in calls.items() if method in places}
