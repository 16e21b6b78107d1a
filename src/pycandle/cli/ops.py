"""`pycandle ops`: the table of supported ops."""

import click

from pycandle.cli.terminal import echo_json


@click.command("ops", short_help="list the supported ops")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def command(as_json: bool) -> None:
    """Lists the ATen ops that PyCandle ports, with what each becomes.

    `pycandle inspect` lists the ops of one model, and which of them are missing here.
    """
    from pycandle.lowering import LOWERINGS

    rows = [LOWERINGS[overload] for overload in sorted(LOWERINGS)]
    if as_json:
        echo_json(
            {"ops": [{"op": row.overload, "schema": row.schema, "rust": row.note} for row in rows]}
        )
        return
    width = max((len(row.overload) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row.overload:{width}}  {row.note}".rstrip())
