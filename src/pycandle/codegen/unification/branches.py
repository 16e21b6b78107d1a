"""Functions that a truth value of Python's chooses between become one with that argument."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Definition, signature
from pycandle.rust import tree as t
from pycandle.rust.names import snake
from pycandle.rust.rewrite import skeleton

_DTYPE = t.Param("dtype", "DType")


def join_branches(
    definitions: Mapping[Hashable, Definition], calls: Mapping[Hashable, Sequence[Region]]
) -> dict[Hashable, Definition]:
    """Returns the definitions that change, where two bodies of a function become its branches.

    That is where all calls of one set an argument, and all of the other do not:
    `bidirectional=True`. `calls` are those of each definition.
    """
    by_name: dict[str, dict[object, list[Hashable]]] = {}
    for key, definition in definitions.items():
        if definition.kind == "function":
            alike = by_name.setdefault(definition.cls, {})
            alike.setdefault(signature(definition), []).append(key)
    changed: dict[Hashable, Definition] = {}
    for alike in by_name.values():
        if len(alike) == 2:
            one, other = alike.values()
            changed |= _join(one, other, definitions, calls)
    return changed


def _join(
    one: list[Hashable],
    other: list[Hashable],
    definitions: Mapping[Hashable, Definition],
    calls: Mapping[Hashable, Sequence[Region]],
) -> dict[Hashable, Definition]:
    found = _flag([c for key in one for c in calls[key]], [c for key in other for c in calls[key]])
    if found is None:
        return {}
    name, is_set_in_one = found
    yes, no = (one, other) if is_set_in_one else (other, one)
    first, second = definitions[yes[0]], definitions[no[0]]
    shared = _shared_lines(first, second)
    if _face(first) != _face(second) or _binds(first, shared, snake(name)):
        return {}
    changed: dict[Hashable, Definition] = {}
    for keys, value in ((yes, True), (no, False)):
        for key in keys:
            own = definitions[key]
            branches = (own, second) if value else (first, own)
            changed[key] = _branched(own, *branches, t.Number(value, "bool", name), shared)
    return changed


def _flag(one: Sequence[Region], other: Sequence[Region]) -> tuple[str, bool] | None:
    """Returns the first argument that tells two sets of calls apart, and whether `one` set it."""
    for name, value in one[0].options.items():
        if not isinstance(value, bool):
            continue
        same = all(call.options.get(name) is value for call in one)
        if same and all(call.options.get(name) is (not value) for call in other):
            return name, value
    return None


def _face(definition: Definition) -> object:
    """Returns what callers see of a function, but for the dtype."""
    (method,) = definition.methods
    params = tuple(param for param in method.function.params if param != _DTYPE)
    return params, method.function.result, tuple(name for _, name in method.sizes)


def _shared_lines(one: Definition, other: Definition) -> int:
    """Returns how many statements two bodies begin with that are equal but for numbers."""
    pairs = zip(one.functions[0].body, other.functions[0].body, strict=False)
    return sum(1 for _ in takewhile(lambda both: skeleton(both[0]) == skeleton(both[1]), pairs))


def _binds(definition: Definition, lines: int, name: str) -> bool:
    """Whether the first statements of a body name a variable like the argument."""
    body = definition.functions[0].body[:lines]
    return any(isinstance(line, t.Let) and name in line.pattern for line in body)


def _branched(
    own: Definition, yes: Definition, no: Definition, flag: t.Number, shared: int
) -> Definition:
    """Returns a function with the bodies of two, of which `flag` is the one that `own` was."""
    (method,) = own.methods
    needs_dtype = yes.needs_dtype or no.needs_dtype
    params = tuple(param for param in method.function.params if param != _DTYPE)
    function = replace(
        method.function,
        params=(*params, _DTYPE) if needs_dtype else params,
        body=method.function.body[:shared],
        tail=t.If(flag, _branch(yes, shared), _branch(no, shared)),
    )
    layouts = zip(yes.methods[0].layouts, no.methods[0].layouts, strict=True)
    made = replace(method, function=function, layouts=tuple(max(both) for both in layouts))
    return replace(
        own,
        methods=(made,),
        needs_dtype=needs_dtype,
        imports=yes.imports | no.imports,
        runtime=yes.runtime | no.runtime,
    )


def _branch(definition: Definition, shared: int) -> t.Expr:
    function = definition.functions[0]
    left = function.body[shared:]
    return t.Block(left, function.tail) if left else function.tail
