"""Graphs: inputs, state, nodes in execution order, and the modules and functions they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pycandle.ir.origins import Origins
from pycandle.ir.sizes import Operation, Size, Symbol
from pycandle.ir.types import DTypeConstant, Keyword, ValueType


@dataclass(eq=False)
class Value:
    """Something computed once: an input, a state tensor or the result of a node."""

    name: str
    type: ValueType
    variable: str | None = None
    """What Python assigns it to."""
    state: str | None = None
    """The canonical FQN, for a state tensor."""
    node: Node | None = None
    """The node that computes it; None for inputs and state."""

    def __repr__(self) -> str:
        return f"%{self.name}"


Argument: TypeAlias = (
    bool
    | int
    | float
    | str
    | complex
    | Symbol
    | Operation
    | DTypeConstant
    | Keyword
    | Value
    | list["Argument"]
    | None
)


@dataclass(eq=False)
class Site:
    """One line of Python in the chain of functions that leads to a node."""

    file: str
    line: int
    function: str
    text: str | None = None


@dataclass(eq=False)
class Node:
    """One op."""

    target: str
    args: list[Argument]
    kwargs: dict[str, Argument]
    result: Value
    call: int = 0
    """The innermost module call around it: an index into `Graph.calls`."""
    sites: tuple[Site, ...] = ()
    """Innermost first, up to the module's `forward`."""
    function: int | None = None
    """The innermost Python function around it: an index into `Graph.functions`."""
    cast: str | None = None
    """`input_dtype` or `fixed`, for an op with a float dtype argument."""

    def inputs(self) -> Iterator[Value]:
        """Yields the values it reads, in order of its arguments, repeats included."""
        for argument in self.args:
            yield from values_in(argument)
        for argument in self.kwargs.values():
            yield from values_in(argument)

    def replace_inputs(self, substitute: Callable[[Value], Value]) -> None:
        """Exchanges the values it reads."""
        self.args = [_substitute(argument, substitute) for argument in self.args]
        self.kwargs = {k: _substitute(v, substitute) for k, v in self.kwargs.items()}


def values_in(argument: Argument) -> Iterator[Value]:
    """Yields the values in an argument."""
    if isinstance(argument, Value):
        yield argument
    elif isinstance(argument, list):
        for item in argument:
            yield from values_in(item)


def _substitute(argument: Argument, substitute: Callable[[Value], Value]) -> Argument:
    if isinstance(argument, Value):
        return substitute(argument)
    if isinstance(argument, list):
        return [_substitute(item, substitute) for item in argument]
    return argument


@dataclass(eq=False)
class ModuleCall:
    """One call of one module."""

    module: str
    """Its FQN."""
    cls: str
    """The qualified name of its class."""
    index: int
    """Counts the calls of the same module."""
    parent: int | None
    inputs: list[tuple[str, Value]] = field(default_factory=list["tuple[str, Value]"])
    """Parameter name and value, for each tensor among the arguments; `name.0` for nested ones."""
    options: dict[str, object] = field(default_factory=dict[str, object])
    """Parameter name and value, for each argument that is a text, a truth value or None."""
    outputs: list[Value] = field(default_factory=list[Value])
    container: str | None = None
    """`sequential`, `list` or `dict`, for a module that only holds others."""
    function: int | None = None
    """The function that calls it: an index into `Graph.functions`."""
    variable: str | None = None
    """What Python assigns its result to."""
    line: tuple[str, int] | None = None
    """File and line of the call."""


@dataclass(eq=False)
class FunctionCall:
    """One call of a Python function, or of a method other than `forward`."""

    name: str
    """Its qualified name within its file."""
    file: str
    line: int
    call: int
    """The module call that it belongs to."""
    parent: int | None
    inputs: list[tuple[str, Value]] = field(default_factory=list["tuple[str, Value]"])
    options: dict[str, object] = field(default_factory=dict[str, object])
    """Parameter name and value, for each argument that is a text, a truth value or None."""
    variable: str | None = None


@dataclass(eq=False)
class Output:
    """A leaf of what the graph returns."""

    path: str
    value: Value | None
    """None for a plain constant."""


@dataclass(frozen=True)
class Condition:
    """What the sizes of a call must satisfy: `left relation right`."""

    left: Size
    relation: str
    """`==`, `!=`, `<` or `<=`."""
    right: Size
    except_one: Symbol | None = None
    """The symbol that may be 1 all the same."""


@dataclass(eq=False)
class Graph:
    """One entry of a model."""

    name: str
    inputs: list[Value]
    state: list[Value]
    nodes: list[Node]
    outputs: list[Output]
    calls: list[ModuleCall]
    functions: list[FunctionCall] = field(default_factory=list[FunctionCall])
    origins: Origins = field(default_factory=Origins)
    """What is known of where its numbers come from."""
    output_class: str | None = None
    """The qualified name of the class that the model returns, where it is one with fields."""
    dtype_generic: bool = True
    """Whether it holds for a model of any float dtype, or of the recorded one alone."""
    conditions: list[Condition] = field(default_factory=list[Condition])
    """For other sizes the model computes something else."""

    def uses(self) -> dict[Value, list[Node]]:
        """Returns the nodes that read each value, in order; a graph output counts as no node."""
        found: dict[Value, list[Node]] = {}
        for node in self.nodes:
            for value in dict.fromkeys(node.inputs()):
                found.setdefault(value, []).append(node)
        return found
