"""Reads how the rows of layers are made that `new` of a struct has, all in one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pycandle.codegen.bodies.layer_rows import IS_FIRST
from pycandle.codegen.unification.types import Type
from pycandle.rust import tree as t
from pycandle.rust.rewrite import replace


@dataclass(frozen=True)
class MadeRow:
    """A field `Vec<Layer>`, and what each of its layers is made of."""

    field: str
    layer: Type
    rows: tuple[tuple[t.Expr, ...], ...]
    """What `new` of each layer takes but for `Config` and the builder; of a range, that of the
    first layer and that of all others."""
    count: t.Expr
    is_range: bool
    """Whether all layers but the first are alike."""
    builder: t.Expr
    """The `VarBuilder` of the container."""
    name: t.Expr
    """The name of a layer in it, made of the index `i`."""


def read_row(field: str, type_: str, made: t.Expr, types: Mapping[str, Type]) -> MadeRow | None:
    """Returns how a field's layers are made; None for what is no row of one type.

    `types`: by token. The layers must take numbers alone, which no other module has to give.
    """
    layer = types.get(type_.removeprefix("Vec<").removesuffix(">"))
    match made:
        case t.Try(t.Method(t.Method(source, "map", (t.Closure(_, body) as closure,)))):
            pass
        case _:
            return None
    lines, new = (body.statements, body.result) if isinstance(body, t.Block) else ((), body)
    if layer is None or layer.kind != "struct" or not isinstance(new, t.Call):
        return None
    match source, lines:
        case t.Binary("..", _, count), ():
            rows: list[tuple[str, t.Expr]] = [("", t.Tuple(()))] * 2
        case t.Binary("..", _, count), (t.Let(names, t.If(condition, first, rest)),) if (
            condition == IS_FIRST
        ):
            rows = [(names, first), (names, rest)]
        case t.Method(t.Method(t.Array(items), "into_iter"), "enumerate"), ():
            names = closure.params.removeprefix("(i, ").removesuffix(")")
            rows = [(names, item) for item in items]
            count = t.usize(len(items))
        case _:
            return None
    match new.args[-1:]:
        case (t.Method(builder, "pp", (name,)),):
            pass
        case _:
            return None
    values = [layer_values(layer, new.args) for _ in rows]
    if any(value is None for value in values):
        return None
    bound = (
        _bound(value or (), names, row) for value, (names, row) in zip(values, rows, strict=True)
    )
    is_range = isinstance(source, t.Binary)
    return MadeRow(field, layer, tuple(bound), count, is_range, builder, name)


def layer_values(layer: Type, args: tuple[t.Expr, ...]) -> tuple[t.Expr, ...] | None:
    """Returns the numbers among what `new` of a layer takes; None where it takes other tensors."""
    numbers = args[int(layer.needs_config) : -1]
    if layer.takes_struct and len(numbers) == 1 and isinstance(numbers[0], t.StructLiteral):
        numbers = tuple(value for _, value in numbers[0].fields)
    return numbers if len(numbers) == len(layer.parameters) and layer.needs_vb else None


def _bound(values: tuple[t.Expr, ...], pattern: str, row: t.Expr) -> tuple[t.Expr, ...]:
    """Returns values with what a pattern binds in the place of its names."""
    names = [name for name in pattern.strip("()").split(", ") if name]
    items: Sequence[t.Expr] = (row,)
    if isinstance(row, t.Tuple) and len(names) != 1:
        items = row.items
    found = dict(zip(names, items, strict=True))
    return replace(values, lambda n: found.get(n.name) if isinstance(n, t.Local) else None)
