"""Pickles that attack their reader: nothing runs, nothing hangs, memory stays bounded."""

from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from pycandle.errors import PyCandleError
from pycandle.weights import extract
from pycandle.weights.pickle_machine import Call, PickleError, PickleTruncatedError
from pycandle.weights.pickle_reader import read_pickle

from .manifests import write_manifest

PROTO = b"\x80\x02"


def text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + struct.pack("<L", len(raw)) + raw


def run(module: str, name: str, argument: str) -> bytes:
    """Returns opcodes that call a function with a text."""
    return b"c" + f"{module}\n{name}\n".encode() + text(argument) + b"\x85R"


def tuple_dag(levels: int) -> bytes:
    """Returns opcodes for a tuple of 2^levels leaves: hashing it takes forever."""
    return b"K\1" + b"2\x86" * levels


def dict_dag(levels: int) -> bytes:
    """Returns opcodes for dicts that hold one dict twice, and so on."""
    opcodes = b"}"
    for level in range(levels):
        put = b"r" + struct.pack("<L", level)
        get = b"j" + struct.pack("<L", level)
        opcodes += put + b"0}(" + text("a") + get + text("b") + get + b"u"
    return opcodes


def tensor_with(**changes: bytes) -> bytes:
    """Returns opcodes for a (2, 3) tensor, with some of its fields replaced."""
    fields = {
        "kind": b"ctorch\nFloatStorage\n",
        "key": text("0"),
        "numel": b"K\x10",
        "offset": b"K\0",
        "size": b"K\2K\3\x86",
        "stride": b"K\3K\1\x86",
        "rest": b"\x89ccollections\nOrderedDict\n)R",
        "function": b"ctorch._utils\n_rebuild_tensor_v2\n",
    } | changes
    identity = b"(" + text("storage") + fields["kind"] + fields["key"] + text("cpu")
    arguments = b"(" + identity + fields["numel"] + b"tQ" + fields["offset"]
    return (
        fields["function"] + arguments + fields["size"] + fields["stride"] + fields["rest"] + b"tR"
    )


RECORDED = {
    "os.system": run("os", "system", "touch ran"),
    "eval": run("builtins", "eval", "open('ran', 'w')"),
    "exec of Python 2": run("__builtin__", "exec", "open('ran', 'w')"),
    "a dotted name": b"\x80\x04\x8c\x02os\x8c\x0epath.os.system\x93" + text("touch ran") + b"\x85R",
    "a class with arguments": b"csubprocess\nPopen\n" + text("touch ran") + b"\x85\x81",
    "keyword arguments": b"csubprocess\nPopen\n)}" + text("args") + text("touch ran") + b"s\x92",
    "a reducer that sets state": run("os", "getenv", "HOME") + b"}" + text("a") + b"K\1sb",
    "a hash bomb as a key": b"}" + tuple_dag(64) + b"K\1s",
    "a hash bomb in a set": b"\x8f(" + tuple_dag(64) + b"\x90",
    "a nested tuple": b")" + b"\x85" * 200_000,
    "a memo index of 2^31": b"}r\xff\xff\xff\x7f",
}

REFUSED = {
    "INST": b"(" + text("touch ran") + b"ios\nsystem\n",
    "OBJ": b"(cos\nsystem\n" + text("touch ran") + b"o",
    "EXT1": b"\x82\x01",
    "EXT2": b"\x83\x01\x00",
    "EXT4": b"\x84\x01\x00\x00\x00",
    "BUILD on a function": b"cos\nsystem\n}(" + text("__defaults__") + b"K\1ub",
    "BUILD twice": b"ca\nb\n)R}b}b",
    "BUILD on a list": b"]}b",
    "items for a function": b"cos\nsystem\nK\1K\2s",
    "items for a list": b"]K\1K\2s",
    "an odd number of items": b"}(K\1K\2K\3u",
    "elements for a dict": b"}K\1a",
    "a memo entry that is not there": b"h\5",
    "an unknown opcode": b"\xff",
    "an unknown protocol": b"\x80\x09",
    "a stack underflow": b"\x87\x87",
    "a pop below a mark": b"K\1(R",
    "a mark that is not there": b"u",
    "a global of numbers": b"K\1K\2\x93",
    "a line without end": b"c" + b"a" * 5000,
    "an integer of a megabyte": b"\x8b\0\0\x10\0" + bytes(1 << 20),
    "a number that is none": b"Iten\n",
    "text that is not UTF-8": b"X\1\0\0\0\xff",
    "a bytearray": b"\x96" + bytes(8),
    "a buffer outside": b"\x97",
    "2^32 tensors": dict_dag(32),
    "an escape sequence as a name": b"}" + text("\x1b[2J") + tensor_with() + b"s",
    "a dict that contains itself": b"}q\5(" + text("a") + tensor_with() + text("b") + b"h\5u",
}

