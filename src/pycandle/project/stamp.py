"""Marks a generated file with a hash of itself, so that an edit is seen before it is lost."""

import hashlib
import re

_STAMP = re.compile(r"(?P<open>//!|#)(?P<gap>.*?) ?pycandle:sha256=(?P<hash>[0-9a-f]{64})$")


def stamp(text: str, *, comment: str = "//!") -> str:
    """Returns the text with its hash at the end of its first line.

    The first line must be a comment that opens with `comment` (`//!` or `#`); where it is not,
    a line with just the hash is put before it.
    """
    head, newline, rest = text.partition("\n")
    if not head.startswith(comment) or head.strip() == comment:
        return f"{comment} pycandle:sha256={_digest(text)}\n{text}"
    return f"{head.rstrip()} pycandle:sha256={_digest(text)}{newline}{rest}"


def is_stamped(text: str) -> bool:
    """Whether the text has a stamp, valid or not: whether PyCandle wrote it once."""
    return _STAMP.match(text.partition("\n")[0].rstrip("\r")) is not None


def stamped_hash(text: str) -> str | None:
    """Returns the hash in a stamp; None for a text without one."""
    found = _STAMP.match(text.partition("\n")[0].rstrip("\r"))
    return found["hash"] if found is not None else None


def is_unedited(text: str) -> bool:
    """Whether the text has a stamp and is as it was stamped; line endings do not count."""
    text = text.replace("\r\n", "\n")
    head, newline, rest = text.partition("\n")
    found = _STAMP.match(head)
    if found is None:
        return False
    before = found["open"] + found["gap"]
    original = rest if before == found["open"] else before + newline + rest
    return _digest(original) == found["hash"]


def _digest(text: str) -> str:
    head, newline, rest = text.partition("\n")
    return hashlib.sha256(f"{head.rstrip()}{newline}{rest}".encode()).hexdigest()
