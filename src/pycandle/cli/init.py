"""`pycandle init`: lays out `.pycandle/` and its environment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pycandle.cli.terminal import echo_note, echo_status

if TYPE_CHECKING:
    from pycandle.project.plan import Change


@click.command("init", short_help="lay out .pycandle/ and its environment")
@click.option(
    "--with",
    "packages",
    multiple=True,
    metavar="PACKAGE",
    help="A package that the model needs, as pip names it (`transformers`, `timm==1.0.31`). "
    "May be repeated.",
)
@click.option(
    "-r",
    "requirements",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A requirements file with packages that the model needs. May be repeated.",
)
@click.option("--python", metavar="X.Y", help="The Python to record with. Default: this one.")
@click.option(
    "--torch-index",
    metavar="URL",
    help="A package index to take torch from: one with CPU-only builds saves gigabytes.",
)
@click.option("--upgrade", is_flag=True, help="Replace PyCandle's own files by this version's.")
@click.option("--force", is_flag=True, help="With --upgrade: also those that were changed.")
@click.option("--no-sync", is_flag=True, help="Write and lock, but install nothing.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def command(
    packages: tuple[str, ...],
    requirements: tuple[Path, ...],
    python: str | None,
    torch_index: str | None,
    upgrade: bool,
    force: bool,
    no_sync: bool,
    dry_run: bool,
) -> None:
    """Lays out .pycandle/ in the working directory and makes its environment.

    Safe to repeat: a file that you changed is never overwritten.
    The environment has torch; on Linux with its CUDA libraries that is about 5 GB.
    """
    from pycandle.project.initialize import Options, initialize
    from pycandle.project.layout import FOLDER, Layout, find_layout

    layout = Layout(Path.cwd())
    options = Options(
        packages=packages,
        requirements=requirements,
        python=python,
        torch_index=torch_index,
        upgrade=upgrade,
        force=force,
        dry_run=dry_run,
        sync=not no_sync,
    )
    is_new = not layout.pyproject.exists()
    above = find_layout(layout.root.parent)
    if is_new and above is not None:
        echo_note(f"there is a project above this one, in {above.root}")
    changes = initialize(layout, options, tell=echo_status)
    if is_new and not dry_run:
        echo_status("Created", f"{FOLDER}/ in {layout.root}")
    else:
        _echo_changes(changes, dry_run=dry_run)
    if not dry_run:
        echo_status("Ready", f"edit {FOLDER}/scripts/recorder.py, then `pycandle record`")


def _echo_changes(changes: list[Change], *, dry_run: bool) -> None:
    from pycandle.project.layout import FOLDER

    verbs = {"create": "Created", "update": "Updated", "remove": "Removed"}
    if dry_run:
        verbs = {"create": "Would create", "update": "Would update", "remove": "Would remove"}
    vendor = {verb: 0 for verb in verbs}
    for change in changes:
        if change.action not in verbs:
            continue
        if change.path.startswith("vendor/"):
            vendor[change.action] += 1
        else:
            echo_status(verbs[change.action], f"{FOLDER}/{change.path}")
    for action, count in vendor.items():
        if count:
            files = "file" if count == 1 else "files"
            echo_status(verbs[action], f"{count} {files} in {FOLDER}/vendor/pycandle")
    outdated = sum(change.action == "outdated" for change in changes)
    if outdated:
        files = "1 file is" if outdated == 1 else f"{outdated} files are"
        echo_note(f"{files} of another PyCandle; `pycandle init --upgrade` replaces them")
    for change in changes:
        if change.action in ("keep", "edited"):
            echo_note(f"{FOLDER}/{change.path} is yours, and stays as it is")
