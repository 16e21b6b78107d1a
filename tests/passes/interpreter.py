"""Runs a graph in torch, node by node; in-place ops write as torch has them write."""

from typing import Any

import torch

import own_ops  # noqa: F401  # Defines the ops that passes make.
from pycandle.ir.graph import Argument, Graph, Value
from pycandle.ir.overloads import functional_overload
from pycandle.ir.sizes import Operation, Symbol, evaluate
from pycandle.ir.types import DTypeConstant, Keyword, TensorType


def run(
    graph: Graph, inputs: list[torch.Tensor], symbols: dict[str, int] | None = None
) -> list[torch.Tensor]:
    """Returns the outputs, copied. Checks that results have the dtype and shape of their types."""
    sizes = symbols or {}
    known: dict[Value, Any] = dict(zip(graph.inputs, inputs, strict=True))
    for node in graph.nodes:
        args = [_argument(argument, known, sizes) for argument in node.args]
        kwargs = {name: _argument(value, known, sizes) for name, value in node.kwargs.items()}
        if functional_overload(node.target):
            args = [args[0], *(_apart(item, args[0]) for item in args[1:])]
        known[node.result] = result = apply(node.target, args, kwargs)
        if isinstance(node.result.type, TensorType):
            kind = (str(result.dtype).removeprefix("torch."), tuple(result.shape))
            shape = tuple(evaluate(size, sizes) for size in node.result.type.shape)
            assert kind == (node.result.type.dtype, shape), node.result
    return [known[output.value].clone() for output in graph.outputs if output.value is not None]


def _apart(item: Any, written: torch.Tensor) -> Any:
    """Copies an operand that shares memory with what is written to.

    torch leaves open what such an op reads: what was there before, or what it wrote just now.
    """
    if not isinstance(item, torch.Tensor):
        return item
    shares = item.untyped_storage().data_ptr() == written.untyped_storage().data_ptr()
    return item.clone() if shares else item


def apply(target: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Calls an op overload by name."""
    if target == "operator.getitem":
        return args[0][args[1]]
    namespace, name, overload = target.split(".")
    return getattr(getattr(getattr(torch.ops, namespace), name), overload)(*args, **kwargs)


def _argument(argument: Argument, known: dict[Value, Any], sizes: dict[str, int]) -> Any:
    match argument:
        case Value():
            return known[argument]
        case list():
            return [_argument(item, known, sizes) for item in argument]
        case DTypeConstant(name):
            return getattr(torch, name)
        case Symbol() | Operation():
            return evaluate(argument, sizes)
        case Keyword("device"):
            return "cpu"
        case Keyword(_, name):
            return getattr(torch, name)
        case _:
            return argument
