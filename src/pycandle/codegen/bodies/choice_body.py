"""Prints a choice between two branches, each with what only it computes."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from pycandle.codegen.bodies.plan import Plan
from pycandle.codegen.structure.choices import Choice, fold_choices
from pycandle.ir.graph import Value
from pycandle.ir.types import TensorType
from pycandle.lowering.conditional import is_true
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t
from pycandle.rust.rewrite import keep_alive

if TYPE_CHECKING:
    from pycandle.codegen.bodies.body import BodyPrinter


def choice_value(printer: BodyPrinter, choice: Choice) -> t.Expr:
    """Returns the `if`, whose branches give a tensor or a tuple of them."""
    condition = is_true(printer.operand(choice.pred))
    yes, no = (_branch(printer, choice, side) for side in (0, 1))
    printer.layout[choice.node.result] = Layout.CONTIGUOUS
    return t.If(condition, yes, no)


def _branch(printer: BodyPrinter, choice: Choice, side: int) -> t.Expr:
    """Returns what a branch computes, in a scope of its own."""
    outputs = choice.outputs(side)
    inner = copy(printer)
    inner.outputs = outputs
    inner.items = fold_choices((choice.yes, choice.no)[side], outputs, printer.maybe)
    inner.plan = Plan(inner.items, outputs, printer.plan.split, printer.maybe)
    inner.lines, inner.locals = [], dict(printer.locals)
    printer.owner.dtype_here = inner.model_dtype
    inner.statements()
    made = keep_alive(tuple(_result(inner, value) for value in outputs))
    printer.owner.dtype_here = printer.model_dtype
    printer.dtype = inner.dtype
    value = made[0] if isinstance(choice.node.result.type, TensorType) else t.tuple_of(made)
    last = inner.lines[-1] if inner.lines else None
    if isinstance(last, t.Let) and value == t.Local(last.pattern):
        inner.lines, value = inner.lines[:-1], last.value
    return t.Block(tuple(inner.lines), value) if inner.lines else value


def _result(inner: BodyPrinter, value: Value) -> t.Expr:
    """Returns a result of a branch: owned, and contiguous as that of the other branch."""
    expr = inner.operand(value).contiguous().expr
    if not isinstance(expr, t.Local | t.Field):
        return expr
    bound = {
        name.removeprefix("mut ")
        for line in inner.lines
        if isinstance(line, t.Let)
        for name in line.pattern.strip("()").split(", ")
    }
    own = isinstance(expr, t.Local) and not expr.borrowed and expr.name in bound
    return expr if own else t.plain(expr, "clone")
