"""Writes docs/cli.md, the reference of the command line, from the commands themselves."""

import sys
from pathlib import Path

import click

from pycandle.cli.main import cli

_WIDTH = 96


def render() -> str:
    """Returns the page."""
    parts = [
        "# The command line",
        "This page is generated from the commands: `make fix` writes it.",
        _section("pycandle", cli, None),
    ]
    group = click.Context(cli, info_name="pycandle")
    for name in cli.list_commands(group):
        command = cli.get_command(group, name)
        assert command is not None
        parts.append(_section(f"pycandle {name}", command, group))
    return "\n\n".join(parts) + "\n"


def _section(title: str, command: click.Command, parent: click.Context | None) -> str:
    name = title.rpartition(" ")[2]
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        max_content_width=_WIDTH,
        terminal_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    return f"## {title}\n\n```text\n{command.get_help(context).rstrip()}\n```"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), "utf-8")
