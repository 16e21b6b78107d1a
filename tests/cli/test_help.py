"""`--help` is complete, and comes without what is slow to import."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from pycandle.cli.main import COMMANDS

HEAVY = {"torch", "numpy", "rich", "msgspec", "pycandle.codegen", "pycandle.lowering"}


def test_the_help_lists_every_command_with_a_whole_sentence(pycandle: Callable) -> None:
    text = pycandle("--help").stdout

    assert [name for name in COMMANDS if f"\n  {name} " not in text] == []
    assert "..." not in text.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_for_each_option(pycandle: Callable, name: str) -> None:
    from pycandle.cli.main import cli

    command = cli.get_command(cli.make_context("pycandle", ["ops"]), name)
    done = pycandle(name, "--help")

    assert command is not None
    options = [item for item in command.params if item.param_type_name == "option"]
    assert done.code == 0
    assert [item.name for item in options if not getattr(item, "help", None)] == []


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from pycandle.cli.boundary import run; run(['--help']);"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stderr == "[]\n"
