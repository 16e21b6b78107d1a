"""Zip directories with 64-bit sizes, which files of more than 4 GiB have."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from io import FileIO
from pathlib import Path

import pytest
import torch

from pycandle.weights import zip_archive
from pycandle.weights.zip_archive import ZipError, find_data, read_directory, read_entry

NAME = b"a/data.pkl"
DATA = b"content"
ONES = 0xFFFFFFFF


def zip64(
    extra: bytes | None = None, *, entries: int = 1, locator: int | None = None, end: int = 0
) -> bytes:
    """Returns an archive of one entry whose sizes and offset stand in 64-bit fields."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 0, 0, ONES, ONES, len(NAME), 0)
    body = local + NAME + DATA
    wide = struct.pack("<HHQQQ", 1, 24, len(DATA), len(DATA), 0) if extra is None else extra
    central = struct.pack(
        "<4s6H3L5H2L",
        *(b"PK\1\2", 45, 45, 0, 0, 0, 0),
        *(0, ONES, ONES),
        *(len(NAME), len(wide), 0, 0, 0),
        *(0, ONES),
    )
    directory = central + NAME + wide
    end64 = struct.pack(
        "<4sQ2H2L4Q",
        *(b"PK\6\6", 44, 45, 45, 0, 0),
        *(entries, entries, len(directory) + end, len(body)),
    )
    at = len(body) + len(directory) if locator is None else locator
    where = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, ONES, ONES, 0)
    return body + directory + end64 + where + last


def opened(path: Path, data: bytes) -> FileIO:
    path.write_bytes(data)
    return FileIO(path)


def test_64_bit_fields_are_read(tmp_path: Path) -> None:
    with opened(tmp_path / "a.zip", zip64()) as file:
        entries = read_directory(file)
        entry = entries["a/data.pkl"]

        assert read_entry(file, entry, 100) == DATA
        assert find_data(file, entry) == 30 + len(NAME)


@pytest.mark.parametrize(
    "make",
    [
        lambda: zip64(b""),
        lambda: zip64(struct.pack("<HHQ", 1, 8, 7)),
        lambda: zip64(struct.pack("<HHQQQ", 2, 24, 7, 7, 0)),
        lambda: zip64(struct.pack("<HHQQQ", 1, 24, 2**63, 2**63, 0)),
        lambda: zip64(struct.pack("<HHQQQ", 1, 24, 7, 7, 2**63)),
        lambda: zip64(struct.pack("<HHQQQ", 1, 24, 7, 7, 1)),
        lambda: zip64(entries=2),
        lambda: zip64(entries=0),
        lambda: zip64(entries=1_000_000),
        lambda: zip64(entries=2**63),
        lambda: zip64(locator=0),
        lambda: zip64(locator=2**63),
        lambda: zip64(end=1),
    ],
)
def test_64_bit_fields_that_lie_are_refused(make: Callable[[], bytes], tmp_path: Path) -> None:
    with opened(tmp_path / "a.zip", make()) as file, pytest.raises(ZipError):
        read_entry(file, read_directory(file)["a/data.pkl"], 100)


def test_an_entry_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "a.zip", zip64()) as file:
        entry = read_directory(file)["a/data.pkl"]

        with pytest.raises(ZipError, match="larger than 3 bytes"):
            read_entry(file, entry, 3)


def saved_archive() -> bytes:
    buffer = io.BytesIO()
    torch.save({"a": torch.arange(4.0), "b": torch.arange(3)}, buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("bit", range(8))
def test_a_damaged_archive_never_reads_as_another_one(bit: int, tmp_path: Path) -> None:
    """Whatever single bit is wrong, what is still read lies where it did."""
    data = saved_archive()
    with opened(tmp_path / "a.zip", data) as file:
        right = places(file)
    assert right is not None
    for at in range(bit, len(data), 8):
        damaged = bytearray(data)
        damaged[at] ^= 1 << bit

        with opened(tmp_path / "b.zip", bytes(damaged)) as file:
            found = places(file)

        assert found is None or set(found.items()) <= set(right.items())


@pytest.mark.parametrize("shift", [-16, -8, -4, -1, 1, 4, 8, 16])
def test_a_header_that_shifts_its_data_is_refused(shift: int, tmp_path: Path) -> None:
    """torch reads the tensor from there: other numbers, and no error."""
    data = bytearray(saved_archive())
    header = data.rfind(b"PK\3\4", 0, data.find(b"data/1"))
    (length,) = struct.unpack_from("<H", data, header + 28)
    struct.pack_into("<H", data, header + 28, length + shift)

    with opened(tmp_path / "a.zip", bytes(data)) as file:
        assert places(file) is None


def places(file: FileIO) -> dict[str, int] | None:
    """Returns where the entries of an archive are; None if it is refused."""
    try:
        return {name: find_data(file, entry) for name, entry in read_directory(file).items()}
    except ZipError:
        return None


def test_the_number_of_entries_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_ENTRIES", 2)
    torch.save({"a": torch.zeros(1)}, tmp_path / "a.pt")

    with FileIO(tmp_path / "a.pt") as file, pytest.raises(ZipError, match="more than 2"):
        read_directory(file)
