"""What `init` prints."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pycandle.project import initialize


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs no uv, and waits for no disk."""
    monkeypatch.setattr(initialize, "run_uv", lambda arguments: 0)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def test_the_size_of_torch_is_said_before_the_download(workdir: Path, pycandle: Callable) -> None:
    done = pycandle("init")

    assert (done.code, done.stdout) == (0, "")
    assert "about 5 GB" in done.stderr
    assert f"Created .pycandle/ in {workdir}" in done.stderr


@pytest.mark.usefixtures("workdir")
def test_a_kept_file_is_named(pycandle: Callable) -> None:
    pycandle("init", "--no-sync")
    Path(".pycandle/scripts/recorder.py").write_text("# mine\n")

    done = pycandle("init", "--no-sync")

    assert "note: .pycandle/scripts/recorder.py is yours, and stays as it is" in done.stderr


@pytest.mark.usefixtures("workdir")
def test_an_upgrade_over_a_changed_file_exits_with_1(pycandle: Callable) -> None:
    pycandle("init", "--no-sync")
    Path(".pycandle/scripts/spy.py").write_text("# mine\n")

    done = pycandle("init", "--upgrade")

    assert done.code == 1
    assert "error[changed-file]" in done.stderr
    assert "--> .pycandle/scripts/spy.py" in done.stderr
    assert Path(".pycandle/scripts/spy.py").read_text() == "# mine\n"


@pytest.mark.usefixtures("workdir")
def test_a_dry_run_says_what_it_would_do(pycandle: Callable) -> None:
    done = pycandle("init", "--dry-run")

    assert "Would create .pycandle/scripts/recorder.py" in done.stderr
    assert not Path(".pycandle").exists()


def test_a_project_above_is_said(
    workdir: Path, pycandle: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    pycandle("init", "--no-sync")
    (workdir / "sub").mkdir()
    monkeypatch.chdir(workdir / "sub")

    done = pycandle("init", "--no-sync")

    assert f"note: there is a project above this one, in {workdir}" in done.stderr
    assert Path(".pycandle").is_dir()
