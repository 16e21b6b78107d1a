"""Statements that repeat, but for numbers that grow step by step, become a `for` over a range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from dataclasses import fields as fields_of
from dataclasses import replace as replace_field
from typing import Any, cast

from pycandle.codegen.source.counted_lists import (
    Filled,
    find_filled,
    item_variables,
    pushed,
    read,
    shape,
    started,
)
from pycandle.rust import tree as t
from pycandle.rust.names import Names
from pycandle.rust.rewrite import numbers, replace_numbers

FEWEST_TURNS = 4
"""Fewer turns are as easily read one by one."""

LONGEST_TURN = 40
"""Statements in one turn of what is looked for."""

FEWEST_SAVED = 6
"""A loop that saves fewer statements is not worth its variable."""

_WORD = re.compile(r"(?<![\w:.])[a-z_]\w*\b(?!::|!)")


@dataclass(frozen=True)
class _Run:
    """Equal statements in a row: `turns` times `length` from `start` on."""

    start: int
    length: int
    turns: int

    @property
    def end(self) -> int:
        return self.start + self.length * self.turns

    @property
    def saved(self) -> int:
        return self.length * (self.turns - 1)


def roll_item(item: t.Item) -> t.Item:
    """Returns an item with loops for what its functions and methods repeat."""
    match item:
        case t.Function():
            return roll(item)
        case t.Struct():
            return replace_field(item, methods=tuple(roll(method) for method in item.methods))
        case t.Enum():
            return item


def roll(function: t.Function) -> t.Function:
    """Returns a function with loops for the statements that repeat.

    A turn hands on what the next one reads in variables that are bound before the loop. The order
    of what is computed stays, so that it is the same to the bit.
    """
    lines = list(function.body)
    names = set(_words((function.params, function.body, function.tail)))
    items = item_variables(lines, function.tail)
    shapes = [shape(line, items) for line in lines]
    for run in _by_reading(_runs(shapes), lines):
        made = _loop(function, run, items, names)
        if made is not None:
            return roll(made)
    return function


def _runs(shapes: Sequence[Any]) -> list[_Run]:
    """Returns what repeats, longest first; of those as long, the one that begins first."""
    known: dict[Any, int] = {}
    ids = [known.setdefault(shape, len(known)) for shape in shapes]
    found: list[_Run] = []
    for length in range(1, min(LONGEST_TURN, len(ids) // FEWEST_TURNS) + 1):
        equal = [a == b for a, b in zip(ids, ids[length:], strict=False)]
        for start in range(len(equal)):
            turns = 1
            while all(equal[start + (turns - 1) * length : start + turns * length]):
                if start + (turns + 1) * length > len(ids):
                    break
                turns += 1
            run = _Run(start, length, turns)
            if turns >= FEWEST_TURNS and run.saved >= FEWEST_SAVED:
                found.append(run)
    return sorted(found, key=lambda run: (-run.saved, run.length, run.start))


def _by_reading(runs: Sequence[_Run], lines: Sequence[t.Statement]) -> list[_Run]:
    """Puts the run first that hands on the fewest variables, if it is a turn shorter at most."""
    if not runs:
        return []
    best = runs[0]
    alike = [r for r in runs if r.length == best.length and r.turns >= best.turns - 1]

    def handed_on(run: _Run) -> int:
        turn = lines[run.start : run.start + run.length]
        return len((_bound(turn) or set()) & _read_first(turn))

    return [*sorted(alike, key=handed_on), *(run for run in runs if run not in alike)]


def _loop(
    function: t.Function, run: _Run, items: frozenset[str], names: set[str]
) -> t.Function | None:
    """Returns a function with a loop for a run, or None where it is none.

    `items`: variables that are items of lists; `names`: all names of the function.
    """
    lines = list(function.body)
    turns = [lines[run.start + k * run.length :][: run.length] for k in range(run.turns)]
    rows = [[number for line in turn for number in numbers(line)] for turn in turns]
    count = _in_steps(rows)
    bound = _bound(turns[0])
    if bound is None:
        return None
    carried = bound & _read_first(turns[0])
    behind = [*lines[run.start + count * run.length :], t.Run(function.tail)]
    if (bound - carried - items) & _read_first(behind):
        # What only the last turn gives to the code behind it stays there with it.
        count -= 1
    run = replace_field(run, turns=count)
    if count < FEWEST_TURNS or run.saved < FEWEST_SAVED:
        return None
    before = _as_mutable(lines[: run.start], carried)
    if before is None or any(_borrows(line, carried) for line in (*lines[: run.start], *turns[0])):
        return None
    rest, tail = lines[run.end :], function.tail
    known = _unchanged(lines, run)
    filled = find_filled(turns[:count], items, (*rest, tail), known, names)
    if filled is None:
        return None
    for made in filled:
        before.append(started(made))
        rest, tail = read(made, count, rest, tail)
    loop = _turn(turns[0], rows[:count], carried, filled, names)
    return replace_field(function, body=(*before, loop, *rest), tail=tail)


def _turn(
    turn: Sequence[t.Statement],
    rows: Sequence[Sequence[t.Number]],
    carried: set[str],
    filled: Sequence[Filled],
    names: set[str],
) -> t.For:
    """Returns the loop whose turns differ in their numbers as `rows` do."""
    variable = next((n for n in "ijkn" if n not in names), Names(names).fresh("step"))
    first, values = _values(rows, variable)
    steps = [_assigned(line, carried) for line in replace_numbers(tuple(turn), iter(values))]
    for made in filled:
        steps[made.at] = pushed(made, steps[made.at])
    shown = variable if any(variable in _words(value) for value in values) else "_"
    return t.For(shown, t.Path(f"{first}..{first + len(rows)}"), tuple(steps))


def _unchanged(lines: Sequence[t.Statement], run: _Run) -> list[set[str]]:
    """Returns for each statement behind a run, and the tail, the variables from before the run."""
    bound = [set(_WORD.findall(n.pattern)) if isinstance(n, t.Let) else set[str]() for n in lines]
    left = set[str]().union(*bound[: run.start]).difference(*bound[run.start : run.end])
    found = [left]
    for names in bound[run.end :]:
        found.append(found[-1] - names)
    return found


def _in_steps(rows: Sequence[Sequence[t.Number]]) -> int:
    """Returns in how many turns each number stays as it is or grows by its step."""
    for k, row in enumerate(rows[1:], 1):
        for a, b, number in zip(rows[0], rows[1], row, strict=True):
            same = number == a == b
            if not same and (not _is_count(number) or number.value != _at(a, b, k)):
                return k
    return len(rows)


def _is_count(number: t.Number) -> bool:
    return number.type == "usize" and type(number.value) is int and not number.suffix


def _at(first: t.Number, second: t.Number, turn: int) -> int | None:
    """Returns what a number is in a turn, if it grows as it does from the first to the second."""
    if not (_is_count(first) and _is_count(second)):
        return None
    return _whole(first) + (_whole(second) - _whole(first)) * turn


def _values(rows: Sequence[Sequence[t.Number]], name: str) -> tuple[int, list[t.Expr]]:
    """Returns where the range starts, and the numbers of one turn in terms of its variable."""
    pairs = list(zip(rows[0], rows[1], strict=True))
    growing = [(_whole(a), _whole(b) - _whole(a)) for a, b in pairs if a != b]
    starts = [start for start, step in growing if step == 1]
    first = max(dict.fromkeys(starts), key=starts.count, default=0)
    variable = t.Local(name, copy=True)
    return first, [
        a if a == b else _value(_whole(a), _whole(b) - _whole(a), first, variable) for a, b in pairs
    ]


def _whole(number: t.Number) -> int:
    assert isinstance(number.value, int)
    return number.value


def _value(start: int, step: int, first: int, variable: t.Expr) -> t.Expr:
    """Returns `start + step * (variable - first)`, of which no part is below zero."""
    scaled = variable if abs(step) == 1 else t.Binary("*", t.usize(abs(step)), variable)
    rest = start - step * first
    if step < 0:
        return t.Binary("-", t.usize(rest), scaled)
    if rest == 0:
        return scaled
    return t.Binary("+" if rest > 0 else "-", scaled, t.usize(abs(rest)))


def _bound(turn: Sequence[t.Statement]) -> set[str] | None:
    """Returns the variables that statements bind; None where one does something else."""
    found: set[str] = set()
    for line in turn:
        if not isinstance(line, t.Let) or line.mutable or not line.pattern.isidentifier():
            return None
        found.add(line.pattern)
    return found


def _read_first(lines: Sequence[t.Statement]) -> set[str]:
    """Returns the variables that statements read before they bind them."""
    read: set[str] = set()
    bound: set[str] = set()
    for line in lines:
        read |= set(_words(line)) - bound
        if isinstance(line, t.Let):
            bound |= set(_WORD.findall(line.pattern))
    return read


def _words(node: Any) -> Iterator[str]:
    """Yields the variables that a tree mentions, also within texts."""
    match node:
        case t.Local(name):
            yield name
        case t.Let(_, value):
            yield from _words(value)
        case t.Path(text):
            yield from _WORD.findall(text)
        case t.Param(name):
            yield name
        case t.Call(function, args):
            yield function
            yield from _words(args)
        case t.Assign(target, value) | t.For(target, value):
            yield from _WORD.findall(target)
            yield from _words(value)
            yield from _words(getattr(node, "body", ()))
        case tuple() | list():
            for item in cast("Sequence[Any]", node):
                yield from _words(item)
        case _ if is_dataclass(node):
            for item in fields_of(node):
                yield from _words(getattr(node, item.name))
        case _:
            return


def _as_mutable(lines: Sequence[t.Statement], names: set[str]) -> list[t.Statement] | None:
    """Returns statements with `mut` where they bind variables, or None."""
    found = list(lines)
    for name in sorted(names):
        for k in range(len(found) - 1, -1, -1):
            line = found[k]
            if isinstance(line, t.Let) and line.pattern == name:
                found[k] = replace_field(line, mutable=True)
                break
            if isinstance(line, t.Let) and name in _WORD.findall(line.pattern):
                return None
        else:
            return None
    return found


def _borrows(line: t.Statement, names: set[str]) -> bool:
    """Whether a statement binds a reference to a variable, which cannot change then."""
    match line:
        case t.Let(_, t.Reference() | t.If() | t.Match() | t.Block() as value):
            return not names.isdisjoint(_words(value))
        case _:
            return False


def _assigned(line: t.Statement, carried: set[str]) -> t.Statement:
    if isinstance(line, t.Let) and line.pattern in carried:
        return t.Assign(line.pattern, line.value)
    return line
