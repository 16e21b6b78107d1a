"""`pycandle run`: runs the generated Rust on tensors in a file."""

from pathlib import Path

import click

from pycandle.cli.options import PATH, check_passes, manifest_option, no_pass_option


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
@no_pass_option
def command(
    manifest: Path, weights: Path, inputs: Path, out: Path, no_pass: tuple[str, ...]
) -> None:
    """Builds the Rust of a manifest and runs it once on the tensors of a file.

    The second run of a manifest compiles nothing.
    """
    from pycandle.verify import run

    run(manifest, weights, inputs, out, disabled=check_passes(no_pass))
