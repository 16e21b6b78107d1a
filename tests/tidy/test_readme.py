"""The README's before and after are real: the Python is recorded, and gives the Rust."""

import re
import runpy
import sys
from pathlib import Path

import pytest

from pycandle.codegen import generate
from pycandle.manifest.reader import read_manifest
from pycandle.recorder.learning import BUDGET_VARIABLE

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def block(language: str, start: str) -> str:
    """Returns the code block in a language whose first line starts so."""
    found = re.search(rf"```{language}\n({start}.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_rust_of_the_readme_is_generated_from_its_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = block("python", "import torch\nfrom spy").replace("../traces", ".")
    (tmp_path / "my_model.py").write_text(block("python", "import torch\nimport torch.nn"))
    (tmp_path / "spy.py").write_text(
        "from pycandle.recorder import GoldenRecorder, install\n\ninstall()\n"
    )
    # More than it takes on any machine: what is learned must not hang on the time.
    monkeypatch.setenv(BUDGET_VARIABLE, "600")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)

    for name in ("spy", "my_model"):
        # Another test may have imported a module of this name from another folder.
        sys.modules.pop(name, None)
    (tmp_path / "recorder.py").write_text(recorder)
    runpy.run_path(str(tmp_path / "recorder.py"))
    for name in ("spy", "my_model"):
        del sys.modules[name]
    generated = generate(read_manifest(tmp_path / "my_large_model_meta_manifest.json"))

    assert generated.files["model.rs"] == block("rust", "//! ")
