"""`pycandle run`: runs the generated Rust on tensors in a file."""

from pathlib import Path

import click

from pycandle.cli.options import PATH, check_passes, manifest_option, no_pass_option
from pycandle.cli.terminal import echo_status


@click.command("run", short_help="run the Rust on tensors in a file")
@manifest_option
@click.option(
    "--weights", required=True, metavar="W", type=PATH, help="What `pycandle extract` wrote."
)
@click.option(
    "--inputs",
    required=True,
    metavar="I",
    type=PATH,
    help="A safetensors file with the model's inputs by name.",
)
@click.option(
    "--out",
    required=True,
    metavar="O",
    type=PATH,
    help="The safetensors file to write the outputs to: `output`, or their names.",
)
@click.option(
    "--entry",
    default="forward",
    show_default=True,
    metavar="NAME",
    help="The recorded method to run.",
)
@no_pass_option
def command(
    manifest: Path, weights: Path, inputs: Path, out: Path, entry: str, no_pass: tuple[str, ...]
) -> None:
    """Builds the Rust of a manifest and runs it once on the tensors of a file.

    The second run of a manifest compiles nothing.
    """
    from pycandle.verify import run

    done = run(
        manifest,
        weights,
        inputs,
        out,
        entry=entry,
        disabled=check_passes(no_pass),
        on_progress=lambda line: click.echo(line, err=True),
    )
    forward = sum(done.forward_seconds)
    echo_status("Ran", f"loading {done.load_seconds:.2f} s, {entry} {forward:.2f} s")
    echo_status("Wrote", str(out))