TRUNCATED = {
    "bytes of 2^40": b"\x8e" + struct.pack("<Q", 1 << 40),
    "text of 2^63": b"\x8d" + struct.pack("<Q", 1 << 63),
    "text of 2^31": b"X\xff\xff\xff\x7f",
    "nothing": b"",
    "a frame": b"\x95" + struct.pack("<Q", 1 << 40),
}


def zip_of(path: Path, content: bytes) -> Path:
    """Writes a checkpoint with a pickle and one storage of 16 floats."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", content)
        archive.writestr("a/data/0", struct.pack("<16f", *range(16)))
    return path


def legacy_of(path: Path, content: bytes) -> Path:
    """Writes a legacy checkpoint with a pickle and one storage of 16 floats."""
    head = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    parts = [*(pickle.dumps(item, 2) for item in head), content, pickle.dumps(["0"], 2)]
    path.write_bytes(b"".join(parts) + struct.pack("<q16f", 16, *range(16)))
    return path


def state_dict(*opcodes: bytes) -> bytes:
    """Returns a pickle of a dict whose first entry is the tensor `w`."""
    items = b"".join(text(name) + item for name, item in zip("wxyz", opcodes, strict=False))
    return PROTO + b"}(" + items + b"u."


def extracted(checkpoint: Path) -> torch.Tensor:
    """Returns the tensor `w` of shape (2, 3) that is extracted."""
    manifest = write_manifest(checkpoint.parent / "manifest.json", {"w": torch.zeros(2, 3)})
    extract(checkpoint, manifest, checkpoint.parent / "weights.safetensors")
    return load_file(checkpoint.parent / "weights.safetensors")["w"]


@pytest.mark.parametrize("write", [zip_of, legacy_of])
@pytest.mark.parametrize("attack", RECORDED.values(), ids=RECORDED)
def test_what_a_pickle_would_do_does_not_happen(
    attack: bytes, write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoint = write(tmp_path / "a.pt", state_dict(tensor_with(), attack))
    before = set(sys.modules)

    tensor = extracted(checkpoint)

    assert tensor.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert not (tmp_path / "ran").exists()
    # The readers of formats are imported with the first file of each.
    assert not [name for name in set(sys.modules) - before if not name.startswith("pycandle.")]


@pytest.mark.parametrize("write", [zip_of, legacy_of])
@pytest.mark.parametrize("attack", REFUSED.values(), ids=REFUSED)
def test_what_no_checkpoint_contains_is_refused(attack: bytes, write: Any, tmp_path: Path) -> None:
    if attack == REFUSED["2^32 tensors"]:
        attack = attack.replace(b"}", b"}" + text("w") + tensor_with() + b"s", 1)
    checkpoint = write(tmp_path / "a.pt", state_dict(tensor_with(), attack))

    with pytest.raises(PyCandleError) as refused:
        extracted(checkpoint)

    assert [item.code for item in refused.value.diagnostics] == ["malformed-checkpoint"]


@pytest.mark.parametrize("attack", TRUNCATED.values(), ids=TRUNCATED)
def test_a_length_past_the_end_reserves_nothing(attack: bytes) -> None:
    with pytest.raises(PickleTruncatedError):
        read_pickle(PROTO + attack)


def test_the_globals_of_a_pickle_are_reported(tmp_path: Path) -> None:
    checkpoint = zip_of(tmp_path / "a.pt", state_dict(tensor_with(), RECORDED["os.system"]))
    manifest = write_manifest(tmp_path / "manifest.json", {"w": torch.zeros(2, 3)})

    report = extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    assert report.ignored_globals == ("os.system",)


@pytest.mark.parametrize("write", [zip_of, legacy_of])
@pytest.mark.parametrize(
    "changes",
    [
        {"offset": b"J\xff\xff\xff\xff"},
        {"offset": b"\x8a\x09" + b"\xff" * 8 + b"\0"},
        {"offset": text("0")},
        {"offset": b"\x88"},
        {"offset": b"K\x0b"},
        {"size": b"J\xff\xff\xff\xffK\3\x86"},
        {"size": b"K\2\x85"},
        {"size": b"K\2" + text("3") + b"\x86"},
        {"size": b"\x8a\x08" + b"\xff" * 7 + b"\x7fK\3\x86"},
        {"stride": b"J\xff\xff\xff\xffK\1\x86"},
        {"stride": b"K\x0eK\1\x86"},
        {"stride": text("31")},
        {"kind": b"cos\nFloatStorage\n"},
        {"kind": b"ctorch\nFancyStorage\n"},
        {"kind": text("FloatStorage")},
        {"key": b"K\0"},
        {"key": text("../0")},
        {"key": text("1")},
        {"numel": b"K\x11"},
        {"numel": b"K\5"},
        {"numel": b"J\xff\xff\xff\xff"},
        {"rest": b"", "stride": b"", "size": b""},
    ],
)
def test_a_malformed_tensor_is_refused(
    changes: dict[str, bytes], write: Any, tmp_path: Path
) -> None:
    checkpoint = write(tmp_path / "a.pt", state_dict(tensor_with(**changes)))

    with pytest.raises(PyCandleError) as refused:
        extracted(checkpoint)

    assert [item.code for item in refused.value.diagnostics] == ["malformed-checkpoint"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"stride": b"K\0K\1\x86"}, [[0, 1, 2], [0, 1, 2]]),
        ({"stride": b"K\1K\1\x86"}, [[0, 1, 2], [1, 2, 3]]),
        ({"stride": b"K\0K\0\x86", "offset": b"K\x0f"}, [[15, 15, 15], [15, 15, 15]]),
        ({"size": b"ctorch\nSize\nK\2K\3\x86\x85R"}, [[0, 1, 2], [3, 4, 5]]),
        ({"rest": b"", "function": b"ctorch._utils\n_rebuild_tensor\n"}, [[0, 1, 2], [3, 4, 5]]),
        ({"key": b"U\x010"}, [[0, 1, 2], [3, 4, 5]]),
    ],
)
def test_an_odd_tensor_is_read(
    changes: dict[str, bytes], expected: list[list[float]], tmp_path: Path
) -> None:
    checkpoint = zip_of(tmp_path / "a.pt", state_dict(tensor_with(**changes)))

    assert extracted(checkpoint).tolist() == expected


def test_python_2_wrote_an_ordered_dict_as_pairs(tmp_path: Path) -> None:
    pairs = b"](](U\1w" + tensor_with() + b"ee"
    content = PROTO + b"ccollections\nOrderedDict\n" + pairs + b"\x85R."

    assert extracted(legacy_of(tmp_path / "a.pt", content)).shape == (2, 3)


class Quantity(torch.Tensor):
    """A subclass of Tensor, whose values may mean anything."""


def complex_ones() -> torch.Tensor:
    return torch.ones(2, 3, dtype=torch.complex64)


UNSUPPORTED: dict[str, Callable[[], torch.Tensor]] = {
    "conjugate": lambda: complex_ones().conj(),
    "negative": lambda: complex_ones().conj().imag,
    "sparse": lambda: torch.eye(3).to_sparse(),
    "meta": lambda: torch.zeros(2, 3, device="meta"),
    "complex128": lambda: torch.zeros(2, 3, dtype=torch.complex128),
    "subclass": lambda: torch.zeros(2, 3).as_subclass(Quantity),
    "nested": lambda: torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]),
    "quantized": lambda: torch.quantize_per_tensor(torch.zeros(2, 3), 0.1, 0, torch.qint8),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("make", UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_a_tensor_that_is_not_plain_data_is_refused_only_where_it_is_needed(
    make: Callable[[], torch.Tensor], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "a.pt"
    torch.save({"w": make()}, checkpoint)

    with pytest.raises(PyCandleError) as refused:
        extracted(checkpoint)
    torch.save({"w": torch.ones(2, 3), "other": make()}, checkpoint)
    tensor = extracted(checkpoint)

    assert {item.code for item in refused.value.diagnostics} <= {
        "unsupported-tensor",
        "wrong-dtype",
    }
    assert tensor.equal(torch.ones(2, 3))


def test_a_parameter_with_attributes_is_read(tmp_path: Path) -> None:
    parameter = torch.nn.Parameter(torch.full((2, 3), 7.0))
    parameter.tag = "kept by torch"  # type: ignore[attr-defined]
    buffer = torch.nn.Buffer(torch.zeros(1))
    torch.save(OrderedDict(w=parameter, b=buffer), tmp_path / "a.pt")

    assert extracted(tmp_path / "a.pt").tolist() == [[7.0] * 3] * 2


def test_python_objects_beside_the_weights_do_no_harm(tmp_path: Path) -> None:
    from argparse import Namespace

    import numpy as np

    extra = {"args": Namespace(lr=0.1), "path": Path("a"), "score": np.float64(0.5)}
    torch.save({"state_dict": {"w": torch.ones(2, 3)}, **extra}, tmp_path / "a.pt")

    assert extracted(tmp_path / "a.pt").equal(torch.ones(2, 3))


@pytest.mark.parametrize("protocol", [1, 2, 3, 4, 5])
def test_every_protocol_is_read(protocol: int) -> None:
    value = {"a": [1, -1, 2**40, -(2**70), 0.5, True, None, "ü", (1, 2), (1, 2, 3, 4)], "b": ()}

    assert read_pickle(pickle.dumps(value, protocol)).value == value


def test_a_pickle_ends_where_the_next_one_starts() -> None:
    data = pickle.dumps([1], 4) + pickle.dumps("two", 2)

    first = read_pickle(data)
    second = read_pickle(data, first.end)

    assert (first.value, second.value, second.end) == ([1], "two", len(data))


def test_a_call_is_a_record() -> None:
    value = read_pickle(PROTO + RECORDED["os.system"] + b".").value

    assert type(value) is Call
    assert (value.function.qualified, value.args) == ("os.system", ("touch ran",))


def test_a_pickle_has_a_largest_number_of_opcodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pycandle.weights.pickle_reader.MAX_OPCODES", 1000)

    with pytest.raises(PickleError, match="more than 1000 opcodes"):
        read_pickle(PROTO + b"N" * 2000 + b".")


MEMORY_LIMIT = """
import sys, tracemalloc
from pathlib import Path
from pycandle.errors import PyCandleError
from pycandle.weights import extract

try:
    import resource
except ImportError:  # Windows has no such limits.
    pass
else:
    resource.setrlimit(resource.RLIMIT_AS, (192 << 20, 192 << 20))
tracemalloc.start()
directory = Path(sys.argv[1])
for checkpoint in sorted(directory.glob("*.pt")):
    try:
        extract(checkpoint, directory / "manifest.json", directory / "weights.safetensors")
    except PyCandleError:
        pass
print(tracemalloc.get_traced_memory()[1])
"""


@pytest.mark.parametrize("write", [zip_of, legacy_of])
def test_no_attack_takes_memory_or_time(write: Any, tmp_path: Path) -> None:
    attacks = {**RECORDED, **REFUSED, **TRUNCATED}
    for number, attack in enumerate(attacks.values()):
        write(tmp_path / f"{number}.pt", state_dict(tensor_with(), attack))
    write_manifest(tmp_path / "manifest.json", {"w": torch.zeros(2, 3)})

    done = subprocess.run(
        [sys.executable, "-c", MEMORY_LIMIT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.stderr == ""
    assert int(done.stdout) < 64 << 20
