"""The files of a model: one, or one for each Python class where one would be long."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pycandle.codegen.source.uses import bare_code, used_paths
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake
from pycandle.rust.printer import file as print_file
from pycandle.rust.printer import item as print_item
from pycandle.rust.rustfmt import format_rust

MOST_LINES = 1500
"""A model of more lines than this gets a file for each class."""

MODEL = "model.rs"
_ROOT = ""
"""Stands for the module of the model itself."""
_SHARED = "functions"
"""The module of functions that several classes call."""


@dataclass(frozen=True)
class Part:
    """An item of the model, and where it comes from."""

    item: t.Item
    cls: str = _ROOT
    """The qualified name of its Python class; none for what stays beside the root."""
    imports: frozenset[str] = frozenset()
    """What its lowerings use of Candle."""


@dataclass
class _Module:
    """A file in the making."""

    doc: tuple[str, ...]
    parts: list[Part] = field(default_factory=list[Part])


def print_files(
    parts: Sequence[Part], doc: tuple[str, ...], *, has_runtime: bool, most_lines: int = MOST_LINES
) -> dict[str, str]:
    """Returns the files of a model without its runtime, formatted, by path beside `model.rs`.

    `doc`: what stands at the head of `model.rs`.
    """
    single = _print_single(parts, doc, has_runtime=has_runtime)
    if single.count("\n") <= most_lines:
        return {MODEL: single}
    modules = _place(parts, doc)
    below = [*filter(None, modules), *(["runtime"] if has_runtime else [])]
    outside = {name: _outside(name, modules) for name in modules}
    shared = frozenset(
        item for found in outside.values() for items in found.values() for item in items
    )
    return {
        f"model/{name}.rs" if name else MODEL: _print(
            module, outside[name], shared if name else frozenset(), () if name else sorted(below)
        )
        for name, module in modules.items()
    }


def _print_single(parts: Sequence[Part], doc: tuple[str, ...], *, has_runtime: bool) -> str:
    items = tuple(part.item for part in parts)
    layers = frozenset[str]().union(*(part.imports for part in parts))
    uses = tuple(used_paths(print_file(t.File((), (), items)), layers))
    return format_rust(print_file(t.File(doc, uses, items, ("runtime",) if has_runtime else ())))


def _place(parts: Sequence[Part], doc: tuple[str, ...]) -> dict[str, _Module]:
    """Returns the modules by name, that of the root first."""
    names = Names({"runtime", _SHARED, "model"})
    modules = {_ROOT: _Module(doc)}
    module_of: dict[str, str] = {_ROOT: _ROOT}
    for part in parts:
        if isinstance(part.item, t.Struct) and part.cls not in module_of:
            name = names.fresh(snake(part.cls.rpartition(".")[2]))
            module_of[part.cls] = name
            modules[name] = _Module((f"`{part.cls}`.",))
    homes = _homes(parts, module_of)
    if _SHARED in homes.values():
        modules[_SHARED] = _Module(("Functions that several classes call.",))
    for part in parts:
        modules[homes[part.item.name]].parts.append(part)
    return modules


def _homes(parts: Sequence[Part], module_of: Mapping[str, str]) -> dict[str, str]:
    """Returns the module of each item: a function or an enum is where all are that use it."""
    code = {part.item.name: _code(part.item) for part in parts}
    homes = {
        part.item.name: module_of[part.cls] for part in parts if isinstance(part.item, t.Struct)
    }
    waiting = [part.item.name for part in parts if not isinstance(part.item, t.Struct)]
    callers = {
        name: [other for other, text in code.items() if other != name and _mentions(text, name)]
        for name in waiting
    }
    while waiting:
        settled = [name for name in waiting if all(other in homes for other in callers[name])]
        for name in settled or waiting:
            found = {homes.get(other, _SHARED) for other in callers[name]}
            homes[name] = found.pop() if len(found) == 1 else _SHARED
        waiting = [name for name in waiting if name not in homes]
    return homes


def _outside(name: str, modules: Mapping[str, _Module]) -> dict[str, list[str]]:
    """Returns what a module uses of each other one, by the other's name."""
    code = "\n".join(_code(part.item) for part in modules[name].parts)
    found: dict[str, list[str]] = {}
    for other, module in modules.items():
        names = sorted(p.item.name for p in module.parts if _mentions(code, p.item.name))
        if other != name and names:
            found[other] = names
    return found


def _print(
    module: _Module,
    outside: Mapping[str, Sequence[str]],
    shared: frozenset[str],
    below: Sequence[str],
) -> str:
    """Returns the file of a module.

    `outside`: what it uses of others; `shared`: what others use; `below`: the modules in it, which
    only that of the root has.
    """
    items = tuple(part.item for part in module.parts)
    layers = frozenset[str]().union(*(part.imports for part in module.parts))
    body = print_file(t.File((), (), items))
    above = "" if below else "super::"
    uses = used_paths(body, layers, f"{above}runtime")
    own = list(outside.get(_ROOT, ()))
    if above and re.search(r"(?<![\w:])runtime::", bare_code(body)):
        own.append("runtime")
    if own:
        uses.append(f"{above}{{{', '.join(sorted(own))}}}")
    uses += [f"{above}{n}::{{{', '.join(found)}}}" for n, found in outside.items() if n != _ROOT]
    return format_rust(print_file(t.File(module.doc, tuple(uses), items, tuple(below), shared)))


def _code(item: t.Item) -> str:
    return bare_code(print_item(item))


def _mentions(code: str, name: str) -> bool:
    """Whether code mentions an item: a type, which nothing else is called like, or a function."""
    if name[0].isupper():
        return re.search(rf"\b{name}\b", code) is not None
    return re.search(rf"(?<![\w.:])(?<!fn ){name}\(", code) is not None
