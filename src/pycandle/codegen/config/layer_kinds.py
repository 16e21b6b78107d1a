"""Settings that say of what kind each layer is: an `enum`, and a `Vec` of it in `Config`."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from pycandle.codegen.config.held import CFG
from pycandle.codegen.config.settings import GUARD, ConfigFields
from pycandle.ir.origins import LayerKinds
from pycandle.rust import tree as t
from pycandle.rust.names import camel


@dataclass(frozen=True)
class KindsField:
    """A field of `Config` with an item for each layer."""

    name: str
    type: str
    """The name of the `enum`."""
    kinds: LayerKinds
    variants: Mapping[str, str]
    """The name of each text, as Rust."""

    def pattern(self, texts: Container[str]) -> str:
        """Returns the pattern that the kinds of some texts match."""
        named = (f"{self.type}::{name}" for text, name in self.variants.items() if text in texts)
        return " | ".join(named)


def find_kinds_fields(config: ConfigFields) -> dict[str, KindsField]:
    """Returns the list of each container whose layers are of kinds, by its FQN."""
    found: dict[str, KindsField] = {}
    for container, kinds in config.origins.kinds.items():
        variants = {text: camel(text) for text in kinds.items}
        if len(set(variants.values())) == len(variants):
            name = config.names[kinds.path]
            found[container] = KindsField(name, camel(name.removesuffix("s")), kinds, variants)
    return found


def used_kinds(config: ConfigFields, containers: Container[str]) -> list[KindsField]:
    """Returns the lists that code reads: those of the containers whose layers follow them."""
    found = find_kinds_fields(config).items()
    return list({field.name: field for path, field in found if path in containers}.values())


def pattern_arms(
    field: KindsField, kind_of: Sequence[int], values: Sequence[t.Expr]
) -> tuple[tuple[str, t.Expr], ...]:
    """Returns the arms of a `match` on a field's item: a value for each kind of layer.

    `kind_of`: the kind of each recorded layer.
    """
    pairs = dict(zip(field.kinds.recorded, kind_of, strict=True))
    return tuple(
        (field.pattern([text for text, kind in pairs.items() if kind == index]), value)
        for index, value in enumerate(values)
    )


def define_kinds(field: KindsField, said: str) -> t.Enum:
    """Returns the `enum` of a field. `said`: what the layers are, for its documentation."""
    variants = tuple((name, "") for name in field.variants.values())
    return t.Enum(field.type, variants, doc=(f"What a layer of [`{said}`] is.",), public=True)


def kinds_guards(fields: Sequence[KindsField], config: ConfigFields) -> tuple[t.Statement, ...]:
    """Returns the checks that each list has an item for each layer."""
    return tuple(
        t.Run(
            t.call(
                f"runtime::{GUARD}",
                t.Binary(
                    "!=",
                    t.Method(t.Field(CFG, field.name), "len"),
                    t.Field(CFG, config.use(field.kinds.count)),
                ),
                t.Text(f"{field.name}.len() != {config.use(field.kinds.count)}"),
            )
        )
        for field in fields
    )


def recorded_kinds(field: KindsField) -> t.Expr:
    """Returns the list that was recorded."""
    items = (t.Path(f"{field.type}::{field.variants[text]}") for text in field.kinds.recorded)
    return t.Call("vec!", tuple(items))


def read_kinds(field: KindsField, json: t.Expr, names: t.Expr) -> t.Expr:
    """Returns what reads the list of a `config.json`."""
    rows = (
        t.tuple_of([t.Text(text), t.Path(f"{field.type}::{name}")])
        for text, name in field.variants.items()
    )
    return t.method(json, "choices", names, t.Reference(t.array_of(rows)))
