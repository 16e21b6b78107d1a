"""`python -m pycandle.recorder run SCRIPT`, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pycandle
from pycandle.recorder.__main__ import main

SPY = "from pycandle.recorder import GoldenRecorder, install\ninstall()\n"
MODEL = """
import torch

class MyLargeModel(torch.nn.Module):
    dim = 6

    def __init__(self):
        super().__init__()
        self.proj = torch.nn.Linear(6, 6)
        self.register_buffer("steps", torch.arange(6.0) / 7, persistent=False)

    def forward(self, x):
        return self.proj(x) * self.steps
"""
RECORDER = """
import torch
from spy import GoldenRecorder
from my_model import MyLargeModel

# 1. Use meta device for zero-memory allocation
device = "meta"
with torch.device(device):
    model = MyLargeModel()
model.eval()

# 2. Dummy inputs must also be on meta
dummy_input = torch.randn(1, 128, model.dim, device=device)

# 3. Record
recorder = GoldenRecorder(output_dir="../traces")
recorder.record(model, dummy_input)
recorder.save("my_large_model_meta")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a `.pycandle/` and a model in `src/`."""
    scripts = tmp_path / "project" / ".pycandle" / "scripts"
    scripts.mkdir(parents=True)
    (scripts / "spy.py").write_text(SPY)
    (scripts / "recorder.py").write_text(RECORDER)
    source = tmp_path / "project" / "src"
    source.mkdir()
    (source / "my_model.py").write_text(MODEL)
    return tmp_path / "project"


@pytest.fixture
def in_process(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, with all that running a script changes put back afterwards."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("PYCANDLE_PROJECT", str(project))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    return project


def run(project: Path, script: str = "recorder.py") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(project, script), **options(project))


def command(project: Path, script: str) -> list[str]:
    path = project / ".pycandle" / "scripts" / script
    return [sys.executable, "-m", "pycandle.recorder", "run", str(path)]


def options(project: Path) -> dict:
    source = str(Path(pycandle.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": "random"}
    environment.pop("PYCANDLE_PROJECT", None)
    return {"cwd": project.parent, "env": environment, "capture_output": True, "text": True}


def test_the_workflows_script_writes_the_same_bytes_on_another_machine(project, tmp_path):
    first = run(project)
    files = {path.name: path.read_bytes() for path in (project / ".pycandle/traces").iterdir()}
    other = project.rename(tmp_path / "elsewhere")

    second = run(other)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert set(files) == {
        "my_large_model_meta_manifest.json",
        "my_large_model_meta_trace.safetensors",
    }
    again = {path.name: path.read_bytes() for path in (other / ".pycandle/traces").iterdir()}
    assert again == files
    assert str(tmp_path).encode() not in b"".join(files.values())


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        ("x = 1\n", 1, "error[nothing-recorded]"),
        (RECORDER.replace("recorder.save", "str"), 1, "error[nothing-saved]"),
        ("def f():\n    raise ValueError('no such file')\nf()\n", 1, "bad.py:2, in `f`"),
        ("x = (\n", 1, "error[script-failed]: the script failed with SyntaxError"),
        ("import no_such_package\n", 1, "ModuleNotFoundError"),
        ("import sys\nsys.exit(3)\n", 3, ""),
        ("raise KeyboardInterrupt\n", 130, "interrupted"),
    ],
)
def test_a_script_that_does_not_record_is_refused(in_process, body, code, says, capsys):
    bad = in_process / ".pycandle/scripts/bad.py"
    bad.write_text(body)

    found = main(["run", str(bad)])

    said = capsys.readouterr().err
    assert found == code
    assert says in said
    assert "Traceback" not in said
    assert not (in_process / ".pycandle/traces").exists()


def test_a_missing_script_is_refused(in_process, capsys):
    code = main(["run", str(in_process / "absent.py")])

    assert code == 1
    assert "error[no-script]" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["run"], ["play", "x"]])
def test_wrong_usage_has_its_own_exit_code(arguments, capsys):
    assert main(arguments) == 2
    assert "run SCRIPT" in capsys.readouterr().err


def test_an_interrupt_while_saving_leaves_no_part(tmp_path, monkeypatch):
    from pycandle.recorder import trace

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(trace, "save_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trace.write_tensors({}, tmp_path / "x.safetensors")

    assert list(tmp_path.iterdir()) == []
