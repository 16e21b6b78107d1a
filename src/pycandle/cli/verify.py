"""`pycandle verify`: compares the generated Rust with PyTorch."""

from pathlib import Path

import click

from pycandle.cli.options import PATH, check_passes, no_pass_option


@click.command("verify", short_help="compare the Rust with PyTorch")
@click.argument("manifests", nargs=-1, type=PATH)
@click.option(
    "--manifest",
    "more_manifests",
    multiple=True,
    metavar="M",
    type=PATH,
    help="A manifest; several share one build. May be repeated, or be given as arguments.",
)
@click.option(
    "--weights",
    metavar="W",
    type=PATH,
    help="What `pycandle extract` wrote. Default: the recording's own, else random ones.",
)
@click.option(
    "--inputs",
    multiple=True,
    metavar="FILE",
    type=PATH,
    help="A safetensors file with the model's inputs by name. May be repeated. Default: drawn.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--save", metavar="DIR", type=PATH, help="Keep the inputs and outputs there.")
@click.option(
    "--source", metavar="FILE", type=PATH, help="Check this Rust file, yours, by its outputs."
)
@click.option(
    "--as",
    "as_manifest",
    metavar="B",
    type=PATH,
    help="The manifest of another configuration: checks the code of M with the Config, the "
    "weights and the answers of B.",
)
@click.option("--report", metavar="FILE", type=PATH, help="Write the report as an HTML page.")
@no_pass_option
def command(
    manifests: tuple[Path, ...],
    more_manifests: tuple[Path, ...],
    weights: Path | None,
    inputs: tuple[Path, ...],
    as_json: bool,
    save: Path | None,
    source: Path | None,
    as_manifest: Path | None,
    report: Path | None,
    no_pass: tuple[str, ...],
) -> int:
    """Builds the Rust, runs it and PyTorch on the same inputs, and compares module by module.

    The tolerance comes from PyTorch's own error, measured against float64.
    Exits with 1 if a value is outside it, naming the first module whose own error is too large.
    """
    every = (*manifests, *more_manifests)
    if not every:
        raise click.UsageError("a manifest is needed: --manifest M")
    if len(every) > 1 and (weights or inputs or source):
        raise click.UsageError("--weights, --inputs and --source are for one manifest")
    if as_manifest and (len(every) > 1 or source):
        raise click.UsageError("--as is for the generated code of one manifest")

    from pycandle.verify.command import verify_command

    return verify_command(
        list(every),
        weights=weights,
        inputs=inputs,
        as_json=as_json,
        save=save,
        source=source,
        as_manifest=as_manifest,
        report=report,
        disabled=check_passes(no_pass),
    )
