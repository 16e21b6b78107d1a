"""Checkpoints as torch before 1.6 wrote them: five pickles, then the storages one after another."""

from __future__ import annotations

from contextlib import closing

from pycandle.weights.byte_file import ByteFile, open_metadata, read_at, unreadable
from pycandle.weights.checkpoint import Checkpoint, Format, item_size
from pycandle.weights.location import Location
from pycandle.weights.pickle_machine import PersistentId, PickleError, PickleTruncatedError
from pycandle.weights.pickle_reader import Pickle, read_pickle
from pycandle.weights.safetensors_file import malformed
from pycandle.weights.state_tree import find_tensors
from pycandle.weights.torch_pickle import (
    Storage,
    StoragePlace,
    list_ignored_globals,
    locate_tensor,
    read_storage,
)

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
MAX_PICKLE = 256 << 20
_FIRST_WINDOW = 128 << 10
"""In bytes: enough for most, and what is fetched of a file elsewhere anyway."""


def read_torch_legacy(path: Location) -> Checkpoint:
    """Returns the tensors of a legacy checkpoint; raises PyCandleError."""
    try:
        with closing(open_metadata(path)) as file:
            return _read(path, file)
    except OSError as error:
        raise unreadable(path, error) from None
    except PickleError as error:
        raise malformed(path, str(error)) from None


def is_legacy(start: bytes, _size: int) -> bool:
    """Returns whether a file that starts so holds the magic number of the format."""
    try:
        return start[:1] == b"\x80" and read_pickle(start[:64]).value == MAGIC
    except PickleError:
        return False


FORMAT = Format("torch legacy", is_legacy, read_torch_legacy)


def _read(path: Location, file: ByteFile) -> Checkpoint:
    size = file.seek(0, 2)
    (magic, protocol, system, content, keys), end = _read_pickles(file, size, 5)
    if type(magic.value) is not int or magic.value != MAGIC or protocol.value != PROTOCOL:
        raise PickleError("the file has another magic number or version")
    if type(system.value) is not dict or system.value.get("little_endian") is not True:
        raise PickleError("the tensors are not little-endian")
    storages = _collect_storages(content.persistent_ids)
    places = _locate_storages(file, size, end, keys.value, storages)
    tensors = {
        name: locate_tensor(tensor, path, lambda storage: places[storage.key])
        for name, tensor in find_tensors(content.value).items()
    }
    ignored = list_ignored_globals(content.globals)
    return Checkpoint(path, FORMAT.name, (path,), tensors, ignored)


def _read_pickles(file: ByteFile, size: int, count: int) -> tuple[list[Pickle], int]:
    """Returns the first `count` pickles of a file, and the position after them.

    Nothing says how long they are, so that more of the file is read as they go on.
    """
    limit = min(size, MAX_PICKLE)
    data = read_at(file, 0, min(limit, _FIRST_WINDOW))

    def more(wanted: int) -> bytes:
        nonlocal data
        end = min(limit, max(wanted, 2 * len(data)))
        data += read_at(file, len(data), end - len(data))
        return data

    found: list[Pickle] = []
    for _ in range(count):
        found.append(read_pickle(data, found[-1].end if found else 0, more))
    return found, found[-1].end


def _collect_storages(references: list[PersistentId]) -> dict[str, Storage]:
    """Returns all storages by key, also those that no tensor uses: they take space too."""
    found: dict[str, Storage] = {}
    for reference in references:
        storage = read_storage(reference)
        if storage is not None and found.setdefault(storage.key, storage) != storage:
            raise PickleError("one storage has two dtypes or sizes")
    return found


def _locate_storages(
    file: ByteFile, size: int, position: int, keys: object, storages: dict[str, Storage]
) -> dict[str, StoragePlace]:
    """Returns the offset and the bytes of each storage; each follows its count of elements."""
    if type(keys) is not list or not all(type(key) is str for key in keys):
        raise PickleError("the list of storages is malformed")
    if len(set(keys)) != len(keys) or set(keys) != set(storages):
        raise PickleError("the list of storages is not that of the pickle")
    places: dict[str, StoragePlace] = {}
    for key in keys:
        nbytes = storages[key].numel * item_size(storages[key].dtype)
        places[key] = StoragePlace(position + 8, nbytes)
        position += 8 + nbytes
        if position > size:
            raise PickleTruncatedError("the file is truncated")
    if position != size:
        raise PickleError(f"{size - position} bytes after the last storage belong to none")
    file.prefetch([(place.offset - 8, 8) for place in places.values()])
    for key, place in places.items():
        if int.from_bytes(read_at(file, place.offset - 8, 8), "little") != storages[key].numel:
            raise PickleError("a storage has another size than the pickle says")
    return places
