"""The engine runs on the standard library alone, and in constant memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import pycandle

from .manifests import write_manifest

SOURCE = Path(pycandle.__file__).parents[1]

# As a script without site-packages would see it: -I ignores the environment, -S the packages.
ISOLATED = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pycandle.weights.command import main
code = main(sys.argv[2:])
names = {name.partition(".")[0] for name in sys.modules}
foreign = names - sys.stdlib_module_names - {"pycandle", "__main__"}
parts = {name for name in sys.modules if name.startswith("pycandle.")}
print(json.dumps({"code": code, "foreign": sorted(foreign), "parts": sorted(parts),
                  "unpickles": bool({"pickle", "_pickle"} & set(sys.modules)),
                  "runs": bool({"subprocess", "ctypes"} & set(sys.modules))}))
"""


def run_isolated(*arguments: str | Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ISOLATED, str(SOURCE), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("format_name", ["zip", "legacy", "safetensors"])
def test_nothing_outside_the_standard_library_is_imported(format_name: str, tmp_path: Path) -> None:
    state = {"a": torch.randn(20, 30).t(), "b": torch.tensor([True]), "c": torch.ones(2)}
    checkpoint = tmp_path / "checkpoint"
    if format_name == "safetensors":
        save_file({name: tensor.contiguous() for name, tensor in state.items()}, checkpoint)
    else:
        torch.save(state, checkpoint, _use_new_zipfile_serialization=format_name == "zip")
    manifest = write_manifest(tmp_path / "manifest.json", state)

    found = run_isolated(
        "--checkpoint", checkpoint, "--manifest", manifest, "--out", tmp_path / "weights"
    )

    assert found["code"] == 0
    assert found["foreign"] == []
    assert found["unpickles"] is False
    assert found["runs"] is False
    assert all(
        part.startswith("pycandle.weights") or part in ("pycandle.errors", "pycandle.dtypes")
        for part in found["parts"]  # type: ignore[attr-defined]
    )
    assert (tmp_path / "weights").is_file()


MEMORY = """
import sys, tracemalloc
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from pycandle.weights import extract

tracemalloc.start()
extract(*map(Path, sys.argv[2:]))
print(tracemalloc.get_traced_memory()[1])
"""


@pytest.mark.parametrize("strided", [False, True], ids=["contiguous", "strided"])
def test_memory_does_not_grow_with_the_checkpoint(strided: bool, tmp_path: Path) -> None:
    tensor = torch.zeros(4000, 4000)  # 64 MB
    state = {"a": tensor.t() if strided else tensor}
    torch.save(state, tmp_path / "a.pt")
    manifest = write_manifest(tmp_path / "manifest.json", state)
    paths = [tmp_path / "a.pt", manifest, tmp_path / "weights.safetensors"]

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", MEMORY, str(SOURCE), *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) < (12 << 20 if strided else 2 << 20)
