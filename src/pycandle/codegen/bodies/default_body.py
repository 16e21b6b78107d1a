"""Prints an argument that may be left out, with what is computed where it is."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING

from pycandle.codegen.bodies.plan import Plan, Step
from pycandle.codegen.structure.layer_nodes import layer_of
from pycandle.codegen.structure.left_out import layers_in
from pycandle.codegen.structure.regions import Default
from pycandle.ir.graph import Node
from pycandle.rust import tree as t

if TYPE_CHECKING:
    from pycandle.codegen.bodies.body import BodyPrinter


def fold_defaults(items: Sequence[Step], defaults: Sequence[Default]) -> list[Step]:
    """Returns the steps of a body, those of each default as one that stands where its last did."""
    last: dict[Step, Default] = {default.items[-1]: default for default in defaults}
    inside: set[Step] = {item for default in defaults for item in default.items}
    kept = [last.get(item, item) for item in items if item not in inside or item in last]
    return kept


def default_value(printer: BodyPrinter, default: Default) -> t.Expr:
    """Returns the `match` on an argument that may be left out."""
    given = printer.locals[default.given]
    held: dict[Node, t.Local] = {}
    fields: list[t.Expr] = []
    for node in layers_in(default.items):
        layer = layer_of(node)
        assert layer is not None
        field = printer.owner.optional_layer(node, layer, here=default.here)
        held[node] = t.Local(field.name, borrowed=True)
        fields.append(t.Reference(field))
    computed = _block(printer, default, held)
    layouts = printer.layout
    layouts[default.value] = max(layouts[default.given], layouts[default.value])
    some = f"Some({given.name})"
    cloned = t.plain(t.Local(given.name, borrowed=True), "clone")
    if not held:
        return t.Match(given, ((some, cloned), ("None", computed)))
    names = [local.name for local in held.values()]
    wanted = " and ".join(f"`{name}`" for name in names)
    bail = t.Path(f'candle_core::bail!("`{given.name}` is needed where there is no {wanted}")')
    there = ", ".join(f"Some({name})" for name in names)
    missing = "(None, None)" if len(names) == 1 else "_"
    arms = (
        (f"({some}, {', '.join('_' for _ in names)})", cloned),
        (f"(None, {there})", computed),
        (missing, bail),
    )
    return t.Match(t.tuple_of([given, *fields]), arms)


def _block(printer: BodyPrinter, default: Default, held: dict[Node, t.Local]) -> t.Expr:
    """Returns what computes a default, in a scope of its own."""
    inner = copy(printer)
    inner.items, inner.outputs = list(default.items), [default.value]
    inner.plan = Plan(inner.items, inner.outputs, set())
    inner.lines, inner.locals, inner.held = [], dict(printer.locals), held
    printer.owner.dtype_here = inner.model_dtype
    value = inner.steps()[0]
    printer.owner.dtype_here = printer.model_dtype
    printer.dtype = inner.dtype
    return t.Block(tuple(inner.lines), value) if inner.lines else value
