"""Damaged and ambiguous files of torch, of other formats, and indexes: all refused by name."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from pycandle.errors import Diagnostic, PyCandleError
from pycandle.weights import extract

from .manifests import write_manifest

STATE = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(4)}


def refusal(checkpoint: Path) -> Diagnostic:
    """Returns the one diagnostic of a checkpoint, whose extraction must leave nothing behind."""
    manifest = write_manifest(checkpoint.parent / "manifest.json", STATE)
    before = sorted(checkpoint.parent.rglob("*"))
    descriptors = open_descriptors()
    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, checkpoint.parent / "weights.safetensors")
    assert sorted(checkpoint.parent.rglob("*")) == before
    assert open_descriptors() == descriptors
    (found,) = refused.value.diagnostics
    return found


def open_descriptors() -> int:
    """Returns the number of open file descriptors, where the system tells it."""
    directory = Path("/proc/self/fd")
    return len(list(directory.iterdir())) if directory.is_dir() else 0


def archive(path: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]], **kw: Any) -> Path:
    """Saves STATE as a zip checkpoint whose entries were changed."""
    torch.save(STATE, path)
    with zipfile.ZipFile(path) as source:
        entries = [(info.filename, source.read(info)) for info in source.infolist()]
    with zipfile.ZipFile(path, "w", **kw) as target:
        for name, data in entries:
            for new_name, new_data in change(name, data):
                target.writestr(new_name, new_data)
    return path


def keep(name: str, data: bytes) -> list[tuple[str, bytes]]:
    return [(name, data)]


def without(suffix: str) -> Callable[[str, bytes], list[tuple[str, bytes]]]:
    return lambda name, data: [] if name.endswith(suffix) else [(name, data)]


def replaced(suffix: str, new: bytes) -> Callable[[str, bytes], list[tuple[str, bytes]]]:
    return lambda name, data: [(name, new if name.endswith(suffix) else data)]


def added(suffix: str, new_name: str) -> Callable[[str, bytes], list[tuple[str, bytes]]]:
    return lambda name, data: (
        [(name, data)]
        + ([(name.removesuffix(suffix) + new_name, data)] if name.endswith(suffix) else [])
    )


def test_a_repacked_archive_is_read(tmp_path: Path) -> None:
    """Only the fields that torch itself relies on matter."""
    checkpoint = archive(tmp_path / "a.pt", keep)
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    assert load_file(tmp_path / "weights.safetensors")["a"].equal(STATE["a"])


@pytest.mark.parametrize("suffix", ["byteorder", "version", ".format_version"])
def test_an_archive_of_an_old_torch_lacks_what_is_not_needed(suffix: str, tmp_path: Path) -> None:
    checkpoint = archive(tmp_path / "a.pt", without(suffix))
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    report = extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    assert report.tensors == 2


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("data.pkl"), "0 files `data.pkl`"),
        (added("data.pkl", "more/data.pkl"), "2 files `data.pkl`"),
        (added("data.pkl", "constants.pkl"), "TorchScript"),
        (without("data/0"), "lacks a storage"),
        (replaced("data/0", b"12"), "shorter than the pickle says"),
        (replaced("byteorder", b"big"), "not little-endian"),
        (replaced("data.pkl", b""), "truncated"),
        (replaced("data.pkl", b"\x80\x02X\xff\xff\xff\xff"), "truncated"),
        (added("data/0", "data/0"), "two entries"),
    ],
)
def test_a_bad_archive_is_refused(
    change: Callable[[str, bytes], list[tuple[str, bytes]]], message: str, tmp_path: Path
) -> None:
    found = refusal(archive(tmp_path / "a.pt", change))

    assert found.code == "malformed-checkpoint"
    assert message in found.title


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_torch_cannot_read_either_is_refused(method: int, tmp_path: Path) -> None:
    found = refusal(archive(tmp_path / "a.pt", keep, compression=method))

    assert "compressed in a way" in found.title


def central_offsets(data: bytes) -> list[int]:
    """Returns where the entries of a zip directory are."""
    found, at = [], data.find(b"PK\1\2")
    while at >= 0:
        found.append(at)
        at = data.find(b"PK\1\2", at + 1)
    return found


def patch(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def local_name_differs(data: bytes) -> bytes:
    at = data.find(b"data/0", data.find(b"data.pkl"))
    return patch(data, at, b"data/9")


def directory_points_into_another_entry(data: bytes) -> bytes:
    entries = central_offsets(data)
    (offset,) = struct.unpack_from("<L", data, entries[-1] + 42)
    return patch(data, entries[-2] + 42, struct.pack("<L", offset))


def encrypted(data: bytes) -> bytes:
    return patch(data, central_offsets(data)[-1] + 8, b"\1\0")


def comment_with_a_second_end(data: bytes) -> bytes:
    end = data.rfind(b"PK\5\6")
    comment = data[end : end + 22]
    return patch(data, end + 20, struct.pack("<H", len(comment))) + comment


def too_many_entries(data: bytes) -> bytes:
    end = data.rfind(b"PK\5\6")
    return patch(data, end + 8, struct.pack("<HH", 65535, 65535))


def trailing_bytes(data: bytes) -> bytes:
    return data + b"1234"


@pytest.mark.parametrize(
    "damage",
    [
        local_name_differs,
        directory_points_into_another_entry,
        encrypted,
        comment_with_a_second_end,
        too_many_entries,
        trailing_bytes,
    ],
)
def test_an_archive_that_two_readers_read_differently_is_refused(
    damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    checkpoint = archive(tmp_path / "a.pt", keep)
    checkpoint.write_bytes(damage(checkpoint.read_bytes()))

    assert refusal(checkpoint).code == "malformed-checkpoint"


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_a_file_cut_anywhere_is_refused(legacy: bool, tmp_path: Path) -> None:
    checkpoint = tmp_path / "a.pt"
    torch.save(STATE, checkpoint, _use_new_zipfile_serialization=not legacy)
    data = checkpoint.read_bytes()
    for length in [*range(0, len(data), 41), len(data) - 1]:
        checkpoint.write_bytes(data[:length])

        assert refusal(checkpoint).code == "malformed-checkpoint"


def legacy_file() -> bytes:
    buffer = io.BytesIO()
    torch.save(STATE, buffer, _use_new_zipfile_serialization=False)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (legacy_file() + b"1", "belong to none"),
        (legacy_file().replace(struct.pack("<q", 4) + struct.pack("<f", 1), bytes(12)), "size"),
        (legacy_file().replace(b"little_endian", b"little_endiaN"), "little-endian"),
    ],
)
def test_a_bad_legacy_file_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    checkpoint = tmp_path / "a.pt"
    checkpoint.write_bytes(data)

    found = refusal(checkpoint)

    assert message in found.title


def test_a_storage_that_nothing_needs_still_takes_its_place(tmp_path: Path) -> None:
    checkpoint = tmp_path / "a.pt"
    saved = {"optimizer": {0: torch.zeros(100)}, "state_dict": STATE, "rng": torch.zeros(7)}
    torch.save(saved, checkpoint, _use_new_zipfile_serialization=False)
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    assert load_file(tmp_path / "weights.safetensors")["a"].equal(STATE["a"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        (b"GGUF\3\0\0\0" + bytes(32), "GGUF"),
        (b"\x89HDF\r\n\x1a\n" + bytes(32), "HDF5"),
        (b"\x93NUMPY\1\0" + bytes(32), "NumPy"),
        (b"\x1f\x8b\x08\0" + bytes(32), "gzip"),
        (bytes(257) + b"ustar" + bytes(250), "tar archive"),
        (b"\x80\x04}\x94." + bytes(32), "`torch.save` did not write"),
        (b"hello, world", "neither safetensors nor"),
        (b"12", "too short"),
        (b"", "empty"),
    ],
)
def test_another_format_is_refused_by_name(data: bytes, message: str, tmp_path: Path) -> None:
    checkpoint = tmp_path / "a.pt"
    checkpoint.write_bytes(data)

    assert message in refusal(checkpoint).title


@pytest.mark.parametrize(
    "index",
    [
        {},
        {"weight_map": []},
        {"weight_map": {"a": 3}},
        {"weight_map": {"a": "../shard.safetensors"}},
        {"weight_map": {"a": "/shard.safetensors"}},
        {"weight_map": {"a": "..\\shard.safetensors"}},
        {"weight_map": {"a": "C:shard.safetensors"}},
        {"weight_map": {"a": ".."}},
        {"weight_map": {"a": ""}},
        {"weight_map": {"a": "model.safetensors.index.json"}},
    ],
)
def test_a_bad_index_is_refused(index: dict[str, Any], tmp_path: Path) -> None:
    directory = tmp_path / "model"
    directory.mkdir()
    save_file(STATE, tmp_path / "shard.safetensors")
    (directory / "model.safetensors.index.json").write_text(json.dumps(index))

    assert refusal(directory).code == "malformed-checkpoint"


@pytest.mark.parametrize("text", ["{", '{"weight_map":', '{"a":1,"a":2}', '{"a":' + "[" * 100_000])
def test_an_index_that_is_not_json_is_refused(text: str, tmp_path: Path) -> None:
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(text)

    assert refusal(index).code == "malformed-checkpoint"


def test_a_shard_that_is_not_there_is_refused(tmp_path: Path) -> None:
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "one.safetensors", "b": "one.safetensors"}}))

    assert refusal(index).code == "missing-shard"


def test_an_index_that_names_the_wrong_shard_is_refused(tmp_path: Path) -> None:
    save_file({"a": STATE["a"]}, tmp_path / "one.safetensors")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "one.safetensors", "b": "one.safetensors"}}))

    found = refusal(index)

    assert found.code == "stale-index"
    assert "`b`" in found.title


def test_only_the_needed_shards_are_opened(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "one.safetensors")
    (tmp_path / "two.safetensors").write_bytes(b"broken")
    weight_map = {"a": "one.safetensors", "b": "one.safetensors", "c": "two.safetensors"}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    report = extract(index, manifest, tmp_path / "weights.safetensors")

    assert report.unexpected == ("c",)


@pytest.mark.parametrize(
    "files",
    [
        [],
        ["README.md"],
        ["a.safetensors", "b.safetensors"],
        ["model.safetensors", "model.safetensors.index.json"],
        ["a.index.json", "b.index.json"],
    ],
)
def test_a_directory_without_one_checkpoint_is_refused(files: list[str], tmp_path: Path) -> None:
    directory = tmp_path / "model"
    directory.mkdir()
    for name in files:
        save_file(STATE, directory / name)

    assert refusal(directory).code in ("no-checkpoint", "ambiguous-checkpoint")


@pytest.mark.parametrize(
    "files",
    [
        ["model.safetensors", "pytorch_model.bin", "consolidated.safetensors"],
        ["anything.pt", "README.md"],
        ["weights.safetensors"],
    ],
)
def test_a_directory_with_one_checkpoint_is_read(files: list[str], tmp_path: Path) -> None:
    directory = tmp_path / "model"
    directory.mkdir()
    save_file(STATE, directory / files[0])
    for name in files[1:]:
        (directory / name).write_bytes(b"another file")
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    assert extract(directory, manifest, tmp_path / "weights.safetensors").tensors == 2


def test_a_checkpoint_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.pt").code == "unreadable-file"


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    path = Path(os.devnull)
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    with pytest.raises(PyCandleError) as refused:
        extract(path, manifest, tmp_path / "weights.safetensors")

    assert "not a regular file" in refused.value.diagnostics[0].title
