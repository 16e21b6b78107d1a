"""Checkpoints in the zip format of `torch.save`, torch 1.6 and newer."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, suppress

from pycandle.weights.byte_file import ByteFile, open_metadata, unreadable
from pycandle.weights.checkpoint import Checkpoint, Checksum, Deflated, Format
from pycandle.weights.location import Location
from pycandle.weights.pickle_machine import PersistentId, PickleError
from pycandle.weights.pickle_reader import read_pickle
from pycandle.weights.safetensors_file import malformed
from pycandle.weights.state_tree import find_tensors
from pycandle.weights.torch_pickle import (
    Storage,
    StoragePlace,
    list_ignored_globals,
    locate_tensor,
    read_storage,
)
from pycandle.weights.zip_archive import (
    ZipEntry,
    ZipError,
    find_data,
    list_header_spans,
    read_directory,
    read_entry,
)

MAX_PICKLE = 256 << 20


def is_zip(start: bytes, _size: int) -> bool:
    """Returns whether a file starts with an entry that is stored or deflated."""
    # A header of safetensors can have a length that looks so, and then a brace in this place.
    return start.startswith(b"PK\3\4") and start[8:9] != b"{"


def read_torch_zip(path: Location) -> Checkpoint:
    """Returns the tensors of a zip checkpoint; raises PyCandleError."""
    try:
        with closing(open_metadata(path)) as file:
            return _read(path, file)
    except OSError as error:
        raise unreadable(path, error) from None
    except (ZipError, PickleError) as error:
        raise malformed(path, str(error)) from None


FORMAT = Format("torch zip", is_zip, read_torch_zip)


def _read(path: Location, file: ByteFile) -> Checkpoint:
    entries = read_directory(file)
    prefix = _find_prefix(entries)
    byteorder = entries.get(f"{prefix}byteorder")
    # Absent before torch 2.1, which wrote the order of the machine, little-endian in practice.
    if byteorder is not None and read_entry(file, byteorder, 16) != b"little":
        raise ZipError("the tensors are not little-endian")
    content = read_pickle(read_entry(file, entries[f"{prefix}data.pkl"], MAX_PICKLE))
    stored = _find_entries(entries, f"{prefix}data/", content.persistent_ids)
    file.prefetch(list_header_spans(stored.values()))
    places: dict[str, StoragePlace] = {}

    def find_place(storage: Storage) -> StoragePlace:
        if storage.key not in places:
            places[storage.key] = _locate(file, stored.get(storage.key))
        if places[storage.key].nbytes < storage.nbytes:
            raise ZipError(f"the storage `{storage.key!a}` is shorter than the pickle says")
        return places[storage.key]

    tensors = {
        name: locate_tensor(tensor, path, find_place)
        for name, tensor in find_tensors(content.value).items()
    }
    ignored = list_ignored_globals(content.globals)
    sums = tuple(_checksum(place, stored[key]) for key, place in places.items())
    return Checkpoint(path, FORMAT.name, (path,), tensors, ignored, sums)


def _find_entries(
    entries: dict[str, ZipEntry], prefix: str, references: Iterable[PersistentId]
) -> dict[str, ZipEntry]:
    """Returns the entries of the storages that a pickle names, by key."""
    keys: set[str] = set()
    for reference in references:
        # What cannot be read is refused only where a tensor of it is needed.
        with suppress(PickleError):
            storage = read_storage(reference)
            keys |= set() if storage is None else {storage.key}
    return {key: entries[prefix + key] for key in sorted(keys) if prefix + key in entries}


def _find_prefix(entries: dict[str, ZipEntry]) -> str:
    """Returns the name of the archive's one directory, with its slash."""
    found = [name for name in entries if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(found) != 1:
        raise ZipError(f"the archive has {len(found)} files `data.pkl`, not one")
    prefix = found[0].removesuffix("data.pkl")
    if f"{prefix}constants.pkl" in entries:
        raise ZipError("the archive is a TorchScript program, not a checkpoint")
    return prefix


def _locate(file: ByteFile, entry: ZipEntry | None) -> StoragePlace:
    """Returns where a storage is."""
    if entry is None:
        raise ZipError("the archive lacks a storage that the pickle names")
    start = find_data(file, entry)
    if entry.method == 0:
        return StoragePlace(start, entry.size)
    return StoragePlace(0, entry.size, Deflated(start, entry.compressed_size, entry.size))


def _checksum(place: StoragePlace, entry: ZipEntry) -> Checksum:
    start = place.offset if place.deflated is None else place.deflated.offset
    return Checksum(entry.name, start, entry.compressed_size, entry.crc, place.deflated)
