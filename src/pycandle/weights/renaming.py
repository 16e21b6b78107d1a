"""Renaming what a checkpoint calls its tensors, as a user says."""

from __future__ import annotations

import re
from typing import NamedTuple

from pycandle.errors import Diagnostic, UsageError


class Rename(NamedTuple):
    """Puts `replacement` in place of each match of `pattern`, as `re.sub` does."""

    pattern: str
    replacement: str

    def __str__(self) -> str:
        return f"{self.pattern}={self.replacement}"


def read_rename(text: str) -> Rename:
    """Returns what `REGEX=REPLACEMENT` says, split at the last `=`; raises UsageError."""
    pattern, equals, replacement = text.rpartition("=")
    if not equals:
        raise _bad(text, "there is no `=` between pattern and replacement")
    if not pattern:
        raise _bad(text, "the pattern is empty")
    rename = Rename(pattern, replacement)
    Renaming((rename,))
    return rename


class Renaming:
    """Applies renames in order, and knows which of them were of use."""

    def __init__(self, renames: tuple[Rename, ...]) -> None:
        self._renames = renames
        self._compiled = [(_compile(item), item) for item in renames]
        self._used: set[Rename] = set()

    def __call__(self, name: str) -> str:
        """Returns the new name."""
        for pattern, item in self._compiled:
            renamed, count = pattern.subn(item.replacement, name)
            if count:
                self._used.add(item)
                name = renamed
        return name

    @property
    def unused(self) -> tuple[Rename, ...]:
        """What has matched no name."""
        return tuple(item for item in self._renames if item not in self._used)


def _compile(rename: Rename) -> re.Pattern[str]:
    try:
        pattern = re.compile(rename.pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise _bad(str(rename), f"the pattern is malformed: {error}") from None
    try:
        # Nothing else says before the first match whether the groups of a replacement exist.
        re.compile(f"{rename.pattern}|").sub(rename.replacement, "")
    except (re.error, IndexError) as error:
        raise _bad(str(rename), f"the replacement is malformed: {error}") from None
    return pattern


def _bad(text: str, why: str) -> UsageError:
    return UsageError(Diagnostic("bad-rename", f"`--rename {text}`: {why}"))
