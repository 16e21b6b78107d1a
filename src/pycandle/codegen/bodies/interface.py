"""What a body needs of what it stands in, and what it is when it is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pycandle.codegen.config.layer_kinds import KindsField
from pycandle.codegen.structure.loops import Loop
from pycandle.codegen.structure.mixed_loops import MixedLoop
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Type
from pycandle.ir.graph import Node, Value
from pycandle.ir.sizes import Size
from pycandle.lowering.layers import Layer
from pycandle.lowering.operand import Layout, ListOperand, Operand
from pycandle.rust import tree as t


class Owner(Protocol):
    """What a body stands in: a struct with fields, or a function that has none."""

    holds_numbers: bool
    """Whether numbers may be fields."""
    dtype_here: Callable[[], t.Expr]
    """Rust for the dtype of the weights where the body stands; the body sets it."""

    def state(self, value: Value) -> t.Expr:
        """Returns Rust for a state tensor."""
        ...

    def layer(self, node: Node, layer: Layer) -> t.Expr | None:
        """Returns the field that holds a layer, or None where its weights are not its own."""
        ...

    def optional_layer(self, node: Node, layer: Layer, *, here: bool) -> t.Field:
        """Returns the field that holds a layer which only some instances have."""
        ...

    def model_dtype(self) -> t.Expr:
        """Returns Rust for the dtype of the weights."""
        ...

    def device(self) -> t.Expr:
        """Returns Rust for the device, where no argument shows it."""
        ...

    def call(
        self,
        region: Region,
        argument: Callable[[Value], Operand | ListOperand],
        size: Callable[[Size], t.Expr],
    ) -> t.Expr:
        """Returns the call of a child on its arguments, with `?`."""
        ...

    def result_layouts(self, region: Region) -> tuple[Layout, ...]:
        """Returns how the results of a child lie in memory."""
        ...

    def loop_field(self, loop: Loop) -> t.Expr:
        """Returns the field that holds the layers of a loop."""
        ...

    def kinds_field(self, loop: Loop) -> KindsField | None:
        """Returns the setting that says of what kind each layer of a loop is, if one does."""
        ...

    def held_kinds(self, field: KindsField) -> t.Expr:
        """Returns the field that holds the kind of each layer."""
        ...

    def loop_call(
        self,
        loop: Loop,
        item: t.Expr,
        argument: Callable[[Value], Operand | ListOperand],
        size: Callable[[Size], t.Expr],
    ) -> t.Expr:
        """Returns the call of one layer of a loop."""
        ...

    def layer_call(
        self,
        call: Region,
        held: t.Expr,
        argument: Callable[[Value], Operand | ListOperand],
        size: Callable[[Size], t.Expr],
    ) -> t.Expr:
        """Returns a call of a layer that is in a variable."""
        ...

    def layer_enum(self, loop: MixedLoop) -> Type:
        """Returns the `enum` of the types that a loop's layers have."""
        ...

    def absent(self, region: Region) -> bool | None:
        """Whether an optional child is missing here; None for a child that is always there."""
        ...

    def runtime(self, name: str) -> str:
        """Asks for a kernel of the runtime; returns its path."""
        ...


@dataclass(frozen=True)
class Body:
    """A body, not yet wrapped in a function."""

    statements: tuple[t.Statement, ...]
    results: tuple[t.Expr, ...]
    """One for each output, owned."""
    layouts: tuple[Layout, ...]
    sizes: tuple[tuple[Size, str], ...]
    """Sizes that are arguments, and their names."""
