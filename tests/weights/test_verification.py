"""`--verify` finds what a disk or an archive has damaged, before the output is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from pycandle.errors import PyCandleError
from pycandle.weights import WriteOptions, extract, verification
from pycandle.weights.safetensors_file import read_header

from .manifests import write_manifest

STATE = {
    "a": torch.arange(100_000.0),
    "b": torch.arange(600.0).reshape(20, 30).t(),
    "c": torch.tensor([True, False]),
}
VERIFY = WriteOptions(verify=True)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    torch.save(STATE | {"other": torch.ones(50)}, tmp_path / "model.pt")
    out = tmp_path / "out.safetensors"
    out.write_bytes(b"as it was")
    return tmp_path / "model.pt", write_manifest(tmp_path / "manifest.json", STATE), out


@pytest.mark.parametrize("dtype", [None, "bf16"])
@pytest.mark.parametrize("size", [None, 500_000])
def test_a_good_output_is_verified(
    size: int | None, dtype: str | None, files: tuple[Path, Path, Path]
) -> None:
    options = WriteOptions(max_shard_size=size, verify=True)

    report = extract(*files, options=options, dtype=dtype)

    assert report.tensors == 3


def damaged(
    files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> list[str]:
    """Returns the titles of a refusal, where a disk damages what was written."""

    def read_damaged(path: Path) -> object:
        damage(path)
        return read_header(path)

    monkeypatch.setattr(verification, "read_header", read_damaged)
    with pytest.raises(PyCandleError) as refused:
        extract(*files, options=VERIFY)
    assert files[2].read_bytes() == b"as it was"
    assert len(list(files[2].parent.iterdir())) == 3
    return [item.title for item in refused.value.diagnostics]


@pytest.mark.parametrize(("name", "place"), [("a", 399_999), ("b", 0), ("c", 1)])
def test_a_byte_that_is_not_what_was_written_is_found(
    name: str, place: int, files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def flip(path: Path) -> None:
        at = read_header(path).tensors[name].offset + place
        with path.open("r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1]))

    assert damaged(files, monkeypatch, flip) == [f"`{name}` is not what was written"]


def test_a_header_that_is_not_what_was_written_is_found(
    files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(path: Path) -> None:
        save_file({"a": torch.zeros(1)}, path)

    assert damaged(files, monkeypatch, replace) == ["the header is not what was written"]


def flip_storage(path: Path, name: bytes) -> None:
    """Changes a value of a storage, and leaves the archive's checksum."""
    data = bytearray(path.read_bytes())
    at = data.find(name) + 200
    data[at] ^= 1
    path.write_bytes(data)


def test_a_storage_with_another_checksum_is_found(files: tuple[Path, Path, Path]) -> None:
    flip_storage(files[0], b"data/0")

    with pytest.raises(PyCandleError) as refused:
        extract(*files, options=VERIFY)

    assert [item.code for item in refused.value.diagnostics] == ["checksum-mismatch"]
    assert "data/0" in refused.value.render()
    assert files[2].read_bytes() == b"as it was"


def test_a_storage_that_nothing_needs_is_not_checked(files: tuple[Path, Path, Path]) -> None:
    data = bytearray(files[0].read_bytes())
    at = data.find(torch.ones(50).numpy().tobytes())
    data[at] ^= 1
    files[0].write_bytes(data)

    assert extract(*files, options=VERIFY).tensors == 3


def test_an_archive_without_checksums_is_accepted(files: tuple[Path, Path, Path]) -> None:
    torch.serialization.set_crc32_options(False)
    try:
        torch.save(STATE, files[0])
    finally:
        torch.serialization.set_crc32_options(True)

    assert extract(*files, options=VERIFY).tensors == 3
