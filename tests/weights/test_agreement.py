"""What the manifest requires and the checkpoint holds must agree, and all gaps are told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from pycandle.errors import Diagnostic, PyCandleError
from pycandle.weights import extract

from .manifests import state_tensor, write_manifest


def refusals(checkpoint: Path, manifest: Path) -> list[Diagnostic]:
    """Returns the diagnostics of an extraction that must leave nothing behind."""
    before = sorted(checkpoint.parent.iterdir())
    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, checkpoint.parent / "weights.safetensors")
    assert sorted(checkpoint.parent.iterdir()) == before
    return refused.value.diagnostics


def saved(directory: Path, state: dict[str, torch.Tensor]) -> Path:
    path = directory / "model.safetensors"
    save_file(state, path)
    return path


def required(directory: Path, *entries: dict[str, object]) -> Path:
    return write_manifest(directory / "manifest.json", entries)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    checkpoint = saved(
        tmp_path,
        {
            "fc1.weight": torch.zeros(2, 3),
            "fc2.weight": torch.zeros(2, 2),
            "index": torch.zeros(2),
            "encoder.layer.0.weight": torch.zeros(1),
        },
    )
    manifest = required(
        tmp_path,
        state_tensor("fc1.weight", torch.zeros(3, 2)),
        state_tensor("fc2.weight", torch.zeros(2, 2)),
        state_tensor("index", torch.zeros(2, dtype=torch.int64)),
        state_tensor("encoder.layers.0.weight", torch.zeros(1)),
        state_tensor("inv_freq", torch.zeros(4), kind="non_persistent_buffer"),
    )
    save_file({"state/other": torch.zeros(1)}, tmp_path / "trace.safetensors")

    found = refusals(checkpoint, manifest)

    assert {item.code for item in found} == {
        "wrong-shape",
        "wrong-dtype",
        "missing-tensor",
        "unexpected-tensor",
        "missing-constant",
    }
    unexpected = next(item for item in found if item.code == "unexpected-tensor")
    assert unexpected.label == "`encoder.layer.0.weight`"
    missing = next(item for item in found if item.code == "missing-tensor")
    assert missing.hint == "the checkpoint has `encoder.layer.0.weight`"
    shape = next(item for item in found if item.code == "wrong-shape")
    assert shape.label == "F32[2, 3], and the manifest says F32[3, 2]"
    assert shape.place is not None
    assert "tensor `fc1.weight`, bytes" in (shape.place.detail or "")


def test_the_wrong_checkpoint_is_told_in_two_lists(tmp_path: Path) -> None:
    checkpoint = saved(tmp_path, {"other": torch.zeros(1)})
    entries = [state_tensor(f"layers.{index}.weight", torch.zeros(1)) for index in range(30)]

    missing, unexpected = refusals(checkpoint, required(tmp_path, *entries))

    assert missing.title == "the checkpoint lacks 30 of 30 tensors"
    assert "layers.29.weight" in (missing.label or "")
    assert unexpected.label == "`other`"


@pytest.mark.parametrize("stored", [torch.float64, torch.float16, torch.bfloat16])
def test_another_float_dtype_is_kept_as_stored(stored: torch.dtype, tmp_path: Path) -> None:
    tensor = torch.randn(3, 4).to(stored)
    checkpoint = saved(tmp_path, {"weight": tensor})
    manifest = required(tmp_path, state_tensor("weight", torch.zeros(3, 4)))

    extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    written = load_file(tmp_path / "weights.safetensors")["weight"]
    assert written.dtype == stored
    assert written.equal(tensor)


@pytest.mark.parametrize(
    ("stored", "recorded"),
    [
        (torch.int64, torch.float32),
        (torch.float32, torch.int64),
        (torch.bool, torch.float32),
        (torch.uint8, torch.bool),
        (torch.int32, torch.int64),
        # Quantized weights come with scales, without which they are other numbers.
        (torch.float8_e4m3fn, torch.bfloat16),
        (torch.float32, torch.float8_e4m3fn),
    ],
)
def test_another_kind_of_dtype_is_refused(
    stored: torch.dtype, recorded: torch.dtype, tmp_path: Path
) -> None:
    checkpoint = saved(tmp_path, {"weight": torch.zeros(4).to(stored)})
    manifest = required(tmp_path, state_tensor("weight", torch.zeros(4).to(recorded)))

    assert [item.code for item in refusals(checkpoint, manifest)] == ["wrong-dtype"]


@pytest.mark.parametrize("dtype", [torch.float8_e5m2, torch.complex64])
def test_a_dtype_that_candle_cannot_load_is_refused(dtype: torch.dtype, tmp_path: Path) -> None:
    tensor = torch.zeros(4).to(dtype)
    checkpoint = saved(tmp_path, {"weight": tensor})
    manifest = required(tmp_path, state_tensor("weight", tensor))

    assert [item.code for item in refusals(checkpoint, manifest)] == ["unsupported-dtype"]


@pytest.mark.parametrize(
    ("tensor", "written"),
    [
        (torch.tensor([True, False]), torch.tensor([1, 0], dtype=torch.uint8)),
        (
            torch.tensor([-128, -1, 0, 127], dtype=torch.int8),
            torch.tensor([-128, -1, 0, 127], dtype=torch.int16),
        ),
        (
            torch.tensor([0, 255, 256, 65535], dtype=torch.uint16),
            torch.tensor([0, 255, 256, 65535], dtype=torch.uint32),
        ),
        (
            torch.tensor([0, 2**63 - 1], dtype=torch.uint64),
            torch.tensor([0, 2**63 - 1], dtype=torch.int64),
        ),
    ],
)
def test_what_candle_cannot_load_is_converted_exactly_and_said(
    tensor: torch.Tensor, written: torch.Tensor, tmp_path: Path
) -> None:
    checkpoint = saved(tmp_path, {"buffer": tensor})
    manifest = required(tmp_path, state_tensor("buffer", tensor))

    report = extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    found = load_file(tmp_path / "weights.safetensors")["buffer"]
    assert found.dtype == written.dtype
    assert found.tolist() == written.tolist()
    assert list(report.conversions.values()) == [1]


def test_an_unsigned_integer_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    tensor = torch.tensor([1, 2**63], dtype=torch.uint64)
    checkpoint = saved(tmp_path, {"buffer": tensor})
    manifest = required(tmp_path, state_tensor("buffer", tensor))

    (found,) = refusals(checkpoint, manifest)

    assert found.code == "value-out-of-range"
    assert "tensor `buffer`" in found.render()


def test_constants_and_non_persistent_buffers_come_from_the_trace(tmp_path: Path) -> None:
    weight, inv_freq, mask = torch.randn(2), torch.randn(4), torch.tensor([True, False])
    checkpoint = saved(tmp_path, {"weight": weight, "inv_freq": torch.zeros(4)})
    trace = {"state/inv_freq": inv_freq, "constant/constant.mask": mask, "state/weight": weight}
    save_file(trace, tmp_path / "model_trace.safetensors")
    manifest = write_manifest(
        tmp_path / "manifest.json",
        [
            state_tensor("weight", weight),
            state_tensor("inv_freq", inv_freq, kind="non_persistent_buffer"),
            state_tensor("constant.mask", mask, kind="constant"),
        ],
        trace="model_trace.safetensors",
    )

    report = extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    written = load_file(tmp_path / "weights.safetensors")
    assert written.keys() == {"weight", "inv_freq", "constant.mask"}
    assert written["inv_freq"].equal(inv_freq)
    assert written["constant.mask"].tolist() == [1, 0]
    assert report.from_trace == 2
    assert report.unexpected == ()


def test_a_trace_that_is_not_there_is_refused(tmp_path: Path) -> None:
    checkpoint = saved(tmp_path, {"weight": torch.zeros(1)})
    entry = state_tensor("inv_freq", torch.zeros(4), kind="non_persistent_buffer")

    (found,) = refusals(checkpoint, required(tmp_path, entry))

    assert found.code == "unreadable-file"
    assert "trace.safetensors" in found.render()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "other"}, "not a manifest of PyCandle"),
        ({"version": 3}, "version 3"),
        ({"trace": "../trace.safetensors"}, "`trace`"),
        ({"trace": None}, "`trace`"),
        ({"state": {}}, "not a list"),
        ({"state": [{"kind": "parameter"}]}, "no name"),
        ({"state": [state_tensor("a", torch.zeros(1), kind="other")]}, "unknown kind"),
        ({"state": [state_tensor("a", torch.zeros(1), dtype="float31")]}, "unknown dtype"),
        ({"state": [state_tensor("a", torch.zeros(1), shape=[-1])]}, "`shape`"),
        ({"state": [state_tensor("a", torch.zeros(1), shape=["s0"])]}, "`shape`"),
        ({"state": [state_tensor("a", torch.zeros(1), used=1)]}, "`used`"),
        ({"state": [state_tensor("a", torch.zeros(1), aliases="b")]}, "`aliases`"),
        ({"state": [state_tensor("a", torch.zeros(1), aliases=["a"])]}, "twice"),
        ({"state": [state_tensor("\ud800", torch.zeros(1))]}, "control characters"),
        ({"state": [state_tensor("__metadata__", torch.zeros(1))]}, "reserved"),
    ],
)
def test_a_bad_manifest_is_refused(
    changes: dict[str, object], message: str, tmp_path: Path
) -> None:
    checkpoint = saved(tmp_path, {"a": torch.zeros(1)})
    manifest = write_manifest(tmp_path / "manifest.json", [], **changes)

    (found,) = refusals(checkpoint, manifest)

    assert found.code == "bad-manifest"
    assert message in found.title


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b'{"version": NaN', b"[" * 100_000])
def test_a_manifest_that_is_not_json_is_refused(text: bytes, tmp_path: Path) -> None:
    checkpoint = saved(tmp_path, {"a": torch.zeros(1)})
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(text)

    assert [item.code for item in refusals(checkpoint, manifest)] == ["bad-manifest"]


def test_the_version_is_that_of_the_schema() -> None:
    from pycandle.manifest import schema
    from pycandle.weights import required_state

    assert required_state.FORMAT_VERSION == schema.FORMAT_VERSION
