"""The door to PyTorch."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from pycandle.errors import PyCandleError
from pycandle.verify import reference
from pycandle.verify.reference import Reference, ReplayError, find_python


def stub(tmp_path: Path, code: str) -> Reference:
    script = tmp_path / "door.py"
    script.write_text(code, encoding="utf-8")
    python = (sys.executable, str(script))
    return Reference(python, tmp_path / "m.json", "forward", tmp_path / "w.safetensors")


def test_the_request_is_json_with_all_paths(tmp_path: Path) -> None:
    door = stub(
        tmp_path, f"import shutil, sys\nshutil.copy(sys.argv[-1], {str(tmp_path / 'out')!r})"
    )

    door.replay([tmp_path / "in"], [tmp_path / "out"], "float64", scratch=tmp_path)

    assert json.loads((tmp_path / "out").read_text("utf-8")) == {
        "manifest": str(tmp_path / "m.json"),
        "entry": "forward",
        "weights": str(tmp_path / "w.safetensors"),
        "inputs": [str(tmp_path / "in")],
        "out": [str(tmp_path / "out")],
        "dtype": "float64",
        "calls": True,
    }


def test_a_failure_has_the_last_line_as_its_reason(tmp_path: Path) -> None:
    door = stub(tmp_path, "import sys\nsys.exit('Traceback\\nIndexError: out of range\\n\\n')")

    with pytest.raises(ReplayError) as caught:
        door.replay([], [], "float32", scratch=tmp_path)

    assert caught.value.reason == "IndexError: out of range"


def test_of_a_diagnostic_the_title_is_the_reason() -> None:
    said = "error[input-shape]: `x` has another shape\n  --> input `x`\n\nhint: no"

    assert ReplayError(said).reason == "`x` has another shape"


def test_an_answer_that_is_not_written_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="it wrote no out"):
        stub(tmp_path, "").replay([], [tmp_path / "out"], "float32", scratch=tmp_path)


def test_a_python_that_is_missing_is_refused(tmp_path: Path) -> None:
    door = Reference((str(tmp_path / "python"),), tmp_path, "forward", tmp_path)

    with pytest.raises(PyCandleError, match="cannot start Python"):
        door.replay([], [], "float32", scratch=tmp_path)


def test_the_project_above_the_manifest_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".pycandle" / "traces").mkdir(parents=True)
    (tmp_path / ".pycandle" / "pyproject.toml").touch()
    monkeypatch.setattr(reference, "get_uv", lambda: "uv")

    found = find_python(tmp_path / ".pycandle" / "traces" / "m_manifest.json")

    project = str(tmp_path / ".pycandle")
    assert found == ("uv", "run", "--project", project, "--frozen", "python")


def test_without_a_project_our_own_python_is_used_if_it_has_torch(
    workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_python(workdir / "m.json") == (sys.executable,)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PyCandleError, match="`pycandle init` makes an environment"):
        find_python(workdir / "m.json")
