"""Manifests of a few nodes."""

from typing import Any

import msgspec

from manifest.small import small_manifest
from pycandle.importer import import_entry
from pycandle.ir.graph import Graph
from pycandle.ir.types import TensorType
from pycandle.manifest.schema import (
    Atom,
    Call,
    Entry,
    Input,
    Leaf,
    Manifest,
    Node,
    StateTensor,
    TensorValue,
    Tree,
)


def node(name: str, target: str, *args: Any, value: Any = None, **extra: Any) -> Node:
    """Returns a node; a `str` that starts with `%` names a value."""
    kwargs = {k: reference(v) for k, v in extra.pop("kwargs", {}).items()}
    return Node(name, target, [reference(a) for a in args], kwargs, value, **extra)


def reference(argument: Any) -> Any:
    if isinstance(argument, list):
        return [reference(item) for item in argument]
    if isinstance(argument, str) and argument.startswith("%"):
        return Atom(node=argument[1:])
    return argument


def tensor(dtype: str = "float32", *shape: int | str) -> TensorValue:
    return TensorValue(dtype, list(shape))


def recorded(
    nodes: list[Node],
    inputs: dict[str, TensorValue],
    owned: tuple[StateTensor, ...] = (),
    output: Tree | None = None,
    **changes: Any,
) -> Manifest:
    """Returns a manifest whose root computes the nodes; state is read under its own name."""
    last = Leaf(Atom(node=nodes[-1].name)) if nodes else Leaf(None)
    entry = Entry(
        name="forward",
        inputs=[Input(name, name, value) for name, value in inputs.items()],
        state={item.name: item.name for item in owned},
        nodes=nodes,
        calls=[Call("", 0)],
        signature={name: Leaf(Atom(node=name)) for name in inputs},
        output=output or last,
    )
    entry = msgspec.structs.replace(entry, **changes)
    return msgspec.structs.replace(small_manifest(), state=list(owned), entries=[entry])


def graph_of(manifest: Manifest) -> Graph:
    return import_entry(manifest)


def follows(graph: Graph, name: str) -> bool:
    """Whether a value's dtype follows the model's."""
    values = [*graph.inputs, *graph.state, *(node.result for node in graph.nodes)]
    (kind,) = [value.type for value in values if value.name == name]
    assert isinstance(kind, TensorType)
    return kind.follows_model
