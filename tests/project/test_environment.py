"""The real thing: a project with torch, as a user makes it, and its copy on a second machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pycandle.project.uv import get_uv

PYCANDLE = [sys.executable, "-m", "pycandle"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose built-in example is recorded."""
    root = tmp_path_factory.mktemp("project")
    run(*PYCANDLE, "init", cwd=root)
    run(*PYCANDLE, "record", cwd=root)
    return root


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def manifest(root: Path) -> bytes:
    return (root / ".pycandle" / "traces" / "example_manifest.json").read_bytes()


def test_the_template_records_as_it_is(project: Path) -> None:
    traces = sorted(path.name for path in (project / ".pycandle" / "traces").iterdir())

    assert traces == [".gitkeep", "example_manifest.json", "example_trace.safetensors"]


def test_a_second_init_needs_no_network(project: Path) -> None:
    environment = os.environ | {"UV_OFFLINE": "1"}
    done = subprocess.run(
        [*PYCANDLE, "init"], cwd=project, env=environment, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_a_copy_records_the_same_manifest_byte_for_byte(project: Path, tmp_path: Path) -> None:
    """Without its environment: uv makes it again from the lock."""
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(
        project, copy, ignore=shutil.ignore_patterns(".venv", "example_*", "__pycache__")
    )

    run(*PYCANDLE, "record", cwd=copy)

    assert manifest(copy) == manifest(project)


def test_the_extractor_runs_with_uv_alone(project: Path) -> None:
    stderr = run(
        *(get_uv(), "run", "--offline", ".pycandle/scripts/weight_extractor.py", "--help"),
        cwd=project,
    )

    assert "Traceback" not in stderr
