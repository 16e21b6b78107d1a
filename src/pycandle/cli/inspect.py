"""`pycandle inspect`: what is in a manifest, and what `codegen` would refuse."""

from pathlib import Path

import click

from pycandle.cli.options import manifest_option
from pycandle.cli.terminal import echo_error
from pycandle.errors import PyCandleError


@click.command("inspect", short_help="show what is in a manifest")
@manifest_option
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
@click.option(
    "--stage", metavar="NAME", help="Show what one stage of the compiler makes; `help` lists them."
)
def command(manifest: Path, as_json: bool, stage: str | None) -> int:
    """Shows the model of a manifest: modules, sizes, state, and ops with their support.

    Exits with 1 if `pycandle codegen` would refuse the model, and says why.
    """
    if stage is not None:
        if as_json:
            raise click.UsageError("--stage prints text, and --json does not change it")
        return _show_stage(manifest, stage)
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


def _show_stage(manifest: Path, stage: str) -> int:
    """Prints one stage; of a model that is refused, as far as it came."""
    from pycandle.codegen import STAGES, Watch, generate
    from pycandle.manifest.reader import read_manifest

    if stage not in STAGES:
        width = max(map(len, STAGES))
        listed = "\n".join(f"  {name:{width}}  {shows}" for name, shows in STAGES.items())
        raise click.UsageError(f"--stage: no stage `{stage}`; there are\n{listed}")
    recorded = read_manifest(manifest)
    watch = Watch(stage)
    refusal: PyCandleError | None = None
    try:
        generate(recorded, watch=watch)
    except PyCandleError as error:
        refusal = error
    if watch.text is not None:
        click.echo(watch.text)
    if refusal is None:
        return 0
    echo_error(refusal.render())
    return refusal.exit_code
