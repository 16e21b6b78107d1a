"""Lines of Rust that hold code: neither blank nor only a comment, as tokei counts them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = re.compile(
    r"""
      (?P<line>//[^\n]*)
    | (?P<open>/\*)
    | (?P<raw>\bb?r(?P<hashes>\#*)"(?s:.*?)"(?P=hashes))
    | (?P<text>b?"(?s:\\.|[^"\\])*")
    | (?P<char>'(?:\\[^\n]+?|[^'\\\n])')
    """,
    re.VERBOSE,
)
_EDGE = re.compile(r"/\*|\*/")


def code_lines(text: str) -> set[int]:
    """Returns the numbers of the lines that hold code, counted from 1."""
    bare = _without_comments(text)
    return {number for number, line in enumerate(bare.split("\n"), 1) if line.strip()}


def count_code(text: str, left_out: Iterable[tuple[int, int]] = ()) -> int:
    """Returns how many lines hold code, without the ranges `left_out`, both ends included."""
    out = {number for first, last in left_out for number in range(first, last + 1)}
    return len(code_lines(text) - out)


def _without_comments(text: str) -> str:
    """Returns the text with its lines where they are, and blanks for comments."""
    parts: list[str] = []
    at = 0
    while found := _TOKEN.search(text, at):
        parts.append(text[at : found.start()])
        at = found.end()
        if found["open"] is not None:
            at = _end_of_comment(text, at)
            parts.append("\n" * text.count("\n", found.start(), at))
        elif found["line"] is None:
            # A line within a text is code, also where it is blank.
            parts.append(found[0].replace("\n", '"\n"'))
    parts.append(text[at:])
    return "".join(parts)


def _end_of_comment(text: str, at: int) -> int:
    """Returns the end of a comment that is open; comments nest."""
    depth = 1
    while depth and (edge := _EDGE.search(text, at)):
        depth += 1 if edge[0] == "/*" else -1
        at = edge.end()
    return at if depth == 0 else len(text)
