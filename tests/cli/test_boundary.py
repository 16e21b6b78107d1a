"""Every way out of a command: exit code, stdout and stderr."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from pycandle.cli import ops
from pycandle.errors import Diagnostic, Place, PyCandleError, UsageError
from pycandle.version import VERSION

PYCANDLE = [sys.executable, "-m", "pycandle"]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, pycandle: Callable) -> Callable:
    """Runs `pycandle ops` with a body that raises."""

    def call(error: BaseException, *arguments: str) -> object:
        def body(**options: object) -> None:
            raise error

        monkeypatch.setattr(ops.command, "callback", body)
        return pycandle(*arguments, "ops")

    return call


def test_a_refusal_is_rendered_on_stderr_and_exits_with_1(failing: Callable) -> None:
    error = PyCandleError(
        [
            Diagnostic("one", "first", Place("a.py", 3, "x = y"), "takes f32", "do this"),
            Diagnostic("two", "second"),
        ]
    )

    done = failing(error)

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == (
        "error[one]: first\n  --> a.py:3\n   |\n 3 |     x = y\n   |     takes f32\n"
        "\nhint: do this\n\nerror[two]: second\n"
    )


def test_wrong_usage_exits_with_2(failing: Callable) -> None:
    assert failing(UsageError(Diagnostic("usage", "no"))).code == 2
    assert failing(click.UsageError("no")).code == 2


def test_a_bug_exits_with_3_and_names_the_files_to_attach(
    failing: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    done = failing(ZeroDivisionError("division by zero"))

    assert (done.code, done.stdout) == (3, "")
    (report,) = tmp_path.glob("pycandle-bug-*.txt")
    assert str(report) in done.stderr
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in report.read_text()


def test_verbose_shows_the_traceback(failing: Callable) -> None:
    assert "Traceback" in failing(ZeroDivisionError("division by zero"), "-v").stderr


def test_the_environment_shows_the_traceback(
    failing: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    # `failing` asked for a clean environment; this is set after it.
    monkeypatch.setenv("PYCANDLE_TRACEBACK", "1")

    assert "Traceback" in failing(ZeroDivisionError("division by zero")).stderr


def test_ctrl_c_exits_with_130(failing: Callable) -> None:
    done = failing(KeyboardInterrupt())

    assert (done.code, done.stderr) == (130, "\ninterrupted\n")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_what_the_machine_refuses_is_no_bug(failing: Callable, code: int) -> None:
    done = failing(OSError(code, os.strerror(code), "out.rs"))

    assert done.code == 1
    assert done.stderr == f"error[io]: {os.strerror(code).lower()}\n  --> out.rs\n"


def test_an_unknown_command_exits_with_2(pycandle: Callable) -> None:
    done = pycandle("port")

    assert (done.code, done.stdout) == (2, "")
    assert "No such command 'port'" in done.stderr


def test_the_version_goes_to_stdout(pycandle: Callable) -> None:
    assert pycandle("--version").stdout == f"pycandle {VERSION}\n"


def test_no_color_and_pipes_get_no_colours() -> None:
    done = subprocess.run([*PYCANDLE, "port"], capture_output=True, check=False)

    assert b"\x1b" not in done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    command = f'"{sys.executable}" -m pycandle ops --json | head -c 1'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("{", "")
