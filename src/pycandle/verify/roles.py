"""What the graph does with a state tensor or an input: enough to draw sensible values for it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pycandle.manifest.schema import Argument, Atom, Entry, Manifest, Node, StateTensor, TensorValue

Kind = Literal["matrix", "scale", "shift", "variance", "index", "flags"]


@dataclass(frozen=True)
class Role:
    """How a tensor is used.

    matrix: products are summed over it; scale and shift: a norm's weight, a bias or a mean;
    variance: must be positive; index: picks elements; flags: any other integers, and bools.
    """

    kind: Kind
    fan_in: int = 1
    """Of a matrix: how many products a result sums."""
    below: int = 2
    """Of an index: the smallest size that it indexes."""


VIEWS = frozenset(
    f"aten.{name}"
    for name in (
        "alias", "clone", "contiguous", "detach", "expand", "expand_as", "flatten", "float",
        "lift_fresh_copy", "movedim", "narrow", "permute", "repeat", "reshape", "select", "slice",
        "squeeze", "t", "to", "transpose", "type_as", "unflatten", "unsqueeze", "view", "_to_copy",
    )
)  # fmt: skip
"""Ops whose result has the values of their first argument."""

NORM_ARGUMENTS: dict[str, tuple[Kind | None, ...]] = {
    "aten.layer_norm": (None, None, "scale", "shift"),
    "aten.rms_norm": (None, None, "scale"),
    "aten.group_norm": (None, None, "scale", "shift"),
    "aten.batch_norm": (None, "scale", "shift", "shift", "variance"),
    "aten.instance_norm": (None, "scale", "shift", "shift", "variance"),
    "aten._native_batch_norm_legit_no_training": (None, "scale", "shift", "shift", "variance"),
}
"""The roles of the arguments of norms, by position."""

POSITIVE = frozenset({"aten.sqrt", "aten.rsqrt", "aten.log", "aten.reciprocal"})

INDEX_ARGUMENTS = {
    "aten.embedding": (1, 0),
    "aten.index_select": (2, 0),
    "aten.gather": (2, 0),
    "aten.take_along_dim": (1, 0),
    "aten.scatter": (2, 0),
    "aten.index_add": (2, 0),
}
"""The position of the index, and of what it indexes."""


def state_roles(manifest: Manifest) -> dict[str, Role]:
    """Returns the role of each used state tensor, by canonical name."""
    shapes = {tensor.name: TensorValue(tensor.dtype, [*tensor.shape]) for tensor in manifest.state}
    readers = {
        name: reader for entry in manifest.entries for name, reader in _readers(entry, shapes)
    }
    return {
        tensor.name: _role(tensor, readers.get(tensor.name))
        for tensor in manifest.state
        if tensor.used
    }


@dataclass(frozen=True)
class _Reader:
    """The op that reads a tensor, through views of it: at `position` of its arguments."""

    node: Node
    position: int
    shape: tuple[int, ...] | None
    """Of the tensor as the op reads it, where it is known and fixed."""
    indexed: tuple[int, ...] | None
    """The shape of what the op indexes with the tensor, if it does."""


def _readers(entry: Entry, shapes: Mapping[str, TensorValue]) -> Iterator[tuple[str, _Reader]]:
    users: dict[str, list[tuple[Node, int]]] = {}
    values = {item.node: item.value for item in entry.inputs}
    values |= {node: shapes[name] for node, name in entry.state.items() if name in shapes}
    for node in entry.nodes:
        if isinstance(node.value, TensorValue):
            values[node.name] = node.value
        for position, name in _operands(node):
            users.setdefault(name, []).append((node, position))
    for name, canonical in entry.state.items():
        if (found := _first_reader(name, users, values)) is not None:
            yield canonical, found


def _operands(node: Node) -> Iterator[tuple[int, str]]:
    """Yields each tensor argument's name and position; those within a list have the list's."""
    for position, argument in enumerate([*node.args, *node.kwargs.values()]):
        items: Sequence[Argument] = argument if isinstance(argument, list) else [argument]
        for item in items:
            if isinstance(item, Atom) and item.node is not None:
                yield position, item.node


def _first_reader(
    name: str, users: dict[str, list[tuple[Node, int]]], values: dict[str, TensorValue]
) -> _Reader | None:
    for node, position in users.get(name, []):
        if _packet(node) in VIEWS and position == 0:
            if (found := _first_reader(node.name, users, values)) is not None:
                return found
            continue
        if _is_plain_sum(node):
            found = _first_reader(node.name, users, values)
            if found is not None and _packet(found.node) in POSITIVE:
                return found
        shape = _fixed_shape(values.get(name))
        return _Reader(node, position, shape, _indexed(node, name, values))
    return None


def _indexed(node: Node, name: str, values: dict[str, TensorValue]) -> tuple[int, ...] | None:
    """Returns the sizes that the tensor `name` indexes: one, or those of every list position."""
    if _packet(node) in INDEX_ARGUMENTS:
        index, source = INDEX_ARGUMENTS[_packet(node)]
        if len(node.args) <= index or node.args[index] != Atom(node=name):
            return None
        shape = _shape_of(node.args[source], values)
        dim = 0 if _packet(node) == "aten.embedding" else node.args[1]
        return (shape[dim],) if shape and isinstance(dim, int) else None
    if _packet(node) in ("aten.index", "aten.index_put") and isinstance(node.args[1], list):
        shape = _shape_of(node.args[0], values)
        places = [i for i, item in enumerate(node.args[1]) if item == Atom(node=name)]
        return tuple(shape[place] for place in places) if shape and places else None
    return None


def _shape_of(argument: Argument, values: dict[str, TensorValue]) -> tuple[int, ...] | None:
    if isinstance(argument, Atom) and argument.node is not None:
        return _fixed_shape(values.get(argument.node))
    return None


def _fixed_shape(value: TensorValue | None) -> tuple[int, ...] | None:
    if value is None or not all(isinstance(size, int) for size in value.shape):
        return None
    return tuple(int(size) for size in value.shape)


def _packet(node: Node) -> str:
    """Returns the op without its overload: `aten.add`. In-place ops read like the others."""
    name = node.target.rsplit(".", 1)[0]
    return name.rstrip("_") if name.startswith("aten.") else name


def _is_plain_sum(node: Node) -> bool:
    """Whether the node adds a plain number, as the epsilon under a square root."""
    is_sum = _packet(node) in ("aten.add", "aten.clamp", "aten.clamp_min")
    return is_sum and len(list(_operands(node))) == 1


def _role(tensor: StateTensor, reader: _Reader | None) -> Role:
    if not tensor.dtype.startswith(("float", "bfloat")):
        if reader is not None and reader.indexed and tensor.dtype != "bool":
            return Role("index", below=min(reader.indexed))
        return Role("flags")
    shape = tuple(tensor.shape)
    if reader is None:
        return _shape_role(shape)
    packet = _packet(reader.node)
    if packet in NORM_ARGUMENTS:
        kinds = NORM_ARGUMENTS[packet]
        kind = kinds[reader.position] if reader.position < len(kinds) else None
        return Role(kind) if kind is not None else _shape_role(shape)
    if packet in POSITIVE or (packet == "aten.div" and reader.position == 1):
        return Role("variance")
    if packet == "aten.mul" and _is_vector(shape):
        return Role("scale")
    return _matrix_role(packet, reader, shape) or _shape_role(shape)


def _matrix_role(packet: str, reader: _Reader, shape: tuple[int, ...]) -> Role | None:
    bias = 0 if packet in ("aten.addmm", "aten.baddbmm") else 2
    has_bias = bias == 0 or packet == "aten.linear" or packet.startswith("aten.conv")
    if has_bias and reader.position == bias:
        return Role("shift")
    if packet == "aten.linear" and reader.position == 1:
        return Role("matrix", fan_in=shape[-1])
    if packet.startswith("aten.conv_transpose") and reader.position == 1:
        return Role("matrix", fan_in=max(1, shape[0] * math.prod(shape[2:])))
    if packet.startswith("aten.conv") and reader.position == 1:
        return Role("matrix", fan_in=max(1, math.prod(shape[1:])))
    if packet in ("aten.mm", "aten.bmm", "aten.matmul", "aten.addmm", "aten.baddbmm"):
        seen = reader.shape or shape
        first = 1 if packet in ("aten.addmm", "aten.baddbmm") else 0
        inner = seen[-1] if reader.position == first or len(seen) == 1 else seen[-2]
        return Role("matrix", fan_in=max(1, inner))
    return None


def _shape_role(shape: tuple[int, ...]) -> Role:
    """A guess from the shape alone: vectors are biases, all else is a table or a matrix."""
    if _is_vector(shape):
        return Role("shift")
    return Role("matrix", fan_in=max(1, shape[-1]))


def _is_vector(shape: tuple[int, ...]) -> bool:
    return sum(extent > 1 for extent in shape) <= 1
