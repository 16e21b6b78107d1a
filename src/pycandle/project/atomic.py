"""Writes files whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pycandle.errors import Place, refusal


def write_text(path: Path, text: str) -> None:
    """Writes one file in UTF-8 with the line endings of the text; replaces what was there."""
    write_texts({path: text})


def write_texts(files: Mapping[Path, str]) -> None:
    """Writes every file to a temporary one beside it, then renames them all.

    What can fail for want of space or rights fails before the first file is replaced.
    """
    staged: list[tuple[Path, Path]] = []
    at = Path()
    try:
        for path, text in files.items():
            at = path
            staged.append((_stage(path, text), path))
        for temporary, path in staged:
            at = path
            os.replace(temporary, path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise refusal("io", f"cannot write: {reason}", place=Place(file=str(at))) from error
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _stage(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(None, "it is a directory", str(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        _set_mode(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _set_mode(temporary: Path, path: Path) -> None:
    """Gives the mode of the file that it replaces, else that of any new file (not mkstemp's)."""
    if path.exists():
        mode = path.stat().st_mode & 0o777
    else:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    temporary.chmod(mode)
