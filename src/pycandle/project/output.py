"""Writes generated files, and never over what somebody else wrote."""

from collections.abc import Mapping
from pathlib import Path

from pycandle.errors import Diagnostic, Place, PyCandleError, UsageError
from pycandle.project.atomic import write_texts
from pycandle.project.stamp import is_stamped, is_unedited, stamp
from pycandle.rust.rustfmt import format_rust

_SIBLING_STEMS = ("lib", "main", "mod")
"""Files whose submodules Rust looks for beside them, not in a folder of their name."""


def check_module_path(out: Path) -> None:
    """Refuses a path that Rust would not find as a module."""
    if out.suffix == ".rs" and out.stem.isidentifier() and out.stem.isascii():
        return
    raise UsageError(
        Diagnostic(
            "usage",
            f"`{out}` is no file of a Rust module",
            hint="`--out src/model.rs`: letters, digits and underscores, then `.rs`",
        )
    )


def place_model(files: Mapping[str, str], out: Path) -> dict[Path, str]:
    """Returns the files of a model by path, with `out` for `model.rs` and its stem for `model/`.

    The model's `mod runtime;` then resolves by Rust's rules.
    """
    check_module_path(out)
    folder = submodule_folder(out)
    placed: dict[Path, str] = {}
    for name, text in files.items():
        path = Path(name)
        is_model = path == Path("model.rs")
        placed[out if is_model else folder / path.relative_to("model")] = text
    return placed


def submodule_folder(source: Path) -> Path:
    """Returns the folder where Rust looks for the submodules of a source file."""
    return source.parent if source.stem in _SIBLING_STEMS else source.with_suffix("")


def find_left_over(files: Mapping[Path, str], out: Path) -> list[Path]:
    """Returns what PyCandle wrote for this model before and does not write now, sorted.

    `out`: the model's own file. Only a folder of its own is looked into: beside a `lib.rs` other
    models may lie.
    """
    folder = submodule_folder(out)
    if folder == out.parent:
        return []
    return [
        path
        for path in sorted(folder.rglob("*.rs"))
        if path not in files and is_stamped(path.read_text("utf-8", errors="replace"))
    ]


def finish(files: Mapping[Path, str]) -> dict[Path, str]:
    """Returns the files formatted, and stamped where their format has comments.

    A lock has none that Cargo keeps: with a stamp, `cargo build --locked` would refuse it.
    """
    finished: dict[Path, str] = {}
    for path, text in files.items():
        if path.suffix == ".rs":
            finished[path] = stamp(format_rust(text))
        elif path.suffix == ".toml":
            finished[path] = stamp(text, comment="#")
        else:
            finished[path] = text
    return finished


def write_generated(files: Mapping[Path, str], *, force: bool) -> None:
    """Writes every file, or none: refuses to replace what PyCandle did not write as it is."""
    if not force and (found := [item for path in files if (item := _conflict(path, files[path]))]):
        raise PyCandleError(found)
    write_texts(files)


def _conflict(path: Path, text: str) -> Diagnostic | None:
    if not path.exists():
        return None
    try:
        on_disk = path.read_text("utf-8")
    except (UnicodeDecodeError, IsADirectoryError, PermissionError):
        on_disk = ""
    if on_disk == text or is_unedited(on_disk):
        return None
    if is_stamped(on_disk):
        title = "this file was edited since PyCandle generated it"
    else:
        title = "PyCandle did not write this file"
    return Diagnostic(
        "changed-file",
        title,
        Place(file=str(path)),
        hint="`--force` replaces it; another `--out` or `--crate` leaves it alone",
    )
