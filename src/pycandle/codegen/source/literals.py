"""Numbers in the code of which no origin in the model's settings is known, for a reader to check.

They are what layers and calls hold by a name of their own, and what ops compute with. What says
where something stands, as an axis or the place in a tuple does, has no other value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pycandle.codegen.unification.types import Type
from pycandle.ir.configured import ConfiguredFloat, ConfiguredInt
from pycandle.ir.graph import Graph, Node
from pycandle.rust import tree as t
from pycandle.rust.rewrite import numbers

# fmt: off
_COMPUTING = frozenset(
    {
        "add", "sub", "rsub", "mul", "div", "floor_divide", "remainder", "fmod", "pow",
        "float_power", "addcmul", "addcdiv", "lerp", "where", "eq", "ne", "lt", "le", "gt",
        "ge", "clamp", "clamp_min", "clamp_max", "maximum", "minimum", "masked_fill", "full",
        "full_like", "fill", "bitwise_and", "bitwise_or", "bitwise_xor",
    }
)
# fmt: on
"""Ops of which an integer is a number to compute with."""
_OF_TRAINING = frozenset({"batch_norm", "dropout"})
"""Ops whose further numbers matter in training only: a layer holds those that do not."""


def unknown_literals(
    types: Iterable[Type], names: Mapping[str, str], graphs: Sequence[Graph]
) -> tuple[str, ...]:
    """Returns a line for each: `Bottleneck: eps = 1e-05`, `0.5 in aten.mul.Tensor, gelu.py:12`."""
    held = [
        (f"{names[item.token]}: {number.role} = {value}", value)
        for item in types
        for number in numbers((item.definition.fields, item.definition.functions))
        if number.role
        for value in _plain(number.value)
    ]
    known = {value for _, value in held}
    computed = (
        f"{value} in {node.target}{_line(node)}"
        for graph in graphs
        for node in graph.nodes
        for value in _operands(node)
        # Of an op that a layer stands for, the layer holds it.
        if _is_computing(node) or value not in known
    )
    return tuple(dict.fromkeys([*(line for line, _ in held), *computed]))


def _plain(value: t.Literal) -> Iterator[int | float]:
    """Yields a number without a formula, and those inside of several."""
    if isinstance(value, tuple):
        for item in value:
            if isinstance(item, t.Number):
                yield from _plain(item.value)
    elif isinstance(value, int | float) and not isinstance(
        value, bool | ConfiguredInt | ConfiguredFloat
    ):
        yield value


def _is_computing(node: Node) -> bool:
    return node.target.split(".")[1] in _COMPUTING


def _operands(node: Node) -> Iterator[int | float]:
    if node.target.split(".")[1] in _OF_TRAINING:
        return
    for argument in (*node.args, *node.kwargs.values()):
        match argument:
            case bool() | ConfiguredInt() | ConfiguredFloat():
                continue
            case float():
                yield argument
            case int() if _is_computing(node):
                yield argument
            case _:
                continue


def _line(node: Node) -> str:
    return f", {node.sites[0].file}:{node.sites[0].line}" if node.sites else ""
