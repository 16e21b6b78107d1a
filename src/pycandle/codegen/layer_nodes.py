"""Ops that Candle has a layer for."""

from __future__ import annotations

import inspect

from pycandle.codegen.layout import bind_argument, dry_size
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


def is_layer(node: Node) -> bool:
    """Whether there is a layer of Candle's for an op, with all its weights from the model."""
    args = [bind_argument(item, probe, dry_size) for item in node.args if not _is_tuple(item)]
    if len(args) != len(node.args):
        return False
    kwargs = {k: bind_argument(v, probe, dry_size) for k, v in node.kwargs.items()}
    return find_layer(node.target, args, kwargs) is not None


def _is_tuple(argument: object) -> bool:
    return isinstance(argument, Value) and not isinstance(argument.type, TensorType)
