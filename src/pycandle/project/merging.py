"""Keeps what was generated, and merges it with a user's edits when it is generated anew."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.project.atomic import write_texts
from pycandle.project.layout import Layout
from pycandle.project.stamp import is_unedited, stamped_hash

_MOST_CONFLICTS = 127
"""`git merge-file` returns their number, up to this; above is an error."""


def remember(files: Mapping[Path, str], layout: Layout) -> None:
    """Keeps every stamped file under its hash, so that a later merge knows what was generated."""
    kept = {
        layout.generated / found: text
        for text in files.values()
        if (found := stamped_hash(text)) is not None
    }
    write_texts({path: text for path, text in kept.items() if not path.exists()})


def merge(files: Mapping[Path, str], layout: Layout) -> dict[Path, str]:
    """Returns each file with the edits of the one on disk, by git's three-way merge.

    Where both changed the same lines, nothing is returned: PyCandleError names every file, and
    `FILE.merge` beside it holds both versions.
    """
    merged: dict[Path, str] = {}
    conflicts: dict[Path, str] = {}
    problems: list[Diagnostic] = []
    for path, text in files.items():
        current = path.read_text("utf-8") if path.exists() else text
        base = _find_base(current, layout)
        if base is None:
            if current == text or is_unedited(current):
                merged[path] = text
            else:
                problems.append(_unknown(path, layout))
            continue
        found, count = _merge_file(current, base, text)
        merged[path] = found
        if count:
            conflicts[path] = found
            problems.append(_conflict(path, found, count))
    if problems:
        write_texts({_beside(path): text for path, text in conflicts.items()})
        raise PyCandleError(problems)
    return merged


def _find_base(current: str, layout: Layout) -> str | None:
    """Returns the text that PyCandle wrote before it was edited."""
    found = stamped_hash(current)
    path = layout.generated / (found or "")
    return path.read_text("utf-8") if found is not None and path.is_file() else None


def _merge_file(current: str, base: str, new: str) -> tuple[str, int]:
    """Returns the merged text and the number of conflicts in it."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("current", "base", "new")]
        for path, text in zip(paths, (current, base, new), strict=True):
            path.write_bytes(text.encode())
        labels = ("edited", "generated before", "generated now")
        options = [option for label in labels for option in ("-L", label)]
        try:
            done = subprocess.run(
                ["git", "merge-file", "-p", *options, *map(str, paths)],
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise refusal("no-git", "`--merge` needs git", hint="install git") from None
    if not 0 <= done.returncode <= _MOST_CONFLICTS:
        raise refusal("git", "git cannot merge", label=done.stderr.decode(errors="replace"))
    return done.stdout.decode(), done.returncode


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.merge")


def _conflict(path: Path, merged: str, count: int) -> Diagnostic:
    line = merged[: merged.index("<<<<<<< edited")].count("\n") + 1
    places = "1 place was" if count == 1 else f"{count} places were"
    return Diagnostic(
        "merge-conflict",
        f"{places} changed both here and by PyCandle",
        Place(file=str(path), line=line),
        hint=f"`{_beside(path).name}` beside it holds both versions: settle it there, rename it "
        "to this file, and run `codegen --merge` again",
    )


def _unknown(path: Path, layout: Layout) -> Diagnostic:
    return Diagnostic(
        "no-base",
        "what PyCandle generated here before is not known",
        Place(file=str(path)),
        label=f"looked in `{layout.generated}`",
        hint="`--force` replaces the file; another `--out` or `--crate` leaves it alone",
    )
