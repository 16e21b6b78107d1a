"""Lists that the turns of a counted loop fill: what each computes for one `cat` or `stack`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pycandle.rust import tree as t
from pycandle.rust.rewrite import count_local, replace, skeleton, walk

_ITEM = "__item__"
"""Stands for the variable of an item, which is another one in each turn."""


@dataclass(frozen=True)
class Filled:
    """A list of which each turn of a loop makes one item."""

    at: int
    """The position in a turn of the statement that binds what the item is made of."""
    array: t.Array
    """The list as it stands behind the loop."""
    start: int
    """The item of the first turn; those before it are there before the loop."""
    name: str
    """The variable of the list."""


def item_variables(body: Sequence[t.Statement], tail: t.Expr) -> frozenset[str]:
    """Returns the variables that are bound once and read once, in an item of an array."""
    bound = [line.pattern for line in body if isinstance(line, t.Let)]
    inside = {name for array in _arrays((tuple(body), tail)) for name in _locals(array)}
    whole = (tuple(body), tail)
    return frozenset(
        name for name in inside if bound.count(name) == 1 and count_local(whole, name) == 1
    )


def shape(line: t.Statement, variables: frozenset[str]) -> Any:
    """Returns the skeleton of a statement, the same for all variables that are items of a list."""
    if isinstance(line, t.Let) and line.pattern in variables:
        line = t.Let(_ITEM, line.value)
    return skeleton(line)


def find_filled(
    turns: Sequence[Sequence[t.Statement]],
    variables: frozenset[str],
    behind: Sequence[Any],
    before: Sequence[set[str]],
    names: set[str],
) -> list[Filled] | None:
    """Returns the lists that turns fill; None where an item of a turn is in no such list.

    `before`: for each item behind, the variables that are as they were before the loop; `names`:
    those that are taken, which receives those of the lists.
    """
    found: list[Filled] = []
    arrays = [(a, known) for line, known in zip(behind, before, strict=True) for a in _arrays(line)]
    for at, line in enumerate(turns[0]):
        if not (isinstance(line, t.Let) and line.pattern in variables):
            continue
        bound = [cast("t.Let", turn[at]).pattern for turn in turns]
        holder = next((pair for pair in arrays if bound[0] in _locals(pair[0])), None)
        start = None if holder is None else _start(*holder, bound)
        if holder is None or start is None:
            return None
        name = _plural(bound[0], names)
        names.add(name)
        found.append(Filled(at, holder[0], start, name))
    return found


def _start(array: t.Array, before: set[str], bound: Sequence[str]) -> int | None:
    """Returns where the items of turns begin in a list; None where they do not follow each other.

    They differ in their variable only, and read no other; what stands before them in the list is
    known before the loop.
    """
    if not all(isinstance(item, t.Reference) for item in array.items):
        return None
    start = next(i for i, item in enumerate(array.items) if count_local(item, bound[0]))
    items = array.items[start : start + len(bound)]
    if len(items) < len(bound):
        return None
    alike = {_named(item, {name: _ITEM}) for item, name in zip(items, bound, strict=True)}
    known = before.issuperset(_locals(array.items[:start]))
    return start if known and len(alike) == 1 and list(_locals(alike.pop())) == [_ITEM] else None


def started(filled: Filled) -> t.Let:
    """Returns the statement that binds a list before the loop."""
    items = tuple(_owned(item) for item in filled.array.items[: filled.start])
    value = t.Call("vec!", items) if items else t.Call("Vec::new", ())
    return t.Let(filled.name, value, mutable=True)


def pushed(filled: Filled, line: t.Statement) -> t.Run:
    """Returns the statement of a turn that adds its item, in the place of what binds it."""
    item = cast("t.Reference", filled.array.items[filled.start]).inner
    assert isinstance(line, t.Let)
    binding = line

    def substitute(node: Any) -> Any:
        is_item = isinstance(node, t.Local) and node.name == binding.pattern
        return binding.value if is_item else None

    return t.Run(t.plain(t.Local(filled.name), "push", replace(item, substitute)))


def read(
    filled: Filled, turns: int, behind: Sequence[t.Statement], tail: t.Expr
) -> tuple[list[t.Statement], t.Expr]:
    """Returns what is behind a loop, with the variable in the place of the list.

    What the list holds beyond the items of the loop is added just before it is read.
    """
    rest = [
        t.Run(t.plain(t.Local(filled.name), "push", _owned(item)))
        for item in filled.array.items[filled.start + turns :]
    ]

    def substitute(node: Any) -> Any:
        return t.Local(filled.name) if node is filled.array else None

    found: list[t.Statement] = []
    for line in behind:
        new = replace(line, substitute)
        found += [*rest, new] if new is not line else [line]
    end = replace(tail, substitute)
    return (found, tail) if end is tail else ([*found, *rest], end)


def _owned(item: t.Expr) -> t.Expr:
    inner = item.inner if isinstance(item, t.Reference) else item
    return t.plain(inner, "clone") if t.is_place(inner) else inner


def _plural(name: str, taken: set[str]) -> str:
    stem = name.rstrip("0123456789")
    wanted = stem if stem.endswith("s") else f"{stem}s"
    number = 2
    found = wanted
    while found in taken:
        found, number = f"{wanted}{number}", number + 1
    return found


def _named(node: Any, names: Mapping[str, str]) -> Any:
    def substitute(item: Any) -> Any:
        if isinstance(item, t.Local) and item.name in names:
            return t.Local(names[item.name], item.borrowed, item.copy)
        return None

    return replace(node, substitute)


def _locals(node: Any) -> Iterator[str]:
    for item in walk(node):
        if isinstance(item, t.Local):
            yield item.name


def _arrays(node: Any) -> Iterator[t.Array]:
    """Yields the arrays that are lent: `&[a, b]`."""
    for item in walk(node):
        if isinstance(item, t.Reference) and isinstance(item.inner, t.Array):
            yield item.inner
