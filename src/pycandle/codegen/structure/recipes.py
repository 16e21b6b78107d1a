"""Tensors that are computed while the model is built: which, of which ops."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from pycandle.ir.configured import exact
from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.types import TensorType, TupleType, ValueType


@dataclass(frozen=True, eq=False)
class Recipe:
    """The ops that make one state tensor."""

    nodes: tuple[Node, ...]
    result: Value
    split: frozenset[Value]
    """Results with several items, each of which is an expression of its own."""
    key: Hashable
    """Equal for recipes that are equal to the last number and formula."""


@dataclass(frozen=True)
class Recipes:
    """By canonical name: what `new` computes, and why it does not compute other tensors."""

    found: dict[str, Recipe] = field(default_factory=dict[str, Recipe])
    refused: dict[str, str] = field(default_factory=dict[str, str])


def recipe_of(nodes: list[Node], result: Value, split: frozenset[Value]) -> Recipe:
    """Returns the recipe that ends with `result`."""
    return Recipe(tuple(nodes), result, split, _key(nodes, lambda number: exact(number)))


def form_of(nodes: list[Node]) -> Hashable:
    """Returns what recipes share that differ in numbers alone."""
    return _key(nodes, lambda number: type(number) is bool and number)


def _key(nodes: list[Node], number: Callable[[float], Hashable]) -> Hashable:
    places = {node.result: place for place, node in enumerate(nodes)}

    def kind_of(kind: ValueType) -> Hashable:
        match kind:
            case TensorType(dtype, shape):
                return dtype, tuple(map(canonical, shape))
            case TupleType(items):
                return tuple(item and kind_of(item) for item in items)

    def canonical(argument: Argument) -> Hashable:
        match argument:
            case Value():
                return "value", places[argument]
            case list():
                return tuple(map(canonical, argument))
            case int() | float():
                return number(argument) if argument == argument else "nan"
            case _:
                return argument

    return tuple(
        (
            node.target,
            tuple(map(canonical, node.args)),
            tuple((name, canonical(value)) for name, value in sorted(node.kwargs.items())),
            kind_of(node.result.type),
            node.result.variable,
        )
        for node in nodes
    )
