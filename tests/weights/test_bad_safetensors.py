"""Files that break the safetensors format are refused, and those that only look odd are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from pycandle.errors import PyCandleError
from pycandle.weights import extract
from pycandle.weights.safetensors_file import plan_layout, read_header, read_tensor

from .manifests import state_tensor, write_manifest

A = '"dtype":"F32","shape":[1],"data_offsets":[0,4]'


def file_of(header: str | bytes, data: bytes = b"", length: int | None = None) -> bytes:
    raw = header.encode() if isinstance(header, str) else header
    return (len(raw) if length is None else length).to_bytes(8, "little") + raw + data


def entry(shape: str = "[1]", offsets: str = "[0,4]", dtype: str = '"F32"') -> str:
    return f'{{"a":{{"dtype":{dtype},"shape":{shape},"data_offsets":{offsets}}}}}'


def two(first: tuple[int, int], second: tuple[int, int]) -> str:
    tensors = {
        name: {"dtype": "U8", "shape": [end - begin], "data_offsets": [begin, end]}
        for name, (begin, end) in (("a", first), ("b", second))
    }
    return json.dumps(tensors)


BAD = {
    "empty file": b"",
    "seven bytes": b"\2\0\0\0\0\0\0",
    "no header": file_of(""),
    "header length past the end": file_of("{}", length=3),
    "header length above the limit": file_of("{}", length=100_000_001),
    "header length of 64 ones": file_of("{}", length=2**64 - 1),
    "not UTF-8": file_of(b'{"\xff":1}'),
    "an array": file_of("[]"),
    "nested 200,000 deep": file_of('{"a":' + "[" * 200_000),
    "NaN": file_of(entry("[NaN]"), b"1234"),
    "a name twice": file_of(f'{{"a":{{{A}}},"a":{{{A}}}}}', b"1234"),
    "a field twice": file_of(f'{{"a":{{{A},"dtype":"F32"}}}}', b"1234"),
    "a leading space": file_of(f' {{"a":{{{A}}}}}', b"1234"),
    "junk after the header": file_of(entry() + "x", b"1234"),
    "a NUL after the header": file_of(entry() + "\0", b"1234"),
    "a negative size": file_of(entry("[-1]"), b"1234"),
    "a float size": file_of(entry("[1.0]"), b"1234"),
    "a boolean size": file_of(entry("[true]"), b"1234"),
    "a size of 5,000 digits": file_of(entry(f"[{'9' * 5000}]"), b"1234"),
    "a shape that overflows": file_of(entry(f"[{2**40},{2**40}]"), b"1234"),
    "an end before the beginning": file_of(entry("[0]", "[4,0]"), b"1234"),
    "three offsets": file_of(entry("[1]", "[0,4,8]"), b"1234"),
    "no offsets": file_of('{"a":{"dtype":"F32","shape":[1]}}', b"1234"),
    "a hole": file_of(two((0, 4), (8, 12)), b"0" * 12),
    "a leading hole": file_of(two((4, 8), (8, 12)), b"0" * 12),
    "an overlap": file_of(two((0, 4), (2, 6)), b"0" * 6),
    "one range twice": file_of(two((0, 4), (0, 4)), b"0" * 4),
    "a byte too many": file_of(entry(), b"12345"),
    "a byte too few": file_of(entry(), b"123"),
    "an unknown dtype": file_of(entry(dtype='"F31"'), b"1234"),
    "a dtype that is no text": file_of(entry(dtype="3"), b"1234"),
    "half a byte": file_of(entry("[3]", "[0,2]", '"F4"'), b"12"),
    "a lone surrogate": file_of(entry().replace('"a"', '"\\ud800"'), b"1234"),
    "a NUL in a name": file_of(entry().replace('"a"', '"\\u0000"'), b"1234"),
    "an escape sequence in a name": file_of(entry().replace('"a"', '"\\u001b[2J"'), b"1234"),
    "metadata of numbers": file_of('{"__metadata__":{"a":1},' + entry()[1:], b"1234"),
    "metadata that is a list": file_of('{"__metadata__":[],' + entry()[1:], b"1234"),
    "an entry that is no object": file_of('{"a":[]}'),
}

GOOD = {
    "unordered keys": file_of(two((4, 8), (0, 4)), b"12345678"),
    "an empty tensor": file_of(entry("[0]", "[0,0]")),
    "a scalar": file_of(entry("[]"), b"1234"),
    "no tensors": file_of("{}"),
    "a header that is not aligned": file_of(entry() + " ", b"1234"),
    "an extra field": file_of(f'{{"a":{{{A},"extra":[1]}}}}', b"1234"),
    "empty tensors at one place": file_of(two((4, 4), (0, 4)), b"1234"),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_file_that_breaks_the_format_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    manifest = write_manifest(tmp_path / "manifest.json", {"a": torch.zeros(1)})

    with pytest.raises(PyCandleError) as refused:
        extract(path, manifest, tmp_path / "weights.safetensors")
    with pytest.raises(PyCandleError) as refused_header:
        read_header(path)

    assert len(refused.value.diagnostics) == len(refused_header.value.diagnostics) == 1
    assert refused.value.diagnostics[0].code == "malformed-checkpoint"
    assert sorted(item.name for item in tmp_path.iterdir()) == [
        "manifest.json",
        "model.safetensors",
    ]


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD)
def test_a_file_that_only_looks_odd_is_read(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)

    header = read_header(path)

    assert sum(len(read_tensor(path, item)) for item in header.tensors.values()) == (
        header.file_size - header.data_offset
    )


@pytest.mark.parametrize("length", [0x0280, 0x80, 67_324_752 & 0xFFFFFF])
def test_a_header_length_that_looks_like_another_format_is_no_trap(
    length: int, tmp_path: Path
) -> None:
    """`80 02` starts a pickle, and 67,324,752 is `PK` and two control characters."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(file_of(entry().ljust(length), b"\0\0\x80\x3f"))
    manifest = write_manifest(tmp_path / "manifest.json", {"a": torch.zeros(1)})

    report = extract(path, manifest, tmp_path / "weights.safetensors")

    assert report.tensors == 1


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_truncated_file_is_refused(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"a": torch.zeros(5, 4), "b": torch.zeros(3)}, path)
    path.write_bytes(path.read_bytes()[: -cut - 1])
    manifest = write_manifest(tmp_path / "manifest.json", [state_tensor("b", torch.zeros(3))])

    with pytest.raises(PyCandleError):
        extract(path, manifest, tmp_path / "weights.safetensors")


def test_a_layout_is_what_safetensors_writes(tmp_path: Path) -> None:
    tensors = {"é": torch.zeros(2, 3), "a/b": torch.zeros(0, dtype=torch.int64)}
    save_file(tensors, tmp_path / "a.safetensors", metadata={"a": "ü"})
    described = [("é", "F32", (2, 3)), ("a/b", "I64", (0,))]

    layout = plan_layout(described, {"a": "ü"})

    written = (tmp_path / "a.safetensors").read_bytes()
    assert written == layout.prefix + bytes(24)
    assert layout.file_size == len(written)
    assert read_header(tmp_path / "a.safetensors").tensors == layout.tensors


def test_a_name_is_not_laid_out_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        plan_layout([("a", "F32", ()), ("a", "F32", ())])
