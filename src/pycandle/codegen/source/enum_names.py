"""Names of the enums of a file and of their variants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pycandle.codegen.unification.types import Type
from pycandle.rust.names import Names, camel


def name_enums(enums: Sequence[Type], structs: Mapping[str, str], names: Names) -> dict[str, str]:
    """Returns the name for the token of each enum, and for `token::variant` of each variant.

    `structs`: the names of the types that the variants hold; `names` receives the new ones.
    """
    found: dict[str, str] = {}
    for item in enums:
        (around,) = item.attributes
        own = camel(item.cls)
        wanted = (own, f"{camel(around.rpartition('.')[2])}{own}")
        name = names.fresh(next((text for text in wanted if text not in names.taken), wanted[1]))
        found[item.token] = name
        tokens = [(variant, token) for variant, token, _ in item.definition.fields]
        told = _variants([structs[token] for _, token in tokens], name)
        for (variant, _), text in zip(tokens, told, strict=True):
            found[f"{item.token}::{variant}"] = f"{name}::{text}"
    return found


def _variants(types: Sequence[str], enum: str) -> list[str]:
    """Returns the names of variants: what tells their types apart, `Plain` where that is nothing.

    Clippy wants neither what all of them begin or end with, nor the name of the enum in them.
    """
    words = [re.findall(r"[A-Z][^A-Z]*", name) or [name] for name in types]
    head = _shared(words)
    rest = [parts[head:] for parts in words]
    tail = _shared([parts[::-1] for parts in rest])
    short = ["".join(parts[: len(parts) - tail]) for parts in rest]
    short = [name.removeprefix(enum).removesuffix(enum) or "Plain" for name in short]
    names = Names()
    return [names.fresh(name) for name in short]


def _shared(rows: Sequence[Sequence[str]]) -> int:
    """Returns how many words all rows begin with."""
    columns = enumerate(zip(*rows, strict=False))
    return next((i for i, words in columns if len(set(words)) > 1), min(map(len, rows)))
