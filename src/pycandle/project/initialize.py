"""Lays out `.pycandle/` and makes its environment; safe to repeat."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pycandle.errors import Diagnostic, PyCandleError, UsageError, refusal
from pycandle.project.atomic import write_texts
from pycandle.project.contents import contents
from pycandle.project.layout import FOLDER, Layout
from pycandle.project.ledger import Ledger, digest, ledger_text, read_ledger
from pycandle.project.plan import Change, conflicts, plan_changes
from pycandle.project.settings import new_pyproject, with_python, with_torch_index
from pycandle.project.uv import get_uv, run_uv

_PYTHON = re.compile(r"3\.(1[1-9]|[2-9][0-9])")


@dataclass(frozen=True)
class Options:
    """The options of `pycandle init`."""

    packages: tuple[str, ...] = ()
    requirements: tuple[Path, ...] = ()
    python: str | None = None
    torch_index: str | None = None
    upgrade: bool = False
    force: bool = False
    dry_run: bool = False
    sync: bool = True


def initialize(
    layout: Layout, options: Options, *, tell: Callable[[str, str], None]
) -> list[Change]:
    """Lays out the project, locks its environment and makes it.

    `tell` gets a verb and what it is done to, for each step that takes time. Returns what
    happened to each file. Refuses before the first write.
    """
    _check(options)
    if not options.dry_run:
        get_uv()
    wanted = contents()
    ledger = read_ledger(layout.ledger)
    changes = plan_changes(
        wanted,
        _present(layout, {*wanted, *ledger.files}),
        ledger,
        upgrade=options.upgrade,
        force=options.force,
    )
    if options.upgrade and (found := conflicts(changes)):
        raise PyCandleError(found)
    before = layout.pyproject.read_text("utf-8") if layout.pyproject.exists() else None
    pyproject = _pyproject(before, options)
    if options.dry_run:
        return changes
    _write(layout, wanted, changes, ledger, pyproject)
    try:
        _lock(layout, options, tell)
    except BaseException:
        _restore(layout, before)
        raise
    if options.sync:
        sync(layout, tell)
    return changes


def sync(layout: Layout, tell: Callable[[str, str], None]) -> None:
    """Makes the environment from the lock."""
    if not layout.interpreter.exists():
        tell("Installing", "torch and what it needs: on Linux with CUDA about 5 GB on disk")
    _uv(layout, "sync", "--frozen")


def _check(options: Options) -> None:
    problems: list[Diagnostic] = []
    if options.python is not None and not _PYTHON.fullmatch(options.python):
        problems.append(
            Diagnostic("usage", f"`--python {options.python}` is not a Python such as `3.12`")
        )
    if options.torch_index is not None and not re.match(r"[a-z]+://[^\s\"]+$", options.torch_index):
        problems.append(Diagnostic("usage", f"`--torch-index {options.torch_index}` is not a URL"))
    if options.force and not options.upgrade:
        problems.append(
            Diagnostic("usage", "`--force` is for `--upgrade`: nothing else replaces a file")
        )
    if problems:
        raise UsageError(problems)


def _present(layout: Layout, paths: set[str]) -> dict[str, str | None]:
    present: dict[str, str | None] = {}
    for path in paths:
        file = layout.folder / path
        try:
            present[path] = file.read_text("utf-8", errors="replace") if file.exists() else None
        except IsADirectoryError as error:
            raise refusal(
                "io", f"`{FOLDER}/{path}` is a directory; a file belongs there"
            ) from error
    return present


def _pyproject(before: str | None, options: Options) -> str | None:
    """Returns the new text of `pyproject.toml`, None where it stays as it is."""
    if before is None:
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        text = new_pyproject(options.python or running)
    else:
        text = before if options.python is None else with_python(before, options.python)
    if options.torch_index is not None:
        text = with_torch_index(text, options.torch_index)
    return None if text == before else text


def _restore(layout: Layout, before: str | None) -> None:
    """Takes back settings that cannot be locked, so that the next `init` does not meet them."""
    if before is None:
        layout.pyproject.unlink(missing_ok=True)
    elif layout.pyproject.read_text("utf-8") != before:
        write_texts({layout.pyproject: before})


def _write(
    layout: Layout,
    wanted: dict[str, str],
    changes: list[Change],
    ledger: Ledger,
    pyproject: str | None,
) -> None:
    """Writes what changes; the ledger comes last: a file as wanted needs no entry to be known."""
    written = [change.path for change in changes if change.action in ("create", "update")]
    removed = [change.path for change in changes if change.action == "remove"]
    same = [change.path for change in changes if change.action == "same"]
    hashes = {path: value for path, value in ledger.files.items() if path not in removed}
    hashes |= {path: digest(wanted[path]) for path in (*written, *same)}
    files = {layout.folder / path: wanted[path] for path in written}
    if pyproject is not None:
        files[layout.pyproject] = pyproject
    if hashes != ledger.files:
        files[layout.ledger] = ledger_text(hashes)
    write_texts(files)
    for path in removed:
        (layout.folder / path).unlink()


def _lock(layout: Layout, options: Options, tell: Callable[[str, str], None]) -> None:
    if not options.packages and not options.requirements:
        tell("Locking", f"{FOLDER}/uv.lock")
        _uv(layout, "lock")
        return
    sources = [f"`{package}`" for package in options.packages]
    sources += [f"the packages of `{path}`" for path in options.requirements]
    tell("Adding", ", ".join(sources))
    files = [part for path in options.requirements for part in ("-r", str(path))]
    _uv(layout, "add", "--no-sync", *files, *options.packages)


def _uv(layout: Layout, command: str, *arguments: str) -> None:
    # A download of gigabytes shows its progress where somebody looks.
    quiet = [] if command == "sync" and sys.stderr.isatty() else ["--quiet"]
    code = run_uv([command, "--project", str(layout.folder), *quiet, *arguments])
    if code != 0:
        raise refusal(
            "uv",
            f"`uv {command}` of `{FOLDER}/` failed; it says why above",
            hint="`pycandle init` goes on from here once that is put right",
        )
