"""Finds which float values follow the model's dtype, and which are fixed.

In float32 the two look the same. The recorder exported the model once more in bfloat16 and noted
for each op with a dtype argument which it is; from there it follows by torch's promotion.
"""

from collections.abc import Sequence
from dataclasses import replace

from pycandle.ir.graph import Graph, Node, Value
from pycandle.ir.overloads import functional_overload
from pycandle.ir.types import DTypeConstant, TensorType, TupleType
from pycandle.manifest import schema

_FOLLOWING_STATE = ("parameter", "persistent_buffer")


def follow_dtypes(graphs: Sequence[Graph], manifest: schema.Manifest) -> None:
    """Marks the types of all values of the entries' graphs, in place.

    Where one entry's program is not generic, all run in the recorded dtype only, and each float of
    that dtype has the model's.
    """
    results = [node.result for graph in graphs for node in graph.nodes]
    inputs = [value for graph in graphs for value in graph.inputs]
    state = list(dict.fromkeys(value for graph in graphs for value in graph.state))
    if not all(entry.dtype_generic for entry in manifest.entries):
        for graph in graphs:
            graph.dtype_generic = False
        for value in [*inputs, *state, *results]:
            _mark(value, follows=True, dtype=manifest.dtype)
        return
    kinds = {item.name: item.kind for item in manifest.state}
    for value in inputs:
        _mark(value, follows=_is_model_float(value, manifest.dtype))
    only_cast = _only_cast(graphs, state)
    for value in state:
        kind = kinds.get(value.state or "")
        # `Module.to` casts non-persistent buffers as well; one that each reader casts to a fixed
        # dtype, as rotary frequencies are, keeps its precision instead.
        is_table = kind == "non_persistent_buffer" and value not in only_cast
        follows = kind in _FOLLOWING_STATE or is_table
        _mark(value, follows=follows and _is_model_float(value, manifest.dtype))
    for graph in graphs:
        for node in graph.nodes:
            _mark(node.result, follows=_result_follows(node, manifest.dtype))


def _only_cast(graphs: Sequence[Graph], state: Sequence[Value]) -> set[Value]:
    """Returns the state that nothing reads but casts to a fixed dtype, views of it apart."""
    readers: dict[Value, list[Node]] = {}
    for graph in graphs:
        for value, nodes in graph.uses().items():
            readers.setdefault(value, []).extend(nodes)
    return {
        value
        for value in state
        if all(_ends_in_cast(node, readers) for node in readers.get(value, []))
    }


_VIEWS = ("aten.unsqueeze.", "aten.expand.", "aten.view.", "aten.reshape.", "aten.slice.")


def _ends_in_cast(node: Node, readers: dict[Value, list[Node]]) -> bool:
    """Whether a node casts to a fixed dtype, checks, or is a view that only such nodes read."""
    if node.target.startswith("aten._assert"):
        return True
    if any(isinstance(item, DTypeConstant) for item in [*node.args, *node.kwargs.values()]):
        return node.cast == "fixed"
    if not node.target.startswith(_VIEWS):
        return False
    return all(_ends_in_cast(other, readers) for other in readers.get(node.result, []))


def _is_model_float(value: Value, dtype: str) -> bool:
    return isinstance(value.type, TensorType) and value.type.dtype == dtype


def _mark(value: Value, *, follows: bool, dtype: str | None = None) -> None:
    """Marks a value's floats; `dtype` picks those of one dtype."""

    def mark(kind: TensorType | None) -> TensorType | None:
        if kind is None or not follows or not kind.is_float or dtype not in (None, kind.dtype):
            return kind
        return replace(kind, follows_model=True)

    if isinstance(value.type, TensorType):
        marked = mark(value.type)
        assert marked is not None
        value.type = marked
    else:
        value.type = TupleType(tuple(mark(item) for item in value.type.items))


def _result_follows(node: Node, dtype: str) -> bool:
    arguments = [*node.args, *node.kwargs.values()]
    if any(isinstance(item, DTypeConstant) for item in arguments):
        return node.cast == "input_dtype"
    if isinstance(node.result.type, TensorType) and node.result.type.dtype != dtype:
        return False
    source = _dtype_source(node)
    if source is not None:
        return _follows(source.type)
    floats = [value.type for value in node.inputs() if _has_float(value)]
    if not floats:
        # Made from sizes or integers: torch's default dtype, unless the recorder saw otherwise.
        return node.cast == "input_dtype"
    with_dims = [kind for kind in floats if not isinstance(kind, TensorType) or kind.shape]
    # A tensor without dims does not take part in promotion beside one with dims.
    return all(_follows(kind) for kind in with_dims or floats)


def _dtype_source(node: Node) -> Value | None:
    """Returns the operand whose dtype the result has, whatever the others are."""
    position = 1 if node.target in ("aten.type_as.default", "aten.to.other") else 0
    if position == 0 and functional_overload(node.target) is None:
        return None
    source = node.args[position] if len(node.args) > position else None
    return source if isinstance(source, Value) else None


def _has_float(value: Value) -> bool:
    if isinstance(value.type, TensorType):
        return value.type.is_float
    return any(item is not None and item.is_float for item in value.type.items)


def _follows(kind: TensorType | TupleType) -> bool:
    if isinstance(kind, TensorType):
        return kind.follows_model
    return any(item is not None and item.follows_model for item in kind.items)
