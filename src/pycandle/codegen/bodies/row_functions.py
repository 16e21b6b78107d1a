"""Makes rows of one type by one function: the stages of a network differ in a few numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_field

from pycandle.codegen.bodies.generalized import Generalized
from pycandle.codegen.bodies.layer_rows import IS_FIRST
from pycandle.codegen.bodies.made_rows import MadeRow, read_row
from pycandle.codegen.bodies.struct_owner import VB, VB_CLONE
from pycandle.codegen.unification.types import MOST_ARGUMENTS, Definition, Method, Type
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake
from pycandle.rust.printer import expr
from pycandle.rust.rewrite import locals_in, mentions, replace

FEWEST_ROWS = 3
"""Fewer rows are shorter where they stand."""

FEWEST_NUMBERS = 4
"""A row of layers that take fewer numbers is short by itself."""

MOST_COLUMNS = 7
"""Clippy calls the type of a longer row complex."""

_CFG = t.Local("cfg", borrowed=True)
_NUMBERS = ("usize", "i64", "f64", "bool")


@dataclass(frozen=True)
class _Made:
    """A function that makes rows, and what it is given for each."""

    params: tuple[t.Param, ...]
    body: t.Expr
    arguments: tuple[tuple[t.Expr, ...], ...]


def share_rows(owner: Type, types: Sequence[Type]) -> list[Type]:
    """Makes rows of layers of one type by a function each; returns these.

    Changes the definition of `owner`. `types`: those before it in the file.
    """
    known = {item.token: item for item in types}
    alike: dict[tuple[str, str], list[MadeRow]] = {}
    for name, type_, value in owner.definition.fields:
        row = read_row(name, type_, value, known)
        if row is not None and len(row.layer.parameters) >= FEWEST_NUMBERS:
            alike.setdefault((row.layer.token, expr(row.name)), []).append(row)
    found: list[Type] = []
    for rows in alike.values():
        made = (_ranges(owner, rows) or _tables(rows)) if len(rows) >= FEWEST_ROWS else None
        if made is None:
            continue
        # The owner has the token before.
        token = f"__T{len(types) + len(found) + 1}__"
        found.append(_function(token, owner, rows, made))
        owner.definition = _with_calls(owner.definition, token, rows, made)
    return found


def _ranges(owner: Type, rows: Sequence[MadeRow]) -> _Made | None:
    """Returns a function that takes the numbers of the first layer and of the others."""
    if not all(row.is_range or len({_text(item) for item in row.rows[1:]}) == 1 for row in rows):
        return None
    general = Generalized()
    first, rest = (
        tuple(general.of(column) for column in zip(*(row.rows[k] for row in rows), strict=True))
        for k in (0, 1)
    )
    count = general.of([row.count for row in rows])
    layer = rows[0].layer
    kinds = _kinds(general, owner, layer, (first, rest), count)
    has_config = layer.needs_config or mentions((first, rest), "cfg")
    if kinds is None or len(general.columns) + has_config + 1 > MOST_ARGUMENTS:
        return None
    names = _name_variables(general, layer, first, rest, count)
    tokens = {token: names[token] for token, _, _ in general.columns.values()}

    def named(node: t.Expr) -> t.Expr:
        return replace(
            node,
            lambda n: (
                t.Local(tokens[n.name], copy=True)
                if isinstance(n, t.Local) and n.name in tokens
                else None
            ),
        )

    body = _range_body(rows[0], tuple(map(named, first)), tuple(map(named, rest)), named(count))
    params = tuple(t.Param(tokens[token], kinds[token]) for token, _, _ in general.columns.values())
    columns = [column for _, _, column in general.columns.values()]
    arguments = tuple(zip(*columns, strict=True)) if columns else ((),) * len(rows)
    return _with_config(_Made(params, body, arguments), has_config=has_config)


def _with_config(made: _Made, *, has_config: bool) -> _Made:
    if not has_config:
        return made
    arguments = tuple((_CFG, *row) for row in made.arguments)
    return _Made((t.Param("cfg", "&Config"), *made.params), made.body, arguments)


def _kinds(
    general: Generalized,
    owner: Type,
    layer: Type,
    templates: Sequence[tuple[t.Expr, ...]],
    count: t.Expr,
) -> dict[str, str] | None:
    """Returns the Rust type of each variable; None where one is not known or none can be given."""
    found = {count.name: "usize"} if isinstance(count, t.Local) else dict[str, str]()
    for template in templates:
        for value, (_, kind) in zip(template, layer.parameters, strict=True):
            if isinstance(value, t.Local):
                found.setdefault(value.name, kind)
    for token, one, column in general.columns.values():
        # What depends on the index of a layer is no argument.
        if any("i" in set(locals_in(item)) for item in column):
            return None
        if token not in found:
            known = (_kind(item, owner) for item in (one, *column))
            found[token] = next(filter(None, known), "")
    return found if all(found.values()) else None


def _kind(value: t.Expr, owner: Type) -> str:
    """Returns the Rust type of a number or of a field of `Config`; empty where it is not known."""
    match value:
        case t.Number(type=kind):
            return kind
        case t.Field(t.Local("cfg"), name) if name in owner.config:
            return "f64" if isinstance(owner.config[name], float) else "usize"
        case _:
            return ""


def _name_variables(
    general: Generalized,
    layer: Type,
    first: tuple[t.Expr, ...],
    rest: tuple[t.Expr, ...],
    count: t.Expr,
) -> dict[str, str]:
    """Returns a name for each variable: that of the number of all layers, of the first, of others.

    A part of a number is named after the setting that it is in some row.
    """
    both = zip(first, rest, layer.parameters, strict=True)
    wanted = [(one, name) for one, two, (name, _) in both if one == two]
    for template in (first, rest):
        wanted += [(v, name) for v, (name, _) in zip(template, layer.parameters, strict=True)]
    wanted.append((count, "count"))
    for token, _, column in general.columns.values():
        settings = [item.name for item in column if isinstance(item, t.Field)]
        name = re.sub(r"[\d_]+$", "", settings[0]) if settings else "size"
        wanted.append((t.Local(token, copy=True), name or "size"))
    names = Names({"cfg", "i", "vb"})
    found: dict[str, str] = {}
    for value, name in wanted:
        if isinstance(value, t.Local) and value.name.startswith("__H") and value.name not in found:
            short = name.rstrip("0123456789_")
            found[value.name] = names.fresh(short if short not in names.taken else name)
    return found


def _range_body(
    row: MadeRow, first: tuple[t.Expr, ...], rest: tuple[t.Expr, ...], count: t.Expr
) -> t.Expr:
    """Returns the layers of `0..count`."""
    same = [one == two for one, two in zip(first, rest, strict=True)]
    direct = [value for value, is_same in zip(first, same, strict=True) if is_same]
    # A name of the pattern must not hide a parameter that stands beside it.
    names = Names({"cfg", "i", "vb", *locals_in(tuple(direct))})
    values: list[t.Expr] = []
    bound: list[tuple[str, t.Expr, t.Expr]] = []
    for one, two, (name, _) in zip(first, rest, row.layer.parameters, strict=True):
        if one == two:
            values.append(one)
            continue
        bound.append((names.fresh(name), one, two))
        values.append(t.Local(bound[-1][0], copy=True))
    made: t.Expr = _new(row, tuple(values))
    if bound:
        pattern = [name for name, _, _ in bound]
        start, others = _row([one for _, one, _ in bound]), _row([two for _, _, two in bound])
        made = t.Block((t.Let(_pattern(pattern), t.If(IS_FIRST, start, others)),), made)
    return t.Method(t.Binary("..", t.Path("0"), count), "map", (t.Closure("i", made),))


def _tables(rows: Sequence[MadeRow]) -> _Made | None:
    """Returns a function that takes what its layers differ in as a table."""
    counts = [row.count.value if isinstance(row.count, t.Number) else None for row in rows]
    layer = rows[0].layer
    if not all(isinstance(count, int) for count in counts) or not all(
        row.is_range or len(row.rows) == count for row, count in zip(rows, counts, strict=True)
    ):
        return None
    whole = [
        [row.rows[min(k, len(row.rows) - 1)] for k in range(count)]
        for row, count in zip(rows, counts, strict=True)
        if isinstance(count, int)
    ]
    values: list[t.Expr] = []
    left: list[int] = []
    for at, (name, kind) in enumerate(layer.parameters):
        texts = [[expr(line[at]) for line in table] for table in whole]
        shared = whole[0][0][at]
        if len({text for column in texts for text in column}) == 1 and not set(locals_in(shared)):
            values.append(shared)
        elif kind == "bool" and all(_turns_true(column) for column in texts):
            values.append(t.Binary(">", t.Local("i", copy=True), t.Path("0")))
        else:
            values.append(t.Local(name, copy=True))
            left.append(at)
    kinds = [layer.parameters[at][1] for at in left]
    if not 1 < len(left) <= MOST_COLUMNS or not set(kinds) <= set(_NUMBERS):
        return None
    used = [line[at] for table in whole for line in table for at in left]
    if "i" in set(locals_in(tuple(used))):
        return None
    names = ", ".join(layer.parameters[at][0] for at in left)
    pairs = t.plain(t.plain(t.Local("rows", borrowed=True), "iter"), "enumerate")
    closure = t.Closure(f"(i, &({names}))", _new(rows[0], tuple(values)))
    params = (t.Param("rows", f"&[({', '.join(kinds)})]"),)
    tables = (
        t.Reference(t.array_of(_row([line[at] for at in left]) for line in table))
        for table in whole
    )
    made = _Made(params, t.Method(pairs, "map", (closure,)), tuple((table,) for table in tables))
    return _with_config(made, has_config=layer.needs_config)


def _turns_true(column: Sequence[str]) -> bool:
    """Whether a flag is false for the first layer and true for all others."""
    return list(column) == ["false"] + ["true"] * (len(column) - 1)


def _new(row: MadeRow, values: tuple[t.Expr, ...]) -> t.Expr:
    """Returns `Layer::new(..)` of numbers, a `Result`."""
    layer = row.layer
    numbers = values
    if layer.takes_struct:
        named = zip((name for name, _ in layer.parameters), values, strict=True)
        numbers = (t.StructLiteral(f"{layer.token}Config", tuple(named)),)
    config = (_CFG,) if layer.needs_config else ()
    return t.Call(f"{layer.token}::new", (*config, *numbers, t.plain(VB, "pp", row.name)))


def _function(token: str, owner: Type, rows: Sequence[MadeRow], made: _Made) -> Type:
    """Returns the type that stands for the function."""
    fields = ", ".join(f"`{row.field}`" for row in rows)
    function = t.Function(
        f"make_{_stem([row.field for row in rows])}",
        (*made.params, t.Param("vb", "VarBuilder")),
        f"Vec<{rows[0].layer.token}>",
        (),
        t.Try(t.Method(made.body, "collect")),
        doc=(f"Makes the layers of {fields}.",),
    )
    definition = Definition("row", owner.cls, (), (), (), (Method(function, ()),))
    return Type(token, owner.cls, "row", definition, (), frozenset(), (), False, True)


def _with_calls(
    definition: Definition, token: str, rows: Sequence[MadeRow], made: _Made
) -> Definition:
    """Returns a definition that makes rows by calls of a function."""
    calls: Mapping[str, t.Expr] = {
        row.field: t.call(token, *arguments, VB_CLONE if row.builder == VB else row.builder)
        for row, arguments in zip(rows, made.arguments, strict=True)
    }
    fields = tuple((name, kind, calls.get(name, v)) for name, kind, v in definition.fields)
    return replace_field(definition, fields=fields)


def _stem(fields: Sequence[str]) -> str:
    """Returns what the names of fields begin with: `layer` for `layer1` and `layer2`."""
    ends = (at for at, letters in enumerate(zip(*fields, strict=False)) if len(set(letters)) > 1)
    start = fields[0][: next(ends, min(map(len, fields)))]
    return snake(start.rstrip("0123456789_") or "layers")


def _text(values: tuple[t.Expr, ...]) -> str:
    return expr(t.Tuple(values))


def _row(row: Sequence[t.Expr]) -> t.Expr:
    return row[0] if len(row) == 1 else t.tuple_of(row)


def _pattern(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"
