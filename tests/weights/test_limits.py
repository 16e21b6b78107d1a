"""Every bad input is refused within a second and 64 MB, and leaves nothing behind."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

import pycandle

from . import test_bad_safetensors as safetensors_files
from . import test_bad_torch_files as torch_files
from . import test_pickle_attacks as attacks
from .manifests import write_manifest

SOURCE = Path(pycandle.__file__).parents[1]
SECONDS = 1.0
"""Of the processor, as others may be using it."""

MEGABYTES = 64

# As a user without site-packages runs it. What was open and what is there is compared by path.
RUN = """
import io, json, os, sys, time
sys.path.insert(0, sys.argv[1])
from contextlib import redirect_stderr
from pathlib import Path
from pycandle.weights.command import main

def descriptors():
    folder = Path("/proc/self/fd" if Path("/proc/self/fd").is_dir() else "/dev/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0

def peak():
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if "VmHWM" in line)
        return int(line.split()[1]) / 1000
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6

root = Path(sys.argv[2])
for folder in sorted(path for path in root.iterdir() if path.is_dir()):
    before, opened, said = sorted(folder.rglob("*")), descriptors(), io.StringIO()
    begin = time.process_time()
    with redirect_stderr(said):
        code = main(["--checkpoint", str(folder / (folder / "name").read_text()),
                     "--manifest", str(root / "manifest.json"), "--out", str(folder / "out")])
    print(json.dumps({
        "folder": folder.name,
        "code": code,
        "seconds": time.process_time() - begin,
        "leaked": descriptors() - opened,
        "left": [str(path) for path in sorted(folder.rglob("*")) if path not in before],
        "megabytes": peak(),
        "error": said.getvalue().partition("]")[0],
        "torch": "torch" in sys.modules,
    }), flush=True)
