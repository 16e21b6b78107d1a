"""`pycandle doctor`: what is missing on this machine."""

import click

from pycandle.cli.terminal import echo_json


@click.command("doctor", short_help="say what is missing on this machine")
@click.option("--json", "as_json", is_flag=True, help="Print the tools as JSON.")
def command(as_json: bool) -> None:
    """Looks for uv, cargo, rustc, rustfmt and a C compiler, and says what to install.

    Exits with 1 if one is missing or too old.
    """
    from pycandle.errors import PyCandleError
    from pycandle.project.machine import find_tools, problems

    tools = find_tools()
    if as_json:
        echo_json({"tools": [tool.to_json() for tool in tools]})
    else:
        for tool in tools:
            mark = "ok" if tool.problem is None else "--"
            click.echo(f"{mark}  {tool.name:8} {tool.version or tool.problem:44} {tool.purpose}")
    found = problems(tools)
    if found:
        raise PyCandleError(found)
