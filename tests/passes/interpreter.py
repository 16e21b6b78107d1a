"""Runs a graph in torch, node by node; in-place ops write as torch has them write."""

from typing import Any

import torch

from pycandle.ir.graph import Argument, Graph, Value
from pycandle.ir.types import DTypeConstant, TensorType


def run(graph: Graph, inputs: list[torch.Tensor]) -> list[torch.Tensor]:
    """Returns the outputs, copied. Checks that results have the dtype and shape of their types."""
    known: dict[Value, Any] = dict(zip(graph.inputs, inputs, strict=True))
    for node in graph.nodes:
        args = [_argument(argument, known) for argument in node.args]
        kwargs = {name: _argument(value, known) for name, value in node.kwargs.items()}
        known[node.result] = result = apply(node.target, args, kwargs)
        if isinstance(node.result.type, TensorType):
            kind = (str(result.dtype).removeprefix("torch."), tuple(result.shape))
            assert kind == (node.result.type.dtype, node.result.type.shape), node.result
    return [known[output.value].clone() for output in graph.outputs if output.value is not None]


def apply(target: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Calls an op overload by name."""
    if target == "operator.getitem":
        return args[0][args[1]]
    _, name, overload = target.split(".")
    return getattr(getattr(torch.ops.aten, name), overload)(*args, **kwargs)


def _argument(argument: Argument, known: dict[Value, Any]) -> Any:
    match argument:
        case Value():
            return known[argument]
        case list():
            return [_argument(item, known) for item in argument]
        case DTypeConstant(name):
            return getattr(torch, name)
        case _:
            return argument
