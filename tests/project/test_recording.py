"""`record` crosses to the environment of `.pycandle/`, or says why it cannot."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pycandle.project.atomic import write_texts
from pycandle.project.contents import SOURCE, contents
from pycandle.project.layout import Layout

UV = """#!{python}
import json, os, signal, sys, time
with open(os.environ["SEEN"], "w") as file:
    keys = ("PYCANDLE_PROJECT", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    json.dump(
        {{"arguments": sys.argv[1:], "cwd": os.getcwd(), **{{k: os.environ.get(k) for k in keys}}}},
        file,
    )
{body}
"""


@pytest.fixture
def layout(workdir: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A project as `init` leaves it, without an environment."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    layout = Layout(workdir)
    write_texts({layout.folder / path: text for path, text in contents().items()})
    layout.pyproject.write_text("[project]\n")
    layout.lock.write_text("")
    return layout


@pytest.fixture
def fake_uv(workdir: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program in uv's place that writes down how it was called."""
    monkeypatch.setenv("SEEN", str(workdir / "seen.json"))

    def make(body: str) -> None:
        path = workdir / "bin" / "uv"
        path.parent.mkdir()
        path.write_text(UV.format(python=sys.executable, body=body))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")

    return make


def seen(layout: Layout) -> dict[str, object]:
    import json

    document: dict[str, object] = json.loads((layout.root / "seen.json").read_text())
    return document


def test_record_runs_the_recorder_in_the_scripts_folder(
    layout: Layout,
    fake_uv: Callable,
    pycandle: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake_uv("")
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["lib", str(layout.vendored / "src")]))
    (layout.root / "sub").mkdir()
    monkeypatch.chdir(layout.root / "sub")

    done = pycandle("record")

    assert (done.code, done.stderr) == (0, "")
    assert seen(layout) == {
        "arguments": [
            *("run", "--project", str(layout.folder), "--frozen", "python"),
            *("-m", "pycandle.recorder", "run", str(layout.recorder)),
        ],
        "cwd": str(layout.scripts),
        "PYCANDLE_PROJECT": str(layout.root),
        "VIRTUAL_ENV": None,
        "PYTHONPATH": "lib",
        "PYTHONDONTWRITEBYTECODE": None,
    }


@pytest.mark.usefixtures("layout")
def test_the_recorders_exit_code_is_the_commands(fake_uv: Callable, pycandle: Callable) -> None:
    fake_uv("sys.exit(7)")

    assert pycandle("record").code == 7


def test_a_script_of_the_users_is_found_from_the_working_directory(
    layout: Layout, fake_uv: Callable, pycandle: Callable
) -> None:
    fake_uv("")
    (layout.root / "mine.py").write_text("")

    pycandle("record", "mine.py")

    assert seen(layout)["arguments"][-1] == str(layout.root / "mine.py")  # type: ignore[index]


@pytest.mark.usefixtures("workdir")
def test_without_a_project_record_says_how_to_make_one(pycandle: Callable) -> None:
    done = pycandle("record")

    assert done.code == 1
    assert "error[no-project]" in done.stderr
    assert "hint: `pycandle init`" in done.stderr


@pytest.mark.usefixtures("layout")
def test_a_missing_script_is_refused(pycandle: Callable) -> None:
    done = pycandle("record", "gone.py")

    assert done.code == 1
    assert "error[no-script]" in done.stderr


def test_a_missing_lock_is_refused(layout: Layout, pycandle: Callable) -> None:
    layout.lock.unlink()

    assert "error[no-lock]" in pycandle("record").stderr


def test_another_version_is_refused_with_the_upgrade(layout: Layout, pycandle: Callable) -> None:
    (layout.folder / SOURCE / "version.py").write_text('VERSION = "9.9.9"\n')

    done = pycandle("record")

    assert done.code == 1
    assert "records with PyCandle 9.9.9" in done.stderr
    assert "hint: `pycandle init --upgrade`" in done.stderr


def test_without_uv_record_says_what_to_install(
    layout: Layout, pycandle: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(layout.root / "python"))

    done = pycandle("record")

    assert done.code == 1
    assert "error[missing-tool]: `uv`" in done.stderr


def interrupt(*, group: bool, body: str, fake_uv: Callable) -> tuple[int, str]:
    """Interrupts a `pycandle record` once its child runs; returns exit code and stderr."""
    fake_uv(body)
    process = subprocess.Popen(
        [sys.executable, "-m", "pycandle", "record"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not Path("ready").exists() and not (Path(".pycandle/scripts/ready")).exists():
        assert time.monotonic() < deadline, "the child did not start"
        time.sleep(0.02)
    (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    return process.returncode, stderr


WAITING = """
import signal
def stop(number, frame):
    open("cleaned", "w").close()
    sys.exit(130)
signal.signal({signal}, stop)
open("ready", "w").close()
time.sleep(60)
"""


def test_ctrl_c_lets_the_child_clean_up_and_exits_with_130(
    layout: Layout, fake_uv: Callable
) -> None:
    body = WAITING.format(signal="signal.SIGINT")
    code, stderr = interrupt(group=True, body=body, fake_uv=fake_uv)

    assert code == 130
    assert "Traceback" not in stderr
    assert (layout.scripts / "cleaned").exists()


def test_a_child_that_the_interrupt_did_not_reach_is_ended(
    layout: Layout, fake_uv: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYCANDLE_GRACE", "0.2")
    body = WAITING.format(signal="signal.SIGTERM")
    code, _ = interrupt(group=False, body=body, fake_uv=fake_uv)

    assert code == 130
    assert (layout.scripts / "cleaned").exists()
