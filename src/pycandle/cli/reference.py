"""Writes the pages that the command line is documented by, from the commands themselves."""

import json
import sys
from pathlib import Path
from typing import Any

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


def inspection_schema() -> str:
    """Returns the JSON Schema of what `pycandle inspect --json` prints."""
    import msgspec

    from pycandle.cli.inspection import Inspection

    schema: dict[str, Any] = msgspec.json.schema(Inspection)
    return json.dumps(schema, indent=1) + "\n"


def write(folder: Path) -> None:
    """Writes both pages to a folder."""
    (folder / "cli.md").write_text(render(), "utf-8")
    (folder / "inspect.schema.json").write_text(inspection_schema(), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
