"""`pycandle extract`: writes the weights that the generated Rust loads."""

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
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    checkpoint: str,
    manifest: str,
    out: str,
    subtree: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Copies the tensors that the manifest needs from a checkpoint to a safetensors file.

    Reads only the needed bytes, in constant memory, and never runs a pickle.
    The same engine as .pycandle/scripts/weight_extractor.py.
    """
    from pycandle.weights.command import main

    arguments = ["--checkpoint", checkpoint, "--manifest", manifest, "--out", out]
    arguments += ["--subtree", subtree] if subtree is not None else []
    arguments += ["--dry-run"] if dry_run else []
    arguments += ["--json"] if as_json else []
    return main(arguments)
