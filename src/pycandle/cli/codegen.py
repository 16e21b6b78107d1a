"""`pycandle codegen`: a manifest to Rust."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pycandle.cli.options import check_passes, manifest_option, no_pass_option
from pycandle.cli.terminal import echo_json, echo_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pycandle.codegen import Generated


@click.command("codegen", short_help="write the Rust")
@manifest_option
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The Rust file to write, as src/model.rs; what Candle lacks goes to src/model/.",
)
@click.option(
    "--crate",
    "crate",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of a whole crate that builds: Cargo.toml, src/, examples/.",
)
@click.option("--name", help="With --crate: the crate's name. Default: the manifest's.")
@no_pass_option
@click.option("--force", is_flag=True, help="Replace files that PyCandle did not write.")
@click.option("--merge", is_flag=True, help="Keep the edits of files that were edited since.")
@click.option("--json", "as_json", is_flag=True, help="Print files and dependencies as JSON.")
def command(
    manifest: Path,
    out: Path | None,
    crate: Path | None,
    name: str | None,
    no_pass: tuple[str, ...],
    force: bool,
    merge: bool,
    as_json: bool,
) -> None:
    """Writes the Rust of a recorded model, to one file or as a crate.

    Everything that cannot be ported is reported at once, and then nothing is written.
    A file that PyCandle did not write, or that was edited since, is not replaced: `--merge` brings
    into it what changed since it was generated, in a project of `pycandle init`.
    """
    if (out is None) == (crate is None):
        raise click.UsageError("one of --out and --crate is needed, and not both")
    if name is not None and crate is None:
        raise click.UsageError("--name is the name of a crate: it needs --crate")
    if merge and force:
        raise click.UsageError("--merge keeps edits, and --force replaces them")

    disabled = check_passes(no_pass)

    from pycandle.project.layout import find_layout, get_layout
    from pycandle.project.merging import merge as merge_edits
    from pycandle.project.merging import remember
    from pycandle.project.output import (
        check_module_path,
        find_left_over,
        finish,
        write_generated,
    )

    if out is not None:
        check_module_path(out)

    from pycandle.codegen import generate
    from pycandle.manifest.reader import read_manifest

    recorded = read_manifest(manifest)
    generated = generate(recorded, disabled=disabled)
    starts = (out.parent if out is not None else crate or Path(), Path())
    layout = get_layout(*starts) if merge else find_layout(*starts)
    files = finish(_place(generated, out, crate, name or recorded.name))
    wanted = merge_edits(files, layout) if merge and layout is not None else files
    write_generated(wanted, force=force or merge)
    if layout is not None:
        remember(files, layout)
    for path in find_left_over(files, out if out is not None else _model_in(files)):
        echo_status("Left", f"{path}, which is no part of the model any more")
    _report(list(files), generated.dependencies, as_json=as_json, is_crate=crate is not None)


def _place(
    generated: Generated, out: Path | None, crate: Path | None, name: str
) -> dict[Path, str]:
    from pycandle.codegen import crate_files
    from pycandle.project.output import place_model

    if out is not None:
        return place_model(generated.files, out)
    assert crate is not None
    return {crate / path: text for path, text in crate_files(generated, _crate_name(name)).items()}


def _model_in(files: Mapping[Path, str]) -> Path:
    return next(path for path in files if path.name == "model.rs")


def _crate_name(name: str) -> str:
    """Returns the name as Cargo accepts it."""
    word = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return word if word[:1].isalpha() else f"model_{word}".rstrip("_")


def _report(files: list[Path], dependencies: str, *, as_json: bool, is_crate: bool) -> None:
    if as_json:
        echo_json({"files": [str(path) for path in files], "dependencies": dependencies})
        return
    for path in files:
        echo_status("Wrote", str(path))
    if not is_crate:
        click.echo("\nIn Cargo.toml:\n\n" + dependencies.rstrip(), err=True)