"""


def refused(directory: Path, inputs: dict[str, Callable[[Path], object]]) -> dict[str, str]:
    """Extracts from each input in one process; returns the error code of each by its name."""
    write_manifest(directory / "manifest.json", torch_files.STATE)
    names = list(inputs)
    for number, name in enumerate(names):
        folder = directory / f"{number:03}"
        folder.mkdir()
        made = inputs[name](folder / "a.pt")
        chosen = made if isinstance(made, Path) else folder / "a.pt"
        (folder / "name").write_text(chosen.relative_to(folder).as_posix())
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", RUN, str(SOURCE), str(directory)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    named = {names[int(row["folder"])]: row for row in rows}
    assert named.keys() == inputs.keys()
    wrong = {
        name: row
        for name, row in named.items()
        if row["code"] != 1
        or row["leaked"] != 0
        or row["left"]
        or row["torch"]
        or row["seconds"] > SECONDS
        or row["megabytes"] > MEGABYTES
        or not row["error"].startswith("error[")
    }
    assert wrong == {}
    return {name: row["error"].removeprefix("error[") for name, row in named.items()}


def written(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def test_bad_safetensors(tmp_path: Path) -> None:
    bad = {name: written(data) for name, data in safetensors_files.BAD.items()}

    assert set(refused(tmp_path, bad).values()) == {"malformed-checkpoint"}


@pytest.mark.parametrize("write", [attacks.zip_of, attacks.legacy_of])
def test_pickle_attacks(write: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    named = {**attacks.RECORDED, **attacks.REFUSED, **attacks.TRUNCATED}

    def attack(opcodes: bytes) -> Callable[[Path], object]:
        return lambda path: write(path, attacks.state_dict(attacks.tensor_with(), opcodes))

    codes = refused(tmp_path, {name: attack(opcodes) for name, opcodes in named.items()})

    # Those that are recorded do nothing; what is refused then is that the model is another one.
    assert all(codes[name] == "missing-tensor" for name in attacks.RECORDED)
    bad = {name for name, code in codes.items() if code == "malformed-checkpoint"}
    assert bad >= set(attacks.REFUSED) - {"2^32 tensors"}


def damaged(damage: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        torch_files.archive(path, torch_files.keep)
        path.write_bytes(damage(path.read_bytes()))

    return make


def sparse_zip(
    path: Path, size: int, *, count: int = 1, method: int = 0, data: bytes = b""
) -> None:
    """Writes an archive whose `data.pkl` says it has `size` bytes, and a directory of a length."""
    name = b"a/data.pkl"
    stored = len(data) if method else size
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, method, 0, 0, 0, stored, size, len(name), 0)
    entry = struct.pack(
        "<4s6H3L5H2L",
        *(b"PK\1\2", 20, 20, 0, method, 0, 0, 0, stored, size, len(name), 0, 0, 0, 0, 0, 0),
    )
    length = (len(entry) + len(name)) * count
    with path.open("wb") as file:
        file.write(local + name + data)
        file.seek(len(local + name) + stored)
        start = file.tell()
        file.write(entry + name)
        file.seek(start + length)
        fields = (45, 45, 0, 0, count, count, length, start)
        end = file.tell()
        file.write(struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, *fields))
        file.write(struct.pack("<4sLQL", b"PK\6\7", 0, end, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0))


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(size)) + packer.flush()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_bad_archives(tmp_path: Path) -> None:
    changes = {
        "no pickle": torch_files.without("data.pkl"),
        "two pickles": torch_files.added("data.pkl", "more/data.pkl"),
        "TorchScript": torch_files.added("data.pkl", "constants.pkl"),
        "no storage": torch_files.without("data/0"),
        "a short storage": torch_files.replaced("data/0", b"12"),
        "big-endian": torch_files.replaced("byteorder", b"big"),
        "two entries of a name": torch_files.added("data/0", "data/0"),
    }
    packed = bomb(120_000_000)
    inputs: dict[str, Callable[[Path], Any]] = {
        **{
            name: lambda path, c=change: torch_files.archive(path, c)
            for name, change in changes.items()
        },
        "another name in the entry": damaged(torch_files.local_name_differs),
        "a directory that points elsewhere": damaged(
            torch_files.directory_points_into_another_entry
        ),
        "encrypted": damaged(torch_files.encrypted),
        "a comment with a second end": damaged(torch_files.comment_with_a_second_end),
        "a count that lies": damaged(torch_files.too_many_entries),
        "trailing bytes": damaged(torch_files.trailing_bytes),
        "bzip2": lambda path: torch_files.archive(
            path, torch_files.keep, compression=zipfile.ZIP_BZIP2
        ),
        "a million entries": lambda path: sparse_zip(path, 10, count=1_000_000),
        "a pickle of 300 MB": lambda path: sparse_zip(path, 300_000_000),
        "a bomb that says its size": lambda path: sparse_zip(
            path, 300_000_000, method=8, data=packed
        ),
        "a bomb that lies": lambda path: sparse_zip(path, 100, method=8, data=packed),
        "truncated": damaged(lambda data: data[: len(data) // 2]),
    }

    assert set(refused(tmp_path, inputs).values()) == {"malformed-checkpoint"}


def index(content: str) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        where = path.with_name("model.safetensors.index.json")
        where.write_text(content)
        save_file({"a": torch.zeros(1)}, path.with_name("one.safetensors"))
        return where

    return make


def test_bad_indexes_and_legacy_files(tmp_path: Path) -> None:
    legacy = torch_files.legacy_file()
    inputs: dict[str, Callable[[Path], Any]] = {
        "trailing bytes": written(legacy + b"1"),
        "truncated": written(legacy[:-1]),
        "cut in its pickle": written(legacy[:100]),
        "another count": written(
            legacy.replace(struct.pack("<q", 4) + struct.pack("<f", 1), bytes(12))
        ),
        "a tar archive": written(bytes(257) + b"ustar" + bytes(250)),
        "not JSON": index("{"),
        "no map": index("{}"),
        "deep": index('{"weight_map":' + "[" * 200_000),
        "a missing shard": index('{"weight_map": {"a": "two.safetensors"}}'),
        "not in its shard": index(
            '{"weight_map": {"a": "one.safetensors", "b": "one.safetensors"}}'
        ),
        "above": index('{"weight_map": {"a": "../one.safetensors"}}'),
        "absolute": index('{"weight_map": {"a": "/one.safetensors"}}'),
        "itself": index('{"weight_map": {"a": "model.safetensors.index.json"}}'),
        "a name twice": index('{"weight_map": {"a": "one.safetensors", "a": "one.safetensors"}}'),
    }

    codes = refused(tmp_path, inputs)

    assert set(codes.values()) <= {
        "malformed-checkpoint",
        "missing-shard",
        "stale-index",
        "wrong-shape",
    }


def test_malformed_tensors(tmp_path: Path) -> None:
    changes: dict[str, dict[str, bytes]] = {
        "a negative offset": {"offset": b"J\xff\xff\xff\xff"},
        "an offset of 2^70": {"offset": b"\x8a\x09" + b"\xff" * 8 + b"\0"},
        "a size of 2^55": {"size": b"\x8a\x08" + b"\xff" * 7 + b"\x7fK\3\x86"},
        "a stride past the end": {"stride": b"K\x0eK\1\x86"},
        "a storage past its entry": {"numel": b"K\x11"},
        "a key above": {"key": attacks.text("../0")},
    }

    def tensor(fields: dict[str, bytes]) -> Callable[[Path], object]:
        content = attacks.state_dict(attacks.tensor_with(**fields))
        return lambda path: attacks.zip_of(path, content)

    codes = refused(tmp_path, {name: tensor(fields) for name, fields in changes.items()})

    assert set(codes.values()) == {"malformed-checkpoint"}


FILE_SIZE = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from pycandle.weights.command import main
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("more", [[], ["--max-shard-size", "500000"]])
def test_a_limit_on_the_size_of_files_is_a_refusal(more: list[str], tmp_path: Path) -> None:
    state = {name: torch.ones(100_000) for name in "ab"}
    save_file(state, tmp_path / "model")
    manifest = write_manifest(tmp_path / "manifest.json", state)
    before = sorted(tmp_path.iterdir())
    words = ["--checkpoint", str(tmp_path / "model"), "--manifest", str(manifest)]
    words += ["--out", str(tmp_path / "out"), *more]

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", FILE_SIZE, str(SOURCE), *words],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "error[write-failed]" in done.stderr
    assert sorted(tmp_path.iterdir()) == before
