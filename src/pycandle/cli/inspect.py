"""`pycandle inspect`: what is in a manifest, and what `codegen` would refuse."""

from pathlib import Path

import click

from pycandle.cli.options import manifest_option
from pycandle.cli.terminal import echo_error


@click.command("inspect", short_help="show what is in a manifest")
@manifest_option
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
def command(manifest: Path, as_json: bool) -> int:
    """Shows the model of a manifest: modules, sizes, state, and ops with their support.

    Exits with 1 if `pycandle codegen` would refuse the model, and says why.
    """
    import msgspec

    from pycandle.cli.inspection import inspect_manifest
    from pycandle.cli.inspection_text import render
    from pycandle.manifest.reader import read_manifest

    inspection, refusal = inspect_manifest(read_manifest(manifest))
    if as_json:
        encoded = msgspec.json.format(msgspec.json.encode(inspection), indent=2)
        click.echo(encoded.decode())
    else:
        click.echo(render(inspection))
    if refusal is None:
        return 0
    echo_error(("" if as_json else "\n") + refusal.render())
    return refusal.exit_code
