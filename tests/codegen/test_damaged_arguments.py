"""Arguments that are of another kind than an op's schema says are refused by name."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pycandle.codegen import generate
from pycandle.errors import PyCandleError
from pycandle.manifest.reader import decode_manifest

EXAMPLE = Path(__file__).parents[2] / "examples" / "manifests" / "clip_vision.json.gz"
OTHERS: list[Any] = ["x", 0, -1, 1.5, None, True, [], [1, 2], ["a"], 10**30, {"value": "x"}]


def damaged(change: Any) -> bytes:
    """Returns a manifest that `change` was called with, of its nodes."""
    manifest = json.loads(gzip.decompress(EXAMPLE.read_bytes()))
    del manifest["learned"]
    change(manifest["entries"][0]["nodes"])
    return json.dumps(manifest).encode()


def refusals(data: bytes) -> list[tuple[str, str]]:
    """Returns code and title of what is refused; nothing else may be raised."""
    try:
        generate(decode_manifest(data, "damaged"))
    except PyCandleError as error:
        return [(item.code, item.title) for item in error.diagnostics]
    return []


def node_of(nodes: list[Any], target: str) -> Any:
    return next(node for node in nodes if node["target"] == target)


@pytest.mark.parametrize(
    ("target", "position", "value", "title"),
    [
        ("aten.linear.default", 0, 1.5, "`aten.linear.default` takes a tensor as `input`"),
        ("aten.linear.default", 1, None, "`aten.linear.default` takes a tensor as `weight`"),
        (
            "aten.layer_norm.default",
            1,
            5,
            "`aten.layer_norm.default` takes a list, each item an integer as `normalized_shape`",
        ),
        ("aten.layer_norm.default", 4, [], "`aten.layer_norm.default` takes a number as `eps`"),
        ("aten.transpose.int", 1, 0.5, "`aten.transpose.int` takes an integer as `dim0`"),
    ],
)
def test_an_argument_of_another_kind_is_refused(
    target: str, position: int, value: Any, title: str
) -> None:
    def change(nodes: list[Any]) -> None:
        node_of(nodes, target)["args"][position] = value

    assert ("contradictory-manifest", title) in refusals(damaged(change))


def test_what_is_whole_is_ported() -> None:
    assert refusals(damaged(lambda nodes: None)) == []


def test_a_missing_argument_is_refused_with_all_others() -> None:
    def change(nodes: list[Any]) -> None:
        del node_of(nodes, "aten.linear.default")["args"][1:]
        node_of(nodes, "aten.transpose.int")["args"] = []

    titles = [title for _, title in refusals(damaged(change))]

    assert "`aten.linear.default` takes a tensor as `weight`" in titles
    assert "`aten.transpose.int` takes an integer as `dim1`" in titles


@settings(max_examples=60)
@given(st.data())
def test_any_damage_of_an_argument_is_right_or_refused(data: st.DataObject) -> None:
    def change(nodes: list[Any]) -> None:
        node = data.draw(st.sampled_from([node for node in nodes if node.get("args")]))
        position = data.draw(st.integers(0, len(node["args"]) - 1))
        if data.draw(st.booleans()):
            node["args"][position] = data.draw(st.sampled_from(OTHERS))
        else:
            del node["args"][position]

    refusals(damaged(change))


def test_unknown_ops_of_a_learned_model_are_refused_at_once() -> None:
    manifest = json.loads(gzip.decompress(EXAMPLE.read_bytes()))
    nodes = manifest["entries"][0]["nodes"]
    node_of(nodes, "aten.layer_norm.default")["target"] = "aten.unknown_norm.default"
    node_of(nodes, "aten.transpose.int")["target"] = "aten.unknown_turn.int"

    found = refusals(json.dumps(manifest).encode())

    assert [code for code, _ in found] == ["unsupported-op", "unsupported-op"]
    assert ["unknown_norm" in title or "unknown_turn" in title for _, title in found]


@pytest.mark.parametrize("part", ["state", "samples"])
def test_rows_of_another_length_are_refused(part: str) -> None:
    manifest = json.loads(gzip.decompress(EXAMPLE.read_bytes()))
    rows = manifest["learned"][part]
    row = rows[0] if isinstance(rows, list) else next(iter(rows.values()))
    row.pop()

    (found,) = refusals(json.dumps(manifest).encode())

    assert found[0] == "contradictory-manifest"
