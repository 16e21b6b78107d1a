"""Makes the layers of a loop in `new`: a range, or a table of what they differ in."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pycandle.codegen.config.layer_kinds import KindsField
from pycandle.codegen.structure.groups import Group
from pycandle.codegen.structure.loops import Loop
from pycandle.codegen.structure.mixed_loops import MixedLoop
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import CONFIG, Instance, identity
from pycandle.ir.configured import exact, is_configured
from pycandle.rust import tree as t

FEWEST_STEPS = 3
"""Numbers of fewer layers show no rule."""

FEWEST_FIELDS = 2
"""A row of named fields is made of so few only where another instance of the struct has more."""

_INDEX = t.Local("i", copy=True)
IS_FIRST = t.Binary("==", _INDEX, t.Path("0"))
"""What holds for the first layer of a row alone."""


class Builder(Protocol):
    """The struct whose field the layers are."""

    group: Group
    lengths: Mapping[str, int]
    counted: set[str]
    indexed: set[str]

    def vb(self, prefix: str) -> t.Expr:
        """Returns the `VarBuilder` of a path below the struct's module."""
        ...

    def kinds_field(self, loop: Loop) -> KindsField | None:
        """Returns the setting that says of what kind each layer of a loop is, if one does."""
        ...

    def construct(self, instance: Instance, region: Region, vb: t.Expr) -> t.Expr:
        """Returns `Child::new(..)?`."""
        ...


def make_row(
    owner: Builder, loop: Loop, instances: Sequence[Instance], relative: str, role: str
) -> t.Expr:
    """Returns Rust that makes the layers of a loop, a `Vec`.

    `relative`: the path of their container in the struct's module; `role`: what their number is.
    """
    rows = [instance.values for instance in instances]
    columns = list(zip(*rows, strict=True))
    varies = [len(set(column)) > 1 for column in columns]
    first = instances[0]
    # What is added to a list before the next layer reads it shows the step.
    grows = any(made.position is not None for made in loop.lists)
    shown = len(rows) >= (FEWEST_STEPS - grows)
    by_index = [
        (_by_index(column) if shown else None) if vary else column[0]
        for column, vary in zip(columns, varies, strict=True)
    ]
    parameters = zip(first.type.parameters, by_index, strict=True)
    # What the index does not show is a variable.
    values = tuple(e or t.Local(name, copy=True) for (name, _), e in parameters)
    left = [i for i, expr in enumerate(by_index) if expr is None]
    container = owner.vb(relative) if relative else t.Local("vb")
    vb = t.plain(container, "pp", layer_name(loop))
    made = _inner(owner.construct(replace(first, values=values), loop.calls[0], vb))
    pattern = _pattern([name for i, (name, _) in enumerate(first.type.parameters) if i in left])
    tables = [[row[i] for i in left] for row in rows]
    # What stands once is shorter as a table; structs with rows of other lengths are one type.
    fewest = FEWEST_FIELDS if loop.stem else FEWEST_STEPS + (owner.group.parent is None)
    # Recordings of one structure repeat the last layer, and not the first.
    is_learned = is_configured(owner.lengths.get(loop.prefix)) and _is_first_apart(rows)
    # Where a list says what each layer is, its place says nothing.
    is_learned = is_learned and owner.kinds_field(loop) is None
    if left and not is_learned and (len(rows) < fewest or not _is_first_apart(tables)):
        table = t.array_of(map(_row, tables))
        pairs = t.Method(t.Method(table, "into_iter"), "enumerate")
        mapped = t.Method(pairs, "map", (t.Closure(f"(i, {pattern})", made),))
        return t.Try(t.Method(mapped, "collect::<Result<Vec<_>>>"))
    if left:
        chosen = t.If(IS_FIRST, _row(tables[0]), _row(tables[1]))
        made = t.Block((t.Let(pattern, chosen),), made)
    is_rule = is_learned or not any(varies)
    count = _count(owner, loop, relative, role) if is_rule else t.usize(len(rows), role)
    mapped = t.Method(t.Binary("..", t.Path("0"), count), "map", (t.Closure("i", made),))
    return t.Try(t.Method(mapped, "collect::<Result<Vec<_>>>"))


def follows_kinds(loop: Loop, recorded: Sequence[str], named: Container[str]) -> bool:
    """Whether a loop goes over all layers of a container, and a text says what each of them is.

    `recorded`: the text of each layer; `named`: the layers that code also calls by themselves.
    """
    is_mixed = isinstance(loop, MixedLoop)
    kind_of = loop.type_of if is_mixed else loop.kind_of
    if len(kind_of) != len(recorded) or not (is_mixed or loop.is_whole):
        return False
    is_choice = len(set(zip(recorded, kind_of, strict=True))) == len(set(recorded))
    is_named = any(call.path in named for call in loop.calls)
    return is_choice and not loop.stem and not loop.first and not is_named


def layer_name(loop: Loop) -> t.Expr:
    """Returns the name of a layer in its container: `i`, or `format!("block{}", i + 1)`."""
    index: t.Expr = _INDEX
    if loop.first:
        index = t.Binary("+", index, t.usize(loop.first, "" if loop.stem else "first"))
    if not loop.stem:
        return index
    if not loop.first:
        return t.Call("format!", (t.Text(f"{loop.stem}{{i}}"),))
    return t.Call("format!", (t.Text(f"{loop.stem}{{}}"), index))


def _count(owner: Builder, loop: Loop, relative: str, role: str) -> t.Number:
    """Returns the number of layers that are alike, a field of `Config` where it is free."""
    # Where code names the layers, or says of which kind each is, their number is not free.
    is_named = any(call.path in owner.indexed for call in loop.calls)
    is_chosen = loop.kinds and owner.kinds_field(loop) is None
    if loop.stem or not loop.is_whole or is_chosen or is_named:
        return t.usize(len(loop.calls), role)
    owner.counted.add(relative)
    return t.usize(owner.lengths.get(loop.prefix, len(loop.calls)), f"{CONFIG}{role}")


def _by_index(column: Sequence[t.Expr]) -> t.Expr | None:
    """Returns what the index of a layer says of its number; None where it says nothing."""
    numbers = [item for item in column if isinstance(item, t.Number)]
    if len(numbers) != len(column):
        return None
    if [number.value for number in numbers] == [True] + [False] * (len(numbers) - 1):
        return IS_FIRST
    return _steps(numbers) if numbers[0].type == "usize" else None


def _steps(numbers: Sequence[t.Number]) -> t.Expr | None:
    """Returns `start + step * i` for sizes of layers that grow by the same step, else None.

    Sizes that follow from settings must do so whatever the settings are.
    """
    values = [number.value for number in numbers if isinstance(number.value, int)]
    start, step = values[0], values[1] - values[0]
    if step <= 0 or any(exact(v) != exact(start + step * i) for i, v in enumerate(values)):
        return None
    return t.Binary(
        "+", numbers[0], t.Binary("*", replace(numbers[0], value=step, role="step"), _INDEX)
    )


def _is_first_apart(rows: Sequence[Sequence[t.Expr]]) -> bool:
    """Whether all layers but the first are made of the same numbers."""
    return len({tuple(map(identity, row)) for row in rows[1:]}) == 1


def _pattern(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _inner(made: t.Expr) -> t.Expr:
    """Returns a fallible expression as the `Result` that it is."""
    return made.inner if isinstance(made, t.Try) else made


def _row(row: Sequence[t.Expr]) -> t.Expr:
    return row[0] if len(row) == 1 else t.tuple_of(row)
