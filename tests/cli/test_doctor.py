"""`doctor` finds what is there, and says what to install for what is not."""

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def tools(workdir: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes a PATH that holds just these programs, which print these versions."""
    folder = workdir / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(sys, "executable", str(workdir / "nowhere" / "python"))

    def make(**versions: str) -> None:
        for name, version in versions.items():
            path = folder / name
            path.write_text(f"#!/bin/sh\necho '{version}'\n")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)

    return make


EVERY = {
    "uv": "uv 0.13.9",
    "cargo": "cargo 1.95.0",
    "rustc": "rustc 1.95.0 (59807616e 2026-04-14)",
    "rustfmt": "rustfmt 1.9.0",
    "cc": "cc 12.2.0",
}


def test_a_complete_machine_is_fine(tools: Callable, pycandle: Callable) -> None:
    tools(**EVERY)

    done = pycandle("doctor")

    assert (done.code, done.stderr) == (0, "")
    assert [line[:2] for line in done.stdout.splitlines()] == ["ok"] * 5


def test_everything_that_is_missing_is_said_at_once(tools: Callable, pycandle: Callable) -> None:
    tools(cargo=EVERY["cargo"], rustc="rustc 1.86.0 (2025-03-31)")

    done = pycandle("doctor")

    assert done.code == 1
    titles = [line for line in done.stderr.splitlines() if line.startswith("error")]
    assert titles == [
        "error[missing-tool]: `uv`: not found",
        "error[missing-tool]: `rustc`: rustc 1.86.0 (2025-03-31) is too old: "
        "Candle needs 1.87 or newer",
        "error[missing-tool]: `rustfmt`: not found",
        "error[missing-tool]: `cc`: not found",
    ]
    assert done.stderr.count("hint: ") == 4


def test_a_tool_that_does_not_run_is_no_tool(tools: Callable, pycandle: Callable) -> None:
    tools(**EVERY)
    Path(os.environ["PATH"], "cargo").write_text("#!/bin/sh\nexit 1\n")

    assert "`cargo`: does not run" in pycandle("doctor").stderr


def test_json_has_every_tool(tools: Callable, pycandle: Callable) -> None:
    tools(**EVERY)

    document = json.loads(pycandle("doctor", "--json").stdout)

    assert [tool["name"] for tool in document["tools"]] == ["uv", "cargo", "rustc", "rustfmt", "cc"]
    assert document["tools"][0]["version"] == "uv 0.13.9"
