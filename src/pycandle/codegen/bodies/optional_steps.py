"""Prints steps that are not there in every instance of a struct."""

from __future__ import annotations

from typing import Any, Protocol

from pycandle.codegen.bodies.interface import Owner
from pycandle.codegen.bodies.plan import Plan, Step
from pycandle.codegen.structure.layer_nodes import layer_input, layer_of
from pycandle.codegen.structure.regions import Maybe, Region
from pycandle.ir.graph import Node, Value
from pycandle.lowering.operand import Layout, Lowered, Operand
from pycandle.rust import tree as t


class Printer(Protocol):
    """The printer of the body that a step stands in."""

    owner: Owner
    plan: Plan
    layout: dict[Value, Layout]

    def compute(self, item: Step) -> t.Expr:
        """Returns Rust that computes an item."""
        ...

    def value(self, value: Value) -> t.Expr:
        """Returns Rust for a value."""
        ...

    def operand(self, value: Value) -> Operand:
        """Returns a value as lowerings see it."""
        ...

    def layout_of(self, value: Value) -> Layout:
        """Returns how a value lies in memory."""
        ...

    def lower_op(self, node: Node, like: Node) -> Any:
        """Returns Rust for an op as for another one of its form."""
        ...


def optional_call(printer: Printer, region: Region) -> t.Expr:
    """Returns the `match` on a child that is not there in every instance."""
    source = region.inputs[0]
    call = printer.compute(region)
    _join_layouts(printer, region.outputs[0], source)
    assert isinstance(call, t.Try)
    assert isinstance(call.inner, t.Method)
    held = call.inner.receiver
    assert isinstance(held, t.Field)
    some = t.Local(held.name, borrowed=True)
    inside = t.Try(t.Method(some, call.inner.name, call.inner.args))
    return _match(held, inside, t.plain(printer.value(source), "clone"))


def optional_op(printer: Printer, node: Node, maybe: Maybe, index: int) -> t.Expr:
    """Returns an op where a truth value, or a layer that may be missing, says so.

    `index`: the place of the op in its body.
    """
    here = maybe.ghost_of is None
    instead = printer.value(maybe.instead)
    if not isinstance(instead, t.Local) or instead.borrowed or _lives_on(printer, maybe, index):
        instead = t.plain(instead, "clone")
    layer = layer_of(maybe.ghost_of or node)
    if layer is not None:
        held = printer.owner.optional_layer(node, layer, here=here)
        x = printer.operand(layer_input(node, layer))
        made = layer.forward(t.Local(held.name, borrowed=True), x)
        printer.layout[node.result] = Layout.CONTIGUOUS
        _join_layouts(printer, node.result, maybe.instead)
        return _match(held, made, instead)
    output = printer.lower_op(node, maybe.ghost_of or node)
    _join_layouts(printer, node.result, maybe.instead)
    expr = output.expr if isinstance(output, Lowered) else output
    return t.If(t.Number(here, "bool", _role(node)), expr, instead)


def _role(node: Node) -> str:
    """Returns the name of the flag that says whether an op is there."""
    name = node.target.split(".")[1].rstrip("_")
    return "residual" if name == "add" else name


def _lives_on(printer: Printer, maybe: Maybe, index: int) -> bool:
    return printer.plan.live_after(maybe.instead, index)


def _join_layouts(printer: Printer, result: Value, source: Value) -> None:
    """Notes that a result lies in memory as either of two do."""
    printer.layout[result] = max(printer.layout[result], printer.layout_of(source))


def _match(held: t.Field, inside: t.Expr, instead: t.Expr) -> t.Match:
    return t.Match(t.Reference(held), ((f"Some({held.name})", inside), ("None", instead)))
