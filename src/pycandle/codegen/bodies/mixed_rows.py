"""Makes the layers of a loop over several types: an `enum`, and what `new` fills its `Vec` with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from pycandle.codegen.bodies.layer_rows import layer_name
from pycandle.codegen.config.held import CFG
from pycandle.codegen.config.layer_kinds import KindsField, pattern_arms
from pycandle.codegen.structure.loops import Loop
from pycandle.codegen.structure.mixed_loops import MixedLoop
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import CONFIG, Definition, Instance, Type
from pycandle.rust import tree as t

_INDEX = t.Local("i", copy=True)


class Enums:
    """The `enum`s of a file, one for each set of types."""

    def __init__(self, types: list[Type]) -> None:
        """`types`: those of the file, to which each new `enum` is added."""
        self.types = types
        self.known: dict[tuple[str, ...], Type] = {}

    def of(self, variants: Sequence[Type], item: str, around: str) -> Type:
        """Returns the `enum` of some types.

        `item`: what one of them is called, `block`; `around`: the class that holds them.
        """
        key = tuple(variant.token for variant in variants)
        if key not in self.known:
            fields = tuple((f"__V{i}__", token, t.path("")) for i, token in enumerate(key))
            definition = Definition("enum", item, fields, (), (), ())
            made = Type(
                f"__T{len(self.types)}__",
                item,
                "enum",
                definition,
                (),
                frozenset(),
                (),
                False,
                False,
            )
            made.attributes.add(around)
            self.types.append(made)
            self.known[key] = made
        return self.known[key]


class Builder(Protocol):
    """The struct whose field the layers are."""

    instances: dict[Region, Instance]
    lengths: Mapping[str, int]
    counted: set[str]
    indexed: set[str]
    needs_config: bool

    def vb(self, prefix: str) -> t.Expr:
        """Returns the `VarBuilder` of a path below the struct's module."""
        ...

    def kinds_field(self, loop: Loop) -> KindsField | None:
        """Returns the setting that says of what kind each layer of a loop is, if one does."""
        ...

    def construct(self, instance: Instance, region: Region, vb: t.Expr) -> t.Expr:
        """Returns `Child::new(..)?`."""
        ...


def is_one_row(loop: MixedLoop, instances: Mapping[Region, Instance]) -> bool:
    """Whether all layers of one type are made of the same numbers."""
    return all(
        instances[call].values == instances[loop.models[kind]].values
        for call, kind in zip(loop.calls, loop.type_of, strict=True)
    )


def make_mixed_row(owner: Builder, loop: MixedLoop, made: Type, relative: str, role: str) -> t.Expr:
    """Returns Rust that makes the layers of a loop, a `Vec` of an `enum`.

    `relative`: the path of their container in the struct's module; `role`: what their number is.
    """
    container = owner.vb(relative) if relative else t.Local("vb")
    builder = t.Let("vb", t.plain(container, "pp", layer_name(loop)))
    variants: list[t.Expr] = []
    for kind, model in enumerate(loop.models):
        new = owner.construct(owner.instances[model], model, t.Local("vb"))
        inner = new.inner if isinstance(new, t.Try) else new
        variants.append(t.plain(inner, "map", t.path(f"{made.token}::__V{kind}__")))
    turn = _turn(loop.type_of)
    field = owner.kinds_field(loop)
    if field is not None:
        owner.counted.add(relative)
        owner.needs_config = True
        kind = t.Local("kind", borrowed=True)
        choice: t.Expr = t.Match(kind, pattern_arms(field, loop.type_of, variants))
        layers: t.Expr = t.plain(t.plain(t.Field(CFG, field.name), "iter"), "enumerate")
        pattern = "(i, kind)"
    elif turn is not None:
        condition, first, second = turn
        choice = t.If(condition, variants[first], variants[second])
        layers = t.Binary("..", t.Path("0"), _count(owner, loop, relative, role))
        pattern = "i"
    else:
        arms = [*map(str, range(len(variants) - 1)), "_"]
        choice = t.Match(t.Local("kind", copy=True), tuple(zip(arms, variants, strict=True)))
        table = t.array_of(t.Path(str(kind)) for kind in loop.type_of)
        layers = t.Method(t.Method(table, "into_iter"), "enumerate")
        pattern = "(i, kind)"
    mapped = t.Method(layers, "map", (t.Closure(pattern, t.Block((builder,), choice)),))
    return t.Try(t.Method(mapped, "collect::<Result<Vec<_>>>"))


def _count(owner: Builder, loop: MixedLoop, relative: str, role: str) -> t.Number:
    """Returns the number of layers that take turns, a field of `Config` where it is free."""
    length = owner.lengths.get(loop.prefix, 0)
    is_named = any(call.path in owner.indexed for call in loop.calls)
    if loop.stem or loop.first or is_named or length != len(loop.calls):
        return t.usize(len(loop.calls), role)
    owner.counted.add(relative)
    return t.usize(length, f"{CONFIG}{role}")


def _turn(type_of: Sequence[int]) -> tuple[t.Expr, int, int] | None:
    """Returns how the index of a layer shows its type, where there are two that take turns.

    A condition on `i`, the type where it holds, and the other one.
    """
    if max(type_of) != 1:
        return None
    for period in range(2, max(len(type_of) // 2, 2) + 1):
        if any(kind != type_of[i % period] for i, kind in enumerate(type_of)):
            continue
        for kind in (0, 1):
            places = [i for i in range(period) if type_of[i] == kind]
            if len(places) == 1:
                rest = t.Binary("%", _INDEX, t.Path(str(period)))
                return t.Binary("==", rest, t.Path(str(places[0]))), kind, 1 - kind
    return None
