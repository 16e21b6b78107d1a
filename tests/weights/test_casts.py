"""Casts have torch's bits, and what they lose is counted."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import pycandle
from pycandle.errors import PyCandleError
from pycandle.weights import Report, extract
from pycandle.weights.casts import STEP, make_cast
from pycandle.weights.command import main

from .manifests import state_tensor, write_manifest

RUN = f"""
import sys
sys.path.insert(0, {str(Path(pycandle.__file__).parents[1])!r})
from pycandle.weights.command import main
sys.exit(main(sys.argv[1:]))
"""

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
}
INTEGERS = {8: torch.int64, 4: torch.int32, 2: torch.int16}


def patterns(dtype: torch.dtype) -> torch.Tensor:
    """Returns random bits, and numbers of every size up to infinity."""
    torch.manual_seed(0)
    count = 3 * STEP // 2
    bits = torch.randint(0, 256, (count * dtype.itemsize,), dtype=torch.uint8).view(dtype)
    spread = 10.0 ** torch.randint(-50, 45, (count,))
    normal = (torch.randn(count, dtype=torch.float64) * spread).to(dtype)
    edges = torch.tensor([0.0, -0.0, float("inf"), -float("inf"), float("nan"), 65519.9, 65520.0])
    return torch.cat([bits, normal, edges.to(dtype)])


def as_bytes(tensor: torch.Tensor) -> bytes:
    return tensor.contiguous().view(torch.uint8).numpy().tobytes()


@pytest.mark.parametrize("target", ["F32", "F16", "BF16"])
@pytest.mark.parametrize("source", DTYPES)
def test_a_cast_has_the_bits_of_torch(source: str, target: str) -> None:
    values = patterns(DTYPES[source])
    expected = values.to(DTYPES[target])

    cast = make_cast(source, target)
    found = torch.frombuffer(bytearray(cast.convert(as_bytes(values))), dtype=DTYPES[target])

    integer = INTEGERS[found.element_size()]
    differ = found.view(integer) != expected.view(integer)
    # Any NaN stays a NaN; which one is left open.
    assert found.isnan().equal(expected.isnan())
    assert not (differ & ~expected.isnan()).any()
    assert cast.overflows == int((expected.isinf() & ~values.isinf()).sum())
    assert cast.underflows == int(((expected == 0) & (values != 0)).sum())


@pytest.mark.parametrize("high", range(0, 65536, 8192))
def test_every_half_is_cast_to_single_as_torch_does(high: int) -> None:
    bits = torch.arange(high, high + 8192, dtype=torch.int32).to(torch.uint16)
    for tag in ("F16", "BF16"):
        values = bits.view(DTYPES[tag])

        found = make_cast(tag, "F32").convert(as_bytes(values))

        expected = values.float()
        actual = torch.frombuffer(bytearray(found), dtype=torch.float32)
        assert actual.equal(expected) or (
            actual.isnan().equal(expected.isnan())
            and actual.nan_to_num().equal(expected.nan_to_num())
        )


def extracted(directory: Path, state: dict[str, torch.Tensor], dtype: str) -> Report:
    """Casts what is saved with torch, so that views stay views."""
    torch.save(state, directory / "model.pt")
    manifest = write_manifest(directory / "manifest.json", state)
    return extract(directory / "model.pt", manifest, directory / "out", dtype=dtype)


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32"])
def test_floats_are_cast_and_nothing_else_is(dtype: str, tmp_path: Path) -> None:
    wanted = {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32}[dtype]
    state = {
        "weight": torch.randn(300, 200),
        "transposed": torch.randn(70, 90, dtype=torch.float64).t(),
        "half": torch.randn(5).half(),
        "eight": torch.randn(5).to(torch.float8_e4m3fn),
        "index": torch.arange(5),
        "flag": torch.tensor([True, False]),
    }

    report = extracted(tmp_path, state, dtype)

    written = load_file(tmp_path / "out")
    for name in ("weight", "transposed", "half"):
        assert written[name].dtype == wanted
        assert written[name].equal(state[name].to(wanted))
    assert written["eight"].view(torch.uint8).equal(state["eight"].view(torch.uint8))
    assert written["index"].equal(state["index"])
    assert written["flag"].tolist() == [1, 0]
    assert report.conversions == {"BOOL to U8": 1}
    assert sum(report.casts.values()) == (2 if dtype == "f16" else 3) - (dtype == "f32")


def test_the_output_of_a_cast_is_what_safetensors_writes(tmp_path: Path) -> None:
    state = {"a": torch.randn(1000, 300), "b": torch.randn(3)}

    extracted(tmp_path, state, "bf16")

    save_file({name: item.bfloat16() for name, item in state.items()}, tmp_path / "expected")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "expected").read_bytes()


def test_what_becomes_infinite_is_counted_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = {"a": torch.tensor([1.0, 1e5, -1e6, float("inf")]), "b": torch.tensor([1e-9, 0.0])}
    save_file(state, tmp_path / "model")
    manifest = write_manifest(tmp_path / "manifest.json", state)
    words = ["--checkpoint", str(tmp_path / "model"), "--manifest", str(manifest)]

    code = main([*words, "--out", str(tmp_path / "out"), "--dtype", "f16", "--json"])

    printed = capsys.readouterr()
    assert code == 0
    assert "warning: 2 finite values of 1 tensors are infinite in F16 (`a`)" in printed.err
    assert "rounded to zero by casts: 1 values" in printed.err
    assert json.loads(printed.out)["losses"] == [
        {"tensor": "a", "target": "F16", "overflows": 2, "underflows": 0},
        {"tensor": "b", "target": "F16", "overflows": 0, "underflows": 1},
    ]


def test_what_the_recording_holds_keeps_its_dtype(tmp_path: Path) -> None:
    """Rotary frequencies are read as they were recorded, for their digits."""
    table = torch.randn(4)
    save_file({"weight": torch.ones(2)}, tmp_path / "model")
    save_file({"state/inv_freq": table}, tmp_path / "trace.safetensors")
    entries = [
        state_tensor("weight", torch.ones(2)),
        state_tensor("inv_freq", table, kind="non_persistent_buffer"),
    ]
    manifest = write_manifest(tmp_path / "manifest.json", entries)

    extract(tmp_path / "model", manifest, tmp_path / "out", dtype="bf16")

    written = load_file(tmp_path / "out")
    assert written["weight"].dtype == torch.bfloat16
    assert written["inv_freq"].equal(table)


def test_a_cast_without_numpy_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)

    with pytest.raises(PyCandleError) as refused:
        extracted(tmp_path, {"a": torch.ones(1)}, "f16")

    problem = refused.value.diagnostics[0]
    assert problem.code == "missing-package"
    assert problem.hint == f"`uv pip install --python {sys.executable} numpy`"
    assert not (tmp_path / "out").exists()


def test_the_script_says_how_it_is_run_with_numpy(tmp_path: Path) -> None:
    script = tmp_path / "weight extractor.py"
    script.write_text(RUN)
    save_file({"a": torch.ones(1)}, tmp_path / "model")
    manifest = write_manifest(tmp_path / "manifest.json", {"a": torch.ones(1)})
    words = ["--checkpoint", str(tmp_path / "model"), "--manifest", str(manifest)]
    words += ["--out", str(tmp_path / "out"), "--dtype", "f16"]

    bare = subprocess.run(
        [sys.executable, "-I", "-S", str(script), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    hint = bare.stderr.strip().removesuffix("`").rpartition("`")[2]
    advised = shlex.split(hint)

    assert bare.returncode == 1
    assert advised[:4] == ["uv", "run", "--with", "numpy"]
    # This Python has NumPy, as the one that uv makes.
    subprocess.run([sys.executable, *advised[4:]], check=True)
    assert load_file(tmp_path / "out")["a"].dtype == torch.float16


def test_an_unknown_dtype_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PyCandleError) as refused:
        extracted(tmp_path, {"a": torch.ones(1)}, "int8")

    assert refused.value.diagnostics[0].code == "bad-dtype"
