"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
from collections.abc import Iterable, Iterator, Mapping
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
    with staging(path) as stage:
        with stage.create(path, size) as file:
            yield file
        stage.commit()


class Stage:
    """New files beside the places that they will take, all or none of them."""

    def __init__(self) -> None:
        self._places: dict[Path, Path] = {}
        self._partials: dict[Path, int] = {}
        """With a descriptor each, which keeps other runs away."""
        self._goes_on = False

    @contextmanager
    def create(self, path: Path, size: int, key: str | None = None) -> Iterator[FileIO]:
        """Yields an unbuffered file of at most `size` bytes; it is on the disk afterwards.

        It is new, but with a `key` it may be what an ended run with this key has left.
        """
        temporary, file = self._open(path, key)
        self._places[temporary] = path
        with file:
            _reserve(file, size)
            yield file
            os.fsync(file.fileno())

    def keep_partials(self) -> bool:
        """Leaves such files to the next run; returns whether there are any."""
        self._goes_on = True
        return any(path in self._partials for path in self._places)

    def _open(self, path: Path, key: str | None) -> tuple[Path, FileIO]:
        if key is not None:
            from pycandle.weights.partial_file import claim_partial

            if (claimed := claim_partial(path, key)) is not None:
                self._partials[claimed[0]] = os.dup(claimed[1].fileno())
                return claimed
        temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
        return temporary, _create(temporary)

    @property
    def temporaries(self) -> list[Path]:
        """Where the files are until they are committed, in the order of their creation."""
        return list(self._places)

    def commit(self, names: Mapping[Path, Path] | None = None) -> None:
        """Renames the files in the order of their creation, the last of which is the decisive one.

        `names` has other places than those that a temporary file was created for.
        """
        appeared: list[Path] = []
        try:
            for temporary, path in list(self._places.items()):
                final = path if names is None else names.get(temporary, path)
                is_new = not final.exists()
                os.replace(temporary, final)
                del self._places[temporary]
                appeared += [final] if is_new else []
                _sync_directory(final.parent)
                self._delete_journal(temporary)
        except BaseException:
            for final in appeared:
                with suppress(OSError):
                    final.unlink()
            raise

    def discard(self) -> None:
        """Deletes what is not committed."""
        for temporary in self._places:
            if temporary in self._partials and self._goes_on:
                continue
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            self._delete_journal(temporary)
        for descriptor in self._partials.values():
            os.close(descriptor)
        self._partials.clear()

    def _delete_journal(self, temporary: Path) -> None:
        if temporary in self._partials:
            from pycandle.weights.partial_file import journal_path

            with suppress(OSError):
                journal_path(temporary).unlink(missing_ok=True)


@contextmanager
def staging(path: Path) -> Iterator[Stage]:
    """Yields a stage; what is not committed at the end, however it comes, is deleted.

    An `OSError` of the block becomes a refusal that names `path`.
    """
    stage = Stage()
    with signals_as_exceptions():
        try:
            try:
                yield stage
            except (KeyboardInterrupt, SystemExit):
                stage.keep_partials()
                raise
            finally:
                stage.discard()
        except OSError as error:
            raise _write_failed(path, error) from error


def write_all(file: FileIO, data: bytes | bytearray | memoryview) -> None:
    """Writes all of `data` at the position of `file`; an unbuffered write may take less."""
    written = file.write(data)
    if written == len(data):
        return
    rest = memoryview(data).cast("B")
    while written < len(rest):
        written += file.write(rest[written:])


def start_writeback(file: FileIO, start: int, end: int) -> None:
    """Lets the disk begin with what was written from `start` to `end`, where one can say so."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        with suppress(OSError):
            # Linux forgets pages that are on the disk, and starts to write those that are not.
            advise(file.fileno(), start, end - start, os.POSIX_FADV_DONTNEED)


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
def signals_as_exceptions() -> Iterator[None]:
    """Lets SIGTERM and SIGHUP unwind the stack as SIGINT does, where nothing handles them."""
    numbers = [
        number
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", None))
        if number is not None and signal.getsignal(number) is signal.SIG_DFL
    ]
    changed: list[int] = []
    try:
        for number in numbers:
            # Only the main thread may install handlers, and only it gets them.
            with suppress(ValueError):
                signal.signal(number, _exit_on_signal)
                changed.append(number)
        yield
    finally:
        for number in changed:
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
