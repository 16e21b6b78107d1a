"""Prints what `new` computes: a state tensor from the numbers of its recipe."""

from __future__ import annotations

from typing import Protocol

from pycandle.codegen.bodies.body import BodyPrinter
from pycandle.codegen.bodies.function_owner import FunctionOwner
from pycandle.codegen.structure.recipes import Recipe
from pycandle.ir.types import TensorType
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t

VB = t.Local("vb")


class Maker(Protocol):
    """The struct whose `new` computes the tensor."""

    imports: set[str]
    kernels: set[str]


class RecipeOwner(FunctionOwner):
    """`new`, before the struct is there: device and dtype are those of the weights."""

    holds_numbers = True

    def __init__(self) -> None:
        """It reads no state and calls nothing."""
        super().__init__({}, {})

    def model_dtype(self) -> t.Expr:
        """Returns the dtype of the weights."""
        return t.plain(VB, "dtype")

    def device(self) -> t.Expr:
        """Returns the device of the weights, lent."""
        return t.plain(VB, "device")


def compute_state(recipe: Recipe, kind: TensorType, maker: Maker) -> t.Expr:
    """Returns Rust for a state tensor of type `kind`, owned and contiguous.

    It is computed in the dtypes that PyTorch computed it in, and cast at the end where the tensor
    follows the model's dtype, as `Module.to` casts it.
    """
    owner = RecipeOwner()
    printer = BodyPrinter(
        list(recipe.nodes),
        [],
        [recipe.result],
        owner,
        set(recipe.split),
        {},
        {},
        {},
        may_ask=False,
    )
    body = printer.print()
    maker.imports |= owner.imports
    maker.kernels |= owner.kernels
    (made,), (layout,) = body.results, body.layouts
    if layout is not Layout.CONTIGUOUS:
        made = t.method(made, "contiguous")
    if kind.follows_model:
        made = t.method(made, "to_dtype", t.plain(VB, "dtype"))
    return t.Block(body.statements, made) if body.statements else made
