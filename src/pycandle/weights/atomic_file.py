"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import signal
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from types import FrameType

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal

# What a file system answers that cannot reserve space. The copy then finds out by itself.
_NO_RESERVATION = {errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


def find_output_problem(out: Path, sources: Iterable[Path]) -> Diagnostic | None:
    """Returns why `out` must not be replaced: it is no plain file, or one of `sources`."""
    place = Place(str(out))
    if not out.parent.is_dir():
        return Diagnostic("bad-output", f"there is no directory `{out.parent}`", place)
    try:
        mode = out.lstat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        return Diagnostic("bad-output", f"cannot write here: {error.strerror}", place)
    if stat.S_ISLNK(mode):
        # A rename would replace the link and leave its target as it was.
        hint = "name the file that the link points to"
        return Diagnostic("bad-output", "the output is a symbolic link", place, hint=hint)
    if not stat.S_ISREG(mode):
        return Diagnostic("bad-output", "the output exists and is not a regular file", place)
    for source in sources:
        with suppress(OSError):
            if out.samefile(source):
                title = f"the output is the input `{source}`"
                return Diagnostic("bad-output", title, place, hint="write to another file")
    return None


@contextmanager
def replacing(path: Path, size: int) -> Iterator[FileIO]:
    """Yields an unbuffered new file of at most `size` bytes that becomes `path` at the end.

    Whatever ends the block early (an exception, SIGINT, SIGTERM) leaves `path` as it was and
    nothing beside it. An `OSError` of the block becomes a refusal.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    with _signals_as_exceptions():
        try:
            try:
                with _create(temporary) as file:
                    _reserve(file, size)
                    yield file
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        except OSError as error:
            raise _write_failed(path, error) from error
    _sync_directory(path.parent)


def write_all(file: FileIO, data: bytes | bytearray | memoryview) -> None:
    """Writes all of `data` at the position of `file`; an unbuffered write may take less."""
    written = file.write(data)
    if written == len(data):
        return
    rest = memoryview(data).cast("B")
    while written < len(rest):
        written += file.write(rest[written:])


def _create(path: Path) -> FileIO:
    # The umask applies, unlike with the 0600 of the tempfile module.
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    return FileIO(os.open(path, flags, 0o666), "r+")


def _reserve(file: FileIO, size: int) -> None:
    """Reserves the space where that is possible, so that a full disk says so at once."""
    reserve = getattr(os, "posix_fallocate", None)
    if reserve is None or size == 0:
        return
    try:
        reserve(file.fileno(), 0, size)
    except OSError as error:
        if error.errno not in _NO_RESERVATION:
            raise


@contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    """Lets SIGTERM and SIGHUP unwind the stack as SIGINT does, where nothing handles them."""
    numbers = [
        number
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", None))
        if number is not None and signal.getsignal(number) is signal.SIG_DFL
    ]
    if threading.current_thread() is not threading.main_thread():
        numbers = []  # Only the main thread may install handlers, and only it gets them.
    try:
        for number in numbers:
            signal.signal(number, _exit_on_signal)
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _exit_on_signal(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _sync_directory(directory: Path) -> None:
    """Makes the rename durable where directories can be synced; Windows has no such thing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_failed(path: Path, error: OSError) -> PyCandleError:
    return refusal(
        "write-failed",
        f"cannot write `{path.name}`: {error.strerror}",
        place=Place(str(path)),
        label="nothing was written",
    )
