"""Reading manifests: what is right comes back, what is wrong is named."""

import contextlib
import json
import time
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycandle.errors import PyCandleError
from pycandle.manifest.reader import decode_manifest, read_manifest
from pycandle.manifest.writer import encode_manifest

from .small import changed, small_manifest

MOST_TIMES = 6


def codes(data: bytes) -> list[str]:
    with pytest.raises(PyCandleError) as caught:
        decode_manifest(data)
    return [item.code for item in caught.value.diagnostics]


def test_a_manifest_comes_back_as_it_was():
    assert decode_manifest(encode_manifest(small_manifest())) == small_manifest()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-json"),
        (b"\x80\x02}", "not-json"),
        (b'{"format": "pycandle-manifest", ', "truncated-manifest"),
        (encode_manifest(small_manifest())[:-40], "truncated-manifest"),
        (b"[1, 2]", "not-a-manifest"),
        (b'{"weight_map": {}}', "not-a-manifest"),
        (b'{"format": "onnx", "version": 1}', "not-a-manifest"),
        (changed(("version",), 3), "newer-manifest"),
        (changed(("version",), 0), "bad-manifest"),
        (changed(("device",), "cuda"), "bad-manifest"),
        (changed(("entries", 0, "nodes", 0, "name"), 3), "bad-manifest"),
        (b'{"format":"pycandle-manifest","version":1,"name":' + b"[" * 99999 + b"}", "not-json"),
    ],
)
def test_what_is_no_manifest_is_refused(data, code):
    assert codes(data) == [code]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("entries", 0, "nodes", 1, "args"), [{"node": "gone"}], "no value `gone` before it"),
        (("entries", 0, "nodes", 0, "args"), [{"node": "relu"}], "no value `relu` before it"),
        (("entries", 0, "nodes", 1, "name"), "linear", "two values of the name `linear`"),
        (("entries", 0, "nodes", 1, "call"), 7, "no call 7"),
        (("entries", 0, "nodes", 1, "frames"), 1, "no stack 1"),
        (("entries", 0, "nodes", 1, "function"), 1, "no function 1"),
        (("entries", 0, "nodes", 1, "value", "shape", 0), "s1", "no symbol `s1`"),
        (("entries", 0, "nodes", 1, "value", "shape", 0), "s0 +", "is not a size"),
        (("entries", 0, "nodes", 1, "value", "shape", 0), -2, "the size -2 is negative"),
        (("entries", 0, "nodes", 1, "value", "dtype"), "float31", "no dtype `float31`"),
        (("entries", 0, "nodes", 1, "args"), [{}], "not exactly one field"),
        (("entries", 0, "nodes", 1, "args"), [{"node": "x", "size": "s0"}], "exactly one"),
        (("entries", 0, "state", "p_weight"), "gone", "no state tensor `gone`"),
        (("entries", 0, "calls", 1, "module"), "gone", "no module `gone`"),
        (("entries", 0, "calls", 1, "parent"), 1, "the call 1 did not make it"),
        (("entries", 0, "calls", 1, "frames"), 5, "no stack 5"),
        (("entries", 0, "functions", 0, "call"), 2, "no call 2"),
        (("entries", 0, "functions", 0, "parent"), 0, "did not call it"),
        (("entries", 0, "output", "value"), {"node": "gone"}, "no value `gone`"),
        (("entries", 0, "signature", "x", "value"), {"node": "gone"}, "no value `gone`"),
        (("entries", 0, "symbols", 0, "upper"), 0, "from 1 to 0 is empty"),
        (("entries", 0, "fixed", 0, "size"), 5, "the size is 5, and in the input 4"),
        (("entries", 0, "fixed", 0, "dim"), 2, "the input has 2 dims"),
        (("entries", 0, "fixed", 0, "input"), "y", "no input `y`"),
        (("entries", 0, "records", 0, "sizes"), {"x": [2, 5]}, "recorded as 5"),
        (("entries", 0, "records", 0, "sizes"), {"x": [2]}, "another rank"),
        (("entries", 0, "records", 0, "sizes"), {"y": [2]}, "other inputs"),
        (("state", 0, "shape"), [-1], "negative size"),
        (("state", 0, "aliases"), ["proj.weight"], "two of the name `proj.weight`"),
        (("stacks", 0), [3], "no frame 3"),
        (("modules", 1, "path"), "", "two of the name ``"),
    ],
)
def test_a_contradiction_is_named(path, value, says):
    data = changed(path, value)

    with pytest.raises(PyCandleError) as caught:
        decode_manifest(data, "net_manifest.json")

    assert says in caught.value.render()
    assert "net_manifest.json, " in caught.value.render()


def test_all_contradictions_are_told_at_once_and_the_rest_counted():
    node = {"name": "n", "target": "aten.relu.default", "args": [{"node": "gone"}]}
    nodes = [{**node, "name": f"n{index}"} for index in range(30)]

    found = codes(changed(("entries", 0, "nodes"), nodes))

    # The calls and the output name nodes that are gone too: 34 in all, and 20 are shown.
    assert len(found) == 21


def test_a_missing_file_is_refused_with_a_hint(tmp_path):
    with pytest.raises(PyCandleError, match="pycandle record"):
        read_manifest(tmp_path / "gone.json")


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(PyCandleError, match="cannot be read"):
        read_manifest(tmp_path)


def test_ten_thousand_nodes_are_read_in_some_times_what_json_takes():
    small = small_manifest()
    (entry,) = small.entries
    linear, relu = entry.nodes
    nodes = [linear, relu]
    nodes += [msgspec.structs.replace(relu, name=f"relu_{index}") for index in range(9998)]
    entries = [msgspec.structs.replace(entry, nodes=nodes)]
    data = encode_manifest(msgspec.structs.replace(small, entries=entries))

    def fastest(read: Callable[[bytes], object]) -> float:
        def once() -> float:
            start = time.process_time()
            read(data)
            return time.process_time() - start

        return min(once() for _ in range(3))

    # Of one run, so that what else the machine does is in both.
    assert fastest(decode_manifest) < MOST_TIMES * fastest(json.loads)


@given(st.data())
def test_damaged_bytes_are_read_or_refused_and_nothing_else(data):
    whole = encode_manifest(small_manifest())
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 20))
    damaged = whole[:start] + data.draw(st.binary(max_size=5)) + whole[start + length :]

    # Any other exception fails the test.
    with contextlib.suppress(PyCandleError):
        encode_manifest(decode_manifest(damaged))
