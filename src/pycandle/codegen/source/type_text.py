"""Types and `Config` as text, for `pycandle inspect --stage`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pycandle.codegen.program import Program
from pycandle.codegen.unification.types import Type
from pycandle.rust import tree as t
from pycandle.rust.printer import expr

_NUMBER = re.compile(r"(?<![^.])\d+(?![^.])")
"""The number of a layer in the path of a module."""


def render_types(program: Program, names: Mapping[str, str]) -> str:
    """Returns each struct and function: its fields, methods, numbers, and its instances.

    `names`: the Rust name that each type's token stands for.
    """
    values: dict[Type, dict[str, dict[str, None]]] = {}
    for region, instance in program.instances.items():
        if region.ghost_of is not None:
            continue
        row = ", ".join(map(expr, instance.values)) if instance.type.kind == "struct" else ""
        path = region.path or "the model"
        values.setdefault(instance.type, {}).setdefault(row, {})[path] = None

    def blocks() -> Iterator[str]:
        for item in program.types:
            yield "\n".join(_type(item, names, values.get(item, {})))

    text = "\n\n".join(blocks())
    for token, name in sorted(names.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(token, name)
    return text


def _type(
    item: Type, names: Mapping[str, str], rows: Mapping[str, Mapping[str, None]]
) -> Iterator[str]:
    """Yields the lines of a type. `rows`: the paths of its instances, by their numbers."""
    if item.kind in ("function", "row"):
        (function,) = item.definition.functions
        yield f"fn {names[item.token]}{_signature(function)}, of {item.cls}"
    else:
        yield f"{item.kind} {names[item.token]}, of {item.cls}"
        for name, type_, _ in item.definition.fields:
            yield f"  {name}: {type_}"
        for function in item.definition.functions:
            yield f"  fn {function.name}{_signature(function)}"
    if item.config:
        yield f"  reads cfg.{', cfg.'.join(item.config)}"
    numbers = ", ".join(f"{name}: {type_}" for name, type_ in item.parameters)
    if numbers:
        yield f"  takes {numbers}"
    for row, paths in rows.items():
        yield f"    {row}: {_places(paths)}" if row else f"  in {_places(paths)}"


def _signature(function: t.Function) -> str:
    params = ", ".join(f"{param.name}: {param.type}" for param in function.params)
    return f"({params}) -> {function.result}"


def _places(paths: Iterable[str]) -> str:
    """Returns paths with `*` for the numbers of layers, each once."""
    counts = Counter(_NUMBER.sub("*", path) for path in paths)
    return ", ".join(f"{path} ({n})" if n > 1 else path for path, n in counts.items())


def render_config(program: Program) -> str:
    """Returns a line for each field of `Config`, and for each setting that is held as recorded."""
    paths = {name: path for path, name in program.config.names.items()}
    lines = [
        f"{name} = {value}, " + (f"setting {paths[name]}" if name in paths else "a count of layers")
        for name, value in program.config.in_order().items()
    ]
    lines += [f"as recorded: {path} = {value}" for path, value in program.fixed.items()]
    return "\n".join(lines) or "no fields"
