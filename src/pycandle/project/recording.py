"""The process boundary: what needs torch runs in the environment of `.pycandle/`."""

from pathlib import Path

from pycandle.errors import Place, refusal
from pycandle.project.contents import SOURCE, package_source, vendored_version
from pycandle.project.layout import FOLDER, Layout
from pycandle.project.ledger import digest
from pycandle.project.uv import run_uv
from pycandle.version import VERSION


def record(layout: Layout, script: Path | None = None, *, budget: float = 0.0) -> int:
    """Runs a recorder script and returns its exit code; without one, `scripts/recorder.py`.

    `budget`: seconds that each model's numbers may be learned for.
    """
    check_vendored(layout)
    chosen = layout.recorder if script is None else script.absolute()
    if not chosen.is_file():
        raise refusal(
            "no-script",
            "there is no such recorder script",
            place=Place(file=str(chosen)),
            hint="`pycandle init` writes one to start from" if script is None else None,
        )
    if not layout.lock.is_file():
        raise refusal(
            "no-lock",
            f"`{FOLDER}/uv.lock` is missing: the environment is not reproducible without it",
            hint="`pycandle init` writes it",
        )
    return run_uv(
        [*python(layout), "-m", "pycandle.recorder", "run", str(chosen)],
        cwd=layout.scripts,
        extra={"PYCANDLE_PROJECT": str(layout.root), "PYCANDLE_BUDGET": str(budget)},
    )


def python(layout: Layout) -> list[str]:
    """Returns the arguments for uv that run the Python of the recording environment."""
    return ["run", "--project", str(layout.folder), "--frozen", "python"]


def check_vendored(layout: Layout) -> None:
    """Refuses a project that another version of PyCandle laid out."""
    vendored = vendored_version(layout.folder)
    if vendored is None:
        raise refusal(
            "no-vendored",
            f"`{FOLDER}/vendor/pycandle` is missing or not whole",
            hint="`pycandle init` restores it",
        )
    if vendored != VERSION:
        raise refusal(
            "other-version",
            f"`{FOLDER}/` records with PyCandle {vendored}, and this is {VERSION}",
            place=Place(file=f"{FOLDER}/{SOURCE}/version.py"),
            hint="`pycandle init --upgrade`",
        )


def is_vendored_source_current(layout: Layout) -> bool:
    """Whether the vendored copy is this very PyCandle: a development version may differ."""
    return all(
        (file := layout.folder / path).is_file() and digest(file.read_text("utf-8")) == digest(text)
        for path, text in package_source().items()
    )
