"""What the body of a private function stands in: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from pycandle.codegen.config.layer_kinds import KindsField
from pycandle.codegen.structure.loops import Loop
from pycandle.codegen.structure.mixed_loops import MixedLoop
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Instance, Type
from pycandle.ir.graph import Node, Value
from pycandle.ir.sizes import Size
from pycandle.lowering.layers import Layer
from pycandle.lowering.operand import Layout, ListOperand, Operand
from pycandle.rust import tree as t

Argument: TypeAlias = Callable[[Value], Operand | ListOperand]
SizeOf: TypeAlias = Callable[[Size], t.Expr]


class Caller(Protocol):
    """What calls a function: a struct's method or another function."""

    instances: dict[Region, Instance]
    dtype_here: Callable[[], t.Expr]


class FunctionOwner:
    """A private function: everything comes in as an argument."""

    holds_numbers = False

    def __init__(self, instances: dict[Region, Instance], states: dict[Value, str]) -> None:
        """`states`: state tensors that are arguments, and their names."""
        self.instances = instances
        self.states = states
        self.imports: set[str] = set()
        self.kernels: set[str] = set()
        self.needs_config = False
        self.needs_dtype = False
        self.dtype_here = self.model_dtype

    def state(self, value: Value) -> t.Expr:
        """Returns the argument that holds a state tensor."""
        return t.Local(self.states[value], borrowed=True)

    def layer(self, node: Node, layer: Layer) -> t.Expr | None:
        """A function holds no layers."""
        return None

    def optional_layer(self, node: Node, layer: Layer, *, here: bool) -> t.Field:
        """A function holds no layers."""
        raise AssertionError("an optional layer in a function")

    def model_dtype(self) -> t.Expr:
        """Returns the argument that holds the dtype of the weights."""
        self.needs_dtype = True
        return t.Local("dtype", copy=True)

    def device(self) -> t.Expr:
        """Only reached by a function without a tensor argument, which `prune` dissolves."""
        raise AssertionError("a function without a tensor argument")

    def call(self, region: Region, argument: Argument, size: SizeOf) -> t.Expr:
        """Returns the call of another function."""
        return function_call(self, region, argument, size)

    def result_layouts(self, region: Region) -> tuple[Layout, ...]:
        """Returns how the results of a child lie in memory."""
        return self.instances[region].layouts

    def loop_field(self, loop: Loop) -> t.Expr:
        """A function holds no layers."""
        raise AssertionError("a loop over modules in a function")

    def kinds_field(self, loop: Loop) -> KindsField | None:
        """A function holds no layers."""
        raise AssertionError("a loop over modules in a function")

    def held_kinds(self, field: KindsField) -> t.Expr:
        """A function holds no layers."""
        raise AssertionError("a loop over modules in a function")

    def loop_call(self, loop: Loop, item: t.Expr, argument: Argument, size: SizeOf) -> t.Expr:
        """A function holds no layers."""
        raise AssertionError("a loop over modules in a function")

    def layer_call(self, call: Region, held: t.Expr, argument: Argument, size: SizeOf) -> t.Expr:
        """A function holds no layers."""
        raise AssertionError("a loop over modules in a function")

    def layer_enum(self, loop: MixedLoop) -> Type:
        """A function holds no layers."""
        raise AssertionError("a loop over modules in a function")

    def absent(self, region: Region) -> bool | None:
        """A function has no optional children."""
        return None

    def runtime(self, name: str) -> str:
        """Notes a kernel; returns its path."""
        self.kernels.add(name)
        return f"runtime::{name}"


def function_call(owner: Caller, region: Region, argument: Argument, size: SizeOf) -> t.Expr:
    """Returns the call of a private function, with the numbers that its instances differ in."""
    instance = owner.instances[region]
    tensors = lend(region, function_inputs(region), argument)
    sizes = [size(item) for item in instance.sizes]
    dtype = [owner.dtype_here()] if instance.type.definition.needs_dtype else []
    return t.call(instance.type.token, *tensors, *sizes, *dtype, *instance.values)


def function_inputs(region: Region) -> list[Value]:
    """Returns the arguments of a function: values from outside, then state that it reads."""
    states = dict.fromkeys(
        value for node in region.nodes() for value in node.inputs() if value.state is not None
    )
    return [*region.inputs, *states]


def lend(region: Region, values: list[Value], argument: Argument) -> list[t.Expr]:
    """Returns arguments as references, contiguous where the child's body was printed for that."""
    found: list[t.Expr] = []
    for value in values:
        operand = argument(value)
        if operand.is_option:
            found.append(operand.expr)
            continue
        if operand.layout > region.facts.get(value, Layout.CONTIGUOUS):
            operand = operand.contiguous()
        lent = operand.lent()
        found.append(t.Call("Some", (lent,)) if value in region.optional else lent)
    return found
