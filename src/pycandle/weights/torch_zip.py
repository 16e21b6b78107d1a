"""Checkpoints in the zip format of `torch.save`, torch 1.6 and newer."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

from pycandle.weights.checkpoint import Checkpoint
from pycandle.weights.pickle_machine import PickleError
from pycandle.weights.pickle_reader import read_pickle
from pycandle.weights.safetensors_file import malformed, unreadable
from pycandle.weights.state_tree import find_tensors
from pycandle.weights.torch_pickle import Storage, list_ignored_globals, locate_tensor
from pycandle.weights.zip_archive import ZipEntry, ZipError, find_data, read_directory, read_entry

MAX_PICKLE = 256 << 20


def read_torch_zip(path: Path) -> Checkpoint:
    """Returns the tensors of a zip checkpoint; raises PyCandleError."""
    try:
        with FileIO(path) as file:
            return _read(path, file)
    except OSError as error:
        raise unreadable(path, error) from None
    except (ZipError, PickleError) as error:
        raise malformed(path, str(error)) from None


def _read(path: Path, file: FileIO) -> Checkpoint:
    entries = read_directory(file)
    prefix = _find_prefix(entries)
    byteorder = entries.get(f"{prefix}byteorder")
    # Absent before torch 2.1, which wrote the order of the machine, little-endian in practice.
    if byteorder is not None and read_entry(file, byteorder, 16) != b"little":
        raise ZipError("the tensors are not little-endian")
    content = read_pickle(read_entry(file, entries[f"{prefix}data.pkl"], MAX_PICKLE))
    located: dict[str, tuple[int, int]] = {}

    def find_storage(storage: Storage) -> tuple[int, int]:
        if storage.key not in located:
            located[storage.key] = _locate(file, entries.get(f"{prefix}data/{storage.key}"))
        if located[storage.key][1] < storage.nbytes:
            raise ZipError(f"the storage `{storage.key!a}` is shorter than the pickle says")
        return located[storage.key]

    tensors = {
        name: locate_tensor(tensor, path, find_storage)
        for name, tensor in find_tensors(content.value).items()
    }
    ignored = list_ignored_globals(content.globals)
    return Checkpoint(path, "torch zip", (path,), tensors, ignored)


def _find_prefix(entries: dict[str, ZipEntry]) -> str:
    """Returns the name of the archive's one directory, with its slash."""
    found = [name for name in entries if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(found) != 1:
        raise ZipError(f"the archive has {len(found)} files `data.pkl`, not one")
    prefix = found[0].removesuffix("data.pkl")
    if f"{prefix}constants.pkl" in entries:
        raise ZipError("the archive is a TorchScript program, not a checkpoint")
    return prefix


def _locate(file: FileIO, entry: ZipEntry | None) -> tuple[int, int]:
    """Returns the offset and the bytes of a storage."""
    if entry is None:
        raise ZipError("the archive lacks a storage that the pickle names")
    if entry.method != 0:
        raise ZipError("the archive is compressed; `torch.save` stores tensors as they are")
    return find_data(file, entry), entry.size
