"""Types: definitions that are equal but for numbers become one struct or function with arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pycandle.codegen.rewrite import numbers, replace, replace_numbers, skeleton
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake

CONFIG = "config:"
"""Starts the role of a number that belongs in `Config` where all instances agree on it."""


@dataclass(frozen=True)
class Definition:
    """One instance of a struct or function, with its numbers as literals."""

    kind: str
    """`struct` or `function`."""
    cls: str
    fields: tuple[tuple[str, str, t.Expr], ...]
    """Name, type and value of each field of a struct."""
    setup: tuple[t.Statement, ...]
    """What `new` does before it makes the struct."""
    passed: tuple[str, ...]
    """Parameters of `new` that are tensors of another module."""
    forward: t.Function
    layouts: tuple[Layout, ...]
    """How the results lie in memory."""
    needs_config: bool = False
    imports: frozenset[str] = frozenset()
    runtime: frozenset[str] = frozenset()


@dataclass(eq=False)
class Type:
    """A struct or function of the generated file."""

    token: str
    """Stands for the name in trees until all types are known."""
    cls: str
    kind: str
    definition: Definition
    """With parameters in the place of numbers that vary."""
    parameters: tuple[tuple[str, str], ...]
    """Name and Rust type of each number that instances differ in."""
    held: frozenset[str]
    """Parameters that `forward` reads, which are fields of the struct."""
    layouts: tuple[Layout, ...]
    needs_config: bool
    needs_vb: bool
    config: dict[str, int] = field(default_factory=dict[str, int])
    """Fields of `Config` that it reads."""
    attributes: set[str] = field(default_factory=set[str])
    """The names under which its instances are held."""
    paths: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Instance:
    """A type and the numbers of one instance."""

    type: Type
    values: tuple[t.Number, ...]


def unify(
    definitions: list[Definition], token: str, config: dict[str, int]
) -> tuple[Type, list[Instance]]:
    """Makes one type of definitions with one skeleton; returns it and an instance for each.

    `config` holds the fields of `Config` so far, and receives new ones.
    """
    first = definitions[0]
    parts = (first.fields, first.setup)
    columns = list(zip(*(list(_numbers(d)) for d in definitions), strict=True))
    split = len(list(numbers(parts)))
    varying: dict[tuple[float, ...], str] = {}
    roles: dict[tuple[float, ...], t.Number] = {}
    names = Names({"cfg", "vb", "xs", *(name for name, _, _ in first.fields), *first.passed})
    names.taken |= {param.name for param in first.forward.params}
    held: set[str] = set()
    found_config: dict[str, int] = {}
    exprs: list[t.Expr] = []
    for position, column in enumerate(columns):
        number = column[0]
        if all(
            other.value == number.value and type(other.value) is type(number.value)
            for other in column
        ):
            exprs.append(_constant(number, config, found_config))
            continue
        key = (*(other.value for other in column), hash(number.type))
        if key not in varying:
            varying[key] = names.fresh(_parameter_name(number))
            roles[key] = number
        name = varying[key]
        in_forward = position >= split
        if in_forward and first.kind == "struct":
            held.add(name)
            exprs.append(t.Field(t.Local("self", borrowed=True), name))
        else:
            exprs.append(t.Local(name, copy=True))
    definition = _substitute(first, iter(exprs))
    parameters = tuple((name, roles[key].type) for key, name in varying.items())
    made = Type(
        token=token,
        cls=first.cls,
        kind=first.kind,
        definition=definition,
        parameters=parameters,
        held=frozenset(held),
        layouts=tuple(
            max(column) for column in zip(*(d.layouts for d in definitions), strict=True)
        ),
        needs_config=first.needs_config or bool(found_config),
        needs_vb=_mentions_vb(definition),
        config=found_config,
    )
    instances = [
        Instance(
            made,
            tuple(
                t.Number(key[row], roles[key].type, roles[key].role)  # type: ignore[arg-type]
                for key in varying
            ),
        )
        for row in range(len(definitions))
    ]
    return made, instances


def signature(definition: Definition) -> object:
    """Returns what two definitions must share to be of one type."""
    return (
        definition.kind,
        definition.cls,
        definition.passed,
        definition.needs_config,
        skeleton(definition.fields),
        skeleton(definition.setup),
        skeleton(definition.forward),
    )


def _numbers(definition: Definition) -> Iterator[t.Number]:
    yield from numbers(definition.fields)
    yield from numbers(definition.setup)
    yield from numbers(definition.forward)


def _substitute(definition: Definition, exprs: Iterator[t.Expr]) -> Definition:
    fields = replace_numbers(definition.fields, exprs)
    setup = replace_numbers(definition.setup, exprs)
    forward = replace_numbers(definition.forward, exprs)
    return Definition(
        definition.kind,
        definition.cls,
        fields,
        setup,
        definition.passed,
        forward,
        definition.layouts,
        definition.needs_config,
        definition.imports,
        definition.runtime,
    )


def _constant(number: t.Number, config: dict[str, int], found: dict[str, int]) -> t.Expr:
    """Returns a number that all instances share: itself, or the field of `Config` that it is."""
    if not number.role.startswith(CONFIG):
        return number
    wanted = number.role.removeprefix(CONFIG)
    value = int(number.value)
    name, count = wanted, 2
    while config.get(name, value) != value:
        name, count = f"{wanted}_{count}", count + 1
    config[name] = found[name] = value
    return t.Field(t.Local("cfg", borrowed=True), name)


def _parameter_name(number: t.Number) -> str:
    role = number.role.removeprefix(CONFIG)
    return snake(role) if role else {"f64": "scale"}.get(number.type, "size")


def _mentions_vb(definition: Definition) -> bool:
    found = False

    def look(node: object) -> None:
        nonlocal found
        if isinstance(node, t.Local) and node.name == "vb":
            found = True

    replace((definition.fields, definition.setup), look)
    return found
