"""The struct `Config` of a model, and what others have to know of its fields."""

from __future__ import annotations

from collections.abc import Sequence

from pycandle.codegen.config.held import CFG
from pycandle.codegen.config.layer_kinds import KindsField, recorded_kinds
from pycandle.codegen.config.list_fields import ListField, find_list_fields, merge_items
from pycandle.codegen.config.settings import ConfigFields, rust_formula
from pycandle.formulas import settings_of
from pycandle.rust import tree as t
from pycandle.rust.names import snake


def setting_paths(
    config: ConfigFields, kinds: Sequence[KindsField] = ()
) -> dict[str, tuple[str, ...]]:
    """Returns the settings that each field of `Config` holds: those of the items of a list.

    `kinds`: the lists that say what layers are.
    """
    paths = {name: path for path, name in config.names.items() if name in config}
    merged = merge_items(paths, find_list_fields(config))
    return {
        name: (paths[held],) if isinstance(held, str) else tuple(paths[i] for i in held.items)
        for name, held in merged.items()
    } | {field.name: (field.kinds.path,) for field in kinds}


def python_names(config: ConfigFields) -> dict[t.Expr, str]:
    """Returns the names that classes have for what follows from settings."""

    def leaf(path: str) -> t.Expr:
        return t.Field(CFG, config.names[path])

    return {
        rust_formula(formula, "usize", leaf, config.is_float): snake(name)
        for held in config.origins.attributes.values()
        for formula, name in held.items()
        if any(settings_of(formula))
    }


def define_config(
    config: ConfigFields,
    lists: Sequence[ListField],
    kinds_of_layers: Sequence[KindsField],
    root: str,
    reader: t.Function | None,
) -> t.Struct:
    """Returns the struct, with what it was recorded with. `reader`: its `from_json`, if any."""
    numbers = config.in_order()
    kinds = {name: "f64" if isinstance(v, float) else "usize" for name, v in numbers.items()}
    fields: list[t.StructField] = []
    values: list[tuple[str, t.Expr]] = []
    for name, held in merge_items(numbers, lists).items():
        if isinstance(held, str):
            fields.append(t.StructField(name, kinds[name]))
            values.append((name, t.Number(numbers[name], kinds[name])))
        else:
            kind = kinds[held.items[0]]
            fields.append(t.StructField(name, f"[{kind}; {len(held.items)}]"))
            items = t.array_of(t.Number(numbers[item], kind) for item in held.items)
            values.append((name, items))
    for field in kinds_of_layers:
        fields.append(t.StructField(field.name, f"Vec<{field.type}>"))
        values.append((field.name, recorded_kinds(field)))
    literal = t.StructLiteral("Self", tuple(values))
    recorded = t.Function(
        "recorded",
        (),
        "Self",
        (),
        literal,
        doc=("The configuration that the model was recorded with.",),
        public=True,
        fallible=False,
    )
    return t.Struct(
        "Config",
        tuple(fields),
        (recorded,) if reader is None else (recorded, reader),
        doc=(f"What instances of [`{root}`] differ in.",),
        public=True,
        public_fields=True,
    )
