"""`pycandle extract`: writes the weights that the generated Rust loads."""

from typing import Any

import click


@click.command("extract", short_help="write the weights that the Rust loads")
@click.option(
    "--checkpoint",
    required=True,
    metavar="C",
    help="safetensors, torch's .bin/.pt/.pth, an index of shards, or a directory with one.",
)
@click.option("--manifest", required=True, metavar="M", help="What `pycandle record` wrote.")
@click.option("--out", required=True, metavar="W", help="The safetensors file to write.")
@click.option(
    "--subtree",
    metavar="KEYS",
    help="The state dict in a checkpoint that holds several: its keys, joined by dots.",
)
@click.option(
    "--rename",
    multiple=True,
    metavar="REGEX=REPL",
    help="Change the checkpoint's names, as Python's re.sub does. May be repeated, in order.",
)
@click.option(
    "--dtype",
    type=click.Choice(["f16", "bf16", "f32"]),
    help="Cast the checkpoint's floats; needs NumPy.",
)
@click.option(
    "--max-shard-size",
    metavar="SIZE",
    help="Write shards of at most SIZE, `5GB` or `500MiB`, and an index beside W.",
)
@click.option("--ledger", metavar="L", help="Write to this JSON file what each tensor is made of.")
@click.option("--verify", is_flag=True, help="Read everything again before W is replaced.")
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Copy with the workers of this Dask scheduler, which share the storage.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, print the plan, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print report and plan as JSON.")
def command(checkpoint: str, manifest: str, out: str, **options: Any) -> int:
    """Copies the tensors that the manifest needs from a checkpoint to a safetensors file.

    Reads only the needed bytes, in constant memory, and never runs a pickle.
    The same engine as .pycandle/scripts/weight_extractor.py.
    """
    from pycandle.weights.command import main

    arguments = ["--checkpoint", checkpoint, "--manifest", manifest, "--out", out]
    options["json"] = options.pop("as_json")
    for name, value in options.items():
        arguments += _spell(f"--{name.replace('_', '-')}", value)
    return main(arguments)


def _spell(option: str, value: object) -> list[str]:
    """Returns an option as it stands on a command line."""
    match value:
        case None | False:
            return []
        case True:
            return [option]
        case tuple():
            # One word each: a pattern may start with a dash.
            return [f"{option}={item}" for item in value]
        case _:
            return [f"{option}={value}"]
