"""The files of a new `.pycandle/`."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pycandle.project.contents import SOURCE, contents

SCRIPTS = ("scripts/recorder.py", "scripts/spy.py", "scripts/weight_extractor.py")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_formatted_and_lint_free(tmp_path: Path, name: str) -> None:
    path = tmp_path / Path(name).name
    path.write_text(contents()[name])

    for command in (["check", "--select", "E,F,I,UP"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length=100", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_the_extractor_needs_nothing_but_python() -> None:
    header = contents()["scripts/weight_extractor.py"].split("# ///")[1]

    assert "dependencies = []" in header


def test_the_package_is_whole_and_nothing_is_built() -> None:
    vendored = {path for path in contents() if path.startswith(SOURCE)}

    assert f"{SOURCE}/weights/command.py" in vendored
    assert f"{SOURCE}/project/templates/recorder.py.txt" in vendored
    assert not [path for path in vendored if re.search(r"__pycache__|/target/|\.pyc", path)]


def test_every_vendored_module_parses() -> None:
    for path, text in contents().items():
        if path.endswith(".py"):
            ast.parse(text)
