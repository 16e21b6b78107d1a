"""The group `pycandle`, and the list of its commands."""

from importlib import import_module

import click

from pycandle.version import VERSION

COMMANDS = (
    "init",
    "record",
    "inspect",
    "codegen",
    "extract",
    "verify",
    "run",
    "ops",
    "doctor",
)
"""In the order of a port. Each is the function `command` of `pycandle.cli.NAME`."""


class CommandGroup(click.Group):
    """A group that imports the module of a command when it is asked for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the names in the order of a port, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns the command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pycandle.cli.{cmd_name}")
        command: click.Command = module.command
        return command


@click.command(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="pycandle %(version)s")
@click.option("-v", "--verbose", is_flag=True, help="Show the traceback of an internal error.")
def cli(verbose: bool) -> None:
    """Ports a PyTorch model to Rust on Candle, without ever loading its weights.

    \b
    pycandle init
    pycandle record                      runs .pycandle/scripts/recorder.py
    pycandle codegen --manifest M --out src/model.rs
    pycandle extract --checkpoint C --manifest M --out W
    pycandle verify --manifest M --weights W

    Data goes to stdout, everything else to stderr.
    Exit codes: 0 done; 1 refused, or parity failed; 2 wrong usage; 3 a bug in PyCandle.
    """
