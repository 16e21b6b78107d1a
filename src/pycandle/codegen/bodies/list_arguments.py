"""Prints lists of tensors: as arguments, and as variables that a loop fills."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pycandle.codegen.bodies.plan import assigned_name
from pycandle.codegen.structure.collecting import Collected
from pycandle.codegen.structure.lists import ListValue, joined_items
from pycandle.codegen.structure.loops import SHORTEST_WORD, Loop
from pycandle.ir.graph import Node, Value
from pycandle.lowering.operand import Layout, ListOperand
from pycandle.rust import tree as t
from pycandle.rust.names import snake

if TYPE_CHECKING:
    from pycandle.codegen.bodies.body import BodyPrinter


def list_operand(printer: BodyPrinter, value: ListValue) -> ListOperand:
    """Returns a list as calls see it: a variable, or its items in place."""
    parts = printer.plan.parts(value)
    if len(parts) == 1 and isinstance(parts[0], ListValue):
        return ListOperand(printer.locals[parts[0]])
    if any(isinstance(part, ListValue) for part in parts):
        return ListOperand(owned_list(printer, value))
    return ListOperand(t.array_of(_owned(printer, item) for item in parts))


def owned_list(printer: BodyPrinter, value: ListValue) -> t.Expr:
    """Returns a list as a `Vec`: a variable, or lists and tensors put together."""
    found: list[t.Expr] = []
    parts = printer.plan.parts(value)
    for is_list, group in groupby(parts, lambda part: isinstance(part, ListValue)):
        if is_list:
            found += [_vector(printer.locals[part]) for part in group]
        else:
            found.append(t.Call("vec!", tuple(_owned(printer, part) for part in group)))
    return found[0] if len(found) == 1 else t.plain(t.array_of(found), "concat")


def _vector(held: t.Local) -> t.Expr:
    return t.plain(held, "to_vec") if held.borrowed else held


def joined_list(printer: BodyPrinter, node: Node) -> ListOperand | None:
    """Returns what an op joins, where that is a list in a variable."""
    items = joined_items(node)
    held = None if items is None else printer.plan.lists.get(items)
    return None if held is None else ListOperand(printer.locals[held])


def start_list(printer: BodyPrinter, loop: Loop, made: Collected, index: int) -> None:
    """Binds the list that a loop fills to what it holds before the first call."""
    name = printer.free(_wanted(loop, made), index)
    held = printer.plan.lists.get(made.start)
    if held is not None and held in printer.locals:
        start: t.Expr = t.plain(printer.locals[held], "to_vec")
    elif made.start:
        items = tuple(_owned(printer, item) for item in made.start)
        start = t.Call("vec!", items)
    else:
        start = t.Call("Vec::new", ())
    printer.lines.append(t.Let(name, start, mutable=True))
    printer.locals[made.whole] = t.Local(name)


def push(
    printer: BodyPrinter, made: Collected, item: t.Expr, layout: Layout, *, kept: bool = False
) -> t.Statement:
    """Returns the statement that adds a tensor to a list; its items are contiguous.

    `kept`: whether it is read afterwards, too.
    """
    if layout > Layout.CONTIGUOUS:
        item = t.method(item, "contiguous")
    elif kept:
        item = t.plain(item, "clone")
    return t.Run(t.plain(printer.locals[made.whole], "push", item))


def _wanted(loop: Loop, made: Collected) -> str:
    """Returns the name of a list: its Python variable, or the plural of what it collects."""
    if made.name is not None:
        return snake(made.name)
    last = loop.calls[-1]
    single = assigned_name(last, last.outputs[made.output]) or ""
    if len(single) < SHORTEST_WORD:
        # `xs` is a tensor to a reader of Candle's models.
        return "outputs"
    return single if single.endswith("s") else f"{single}s"


def _owned(printer: BodyPrinter, value: Value) -> t.Expr:
    """Returns a tensor as an item of a list: owned, and contiguous."""
    operand = printer.operand(value)
    if operand.layout > Layout.CONTIGUOUS:
        return operand.contiguous().expr
    return t.plain(operand.expr, "clone") if t.is_place(operand.expr) else operand.expr
