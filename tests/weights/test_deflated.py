"""Archives that were compressed after `torch.save` are inflated in bounded memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from pycandle.errors import PyCandleError
from pycandle.weights import WriteOptions, extract
from pycandle.weights.byte_file import LocalFile
from pycandle.weights.checkpoint import Deflated
from pycandle.weights.inflating import InflatedFile

from .manifests import as_written, write_manifest

STATE = {
    "a": torch.arange(300_000.0),
    "transposed": torch.arange(250_000.0).reshape(500, 500).t(),
    "empty": torch.zeros(0),
}
STATE["last"] = STATE["a"][-3:]
STATE["first"] = STATE["a"][:3]


def repacked(path: Path, change: Callable[[str, bytes], bytes] = lambda _name, data: data) -> Path:
    """Saves STATE, and compresses the archive as `zip` does."""
    torch.save(STATE, path)
    with zipfile.ZipFile(path) as source:
        entries = [(info.filename, source.read(info)) for info in source.infolist()]
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED) as target:
        for name, data in entries:
            target.writestr(name, change(name, data))
    return path


@pytest.mark.parametrize("verify", [False, True])
def test_a_compressed_archive_gives_the_same_bytes(verify: bool, tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    out = tmp_path / "out"

    checkpoint = repacked(tmp_path / "a.pt")
    extract(checkpoint, manifest, out, options=WriteOptions(verify=verify))

    save_file({name: as_written(item) for name, item in STATE.items()}, tmp_path / "expected")
    assert out.read_bytes() == (tmp_path / "expected").read_bytes()


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_damaged_data_are_refused_when_they_are_read(at: float, tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    checkpoint = repacked(tmp_path / "a.pt")
    data = bytearray(checkpoint.read_bytes())
    with zipfile.ZipFile(checkpoint) as archive:
        entry = archive.getinfo("a/data/0")
    for place in range(8):
        data[entry.header_offset + 100 + int(at * (entry.compress_size - 200)) + place] ^= 0xFF
    checkpoint.write_bytes(data)

    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, tmp_path / "out", options=WriteOptions(verify=True))

    assert refused.value.diagnostics[0].code in ("unreadable-file", "checksum-mismatch")
    assert not (tmp_path / "out").exists()


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@pytest.fixture
def content() -> bytes:
    return bytes(range(256)) * 5000


@pytest.mark.parametrize(
    "positions",
    [[0], [1_000_000], [0, 500_000, 500_100], [1_279_990, 3, 900_000], [5, 4, 3, 1_279_999, 0]],
)
def test_any_position_is_read(positions: list[int], content: bytes, tmp_path: Path) -> None:
    raw = deflated(content)
    (tmp_path / "a").write_bytes(b"before" + raw + b"after")
    file = InflatedFile(LocalFile(tmp_path / "a"), Deflated(6, len(raw), len(content)))

    for position in positions:
        file.seek(position)
        parts = [file.read(100)]
        while parts[-1] and sum(map(len, parts)) < 100:
            parts.append(file.read(100 - sum(map(len, parts))))

        assert b"".join(parts) == content[position : position + 100]
    file.close()


@pytest.mark.parametrize("difference", [-1, 1, 100_000])
def test_another_size_than_the_archive_says_is_found(
    difference: int, content: bytes, tmp_path: Path
) -> None:
    raw = deflated(content)
    (tmp_path / "a").write_bytes(raw)
    part = Deflated(0, len(raw), len(content) + difference)
    file = InflatedFile(LocalFile(tmp_path / "a"), part)

    with pytest.raises(OSError, match="another size"):
        read_all(file)
    file.close()


def read_all(file: InflatedFile) -> None:
    while file.read(100_000):
        pass


def test_a_bomb_inflates_no_further_than_its_tensor(tmp_path: Path) -> None:
    """A gigabyte of zeros in a megabyte: what the archive says it holds is what is read."""
    raw = deflated(bytes(50_000_000))
    (tmp_path / "a").write_bytes(raw)
    file = InflatedFile(LocalFile(tmp_path / "a"), Deflated(0, len(raw), 1000))

    with pytest.raises(OSError, match="another size"):
        file.read(2000)
    file.close()
