"""Ops that Candle has a layer for."""

from __future__ import annotations

import inspect

from pycandle.codegen.structure.layout import bind_argument, dry_size
from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.types import TensorType
from pycandle.lowering.layers import LAYERS, Layer, find_layer
from pycandle.lowering.operand import Operand
from pycandle.rust import tree as t


def probe(value: Value) -> Operand:
    """Returns an operand that is only looked at, to ask whether there is a layer for an op."""
    kind = value.type
    assert isinstance(kind, TensorType)
    return Operand(t.Local("x"), kind, sizes=dry_size, is_state=value.state is not None)


def layer_state(node: Node, layer: Layer) -> dict[str, Argument]:
    """Returns the arguments that a layer holds, by their names in the schema."""
    bound = inspect.signature(LAYERS[node.target]).bind(*node.args, **node.kwargs).arguments
    return {name: bound[name] for name in layer.state}


def layer_of(node: Node) -> Layer | None:
    """Returns the layer for an op with all its weights from the model; None where there is none."""
    args = [bind_argument(item, probe, dry_size) for item in node.args if not _is_tuple(item)]
    if len(args) != len(node.args):
        return None
    kwargs = {k: bind_argument(v, probe, dry_size) for k, v in node.kwargs.items()}
    return find_layer(node.target, args, kwargs)


def is_layer(node: Node) -> bool:
    """Whether there is a layer for an op."""
    return layer_of(node) is not None


def layer_input(node: Node, layer: Layer) -> Value:
    """Returns the operand that a layer does not hold."""
    held = layer_state(node, layer).values()
    return next(value for value in node.inputs() if value not in held)


def _is_tuple(argument: object) -> bool:
    return isinstance(argument, Value) and not isinstance(argument.type, TensorType)
