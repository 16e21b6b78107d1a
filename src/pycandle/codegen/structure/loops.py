"""Loops: runs of numbered sibling modules that hand a value from one to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pycandle.codegen.structure.collecting import Collected, find_collected, growing
from pycandle.codegen.structure.lists import ListValue, unpacked
from pycandle.codegen.structure.regions import Item, Region
from pycandle.ir.graph import Value
from pycandle.rust.names import snake

_NUMBERED = re.compile(r"(?:(.*)\.)?([A-Za-z_]\w*?)?(0|[1-9]\d*)")

MOST_KINDS = 4
"""Layers that are called in more ways than this are no loop to a reader."""

SHORTEST_WORD = 3
"""A name of fewer letters is an abbreviation."""


@dataclass(frozen=True)
class Loop:
    """`for block in &self.blocks`: equal calls in a row."""

    calls: tuple[Region, ...]
    carry: tuple[tuple[int, int], ...]
    """Input position, and the position of the output that the previous call puts there."""
    prefix: str
    """The FQN of the container."""
    stem: str
    """What the names of its children begin with, before their numbers."""
    first: int
    """The index of the first call's module in the container."""
    is_whole: bool
    """Whether the container holds no other module that is called here."""
    chosen: tuple[int, ...] = ()
    """Input positions whose values are those of the call's kind."""
    kinds: tuple[tuple[Value, ...], ...] = ()
    """For each kind of call, the values at the chosen positions."""
    kind_of: tuple[int, ...] = ()
    """The kind of each call."""
    lists: tuple[Collected, ...] = ()
    """What it collects."""

    @property
    def reads(self) -> list[Value]:
        """The values from before the loop that it reads."""
        first = self.calls[0]
        growing = {item.position for item in self.lists}
        fixed = [v for i, v in enumerate(first.inputs) if i not in self.chosen and i not in growing]
        kinds = dict.fromkeys(value for kind in self.kinds for value in kind)
        return [*fixed, *kinds, *(value for item in self.lists for value in item.start)]

    @property
    def outputs(self) -> list[Value]:
        """What the last call hands on, and the lists."""
        carried = {output for _, output in self.carry}
        last = [value for i, value in enumerate(self.calls[-1].outputs) if i in carried]
        return [*last, *(item.whole for item in self.lists)]


def numbered(path: str) -> tuple[str, str, int] | None:
    """Splits `layers.3` into `layers`, nothing and 3, and `stage.b3` into `stage`, `b` and 3."""
    match = _NUMBERED.fullmatch(path)
    return (match[1] or "", match[2] or "", int(match[3])) if match else None


def find_runs(items: Sequence[Item]) -> list[Item | list[Region]]:
    """Returns items with numbered siblings that follow each other as lists, also one alone."""
    found: list[Item | list[Region]] = []
    before: tuple[str, str, int] | None = None
    for item in items:
        place = numbered(item.path) if isinstance(item, Region) and item.kind == "module" else None
        if not isinstance(item, Region) or place is None or item.index:
            found.append(item)
            before = None
            continue
        run = found[-1] if found else None
        if isinstance(run, list) and before is not None and place == (*before[:2], before[2] + 1):
            run.append(item)
        else:
            found.append([item])
        before = place
    return found


def find_loops(
    region: Region,
    same: Mapping[Region, object],
    fewest: int = 3,
    mixed: Callable[[list[Region]], Loop | None] | None = None,
) -> list[Item | Loop]:
    """Returns a region's items with runs of calls replaced by loops.

    `same` says which calls are of one type; `fewest`, how many fields that are named by a word and
    a number are a row; `mixed` finds a loop over calls of several types.
    """
    readers = readers_in(region)
    found: list[Item | Loop] = []
    for run in find_runs(region.items):
        if not isinstance(run, list):
            found.append(run)
            continue
        whole = mixed(run) if mixed is not None else None
        if whole is not None:
            found.append(whole)
            continue
        start = 0
        while start < len(run):
            end = start + 1
            while end < len(run) and same.get(run[end]) == same.get(run[start]) is not None:
                end += 1
            loop = _loop(run[start:end], region.items, readers) if end - start > 1 else None
            if loop is not None and not _reads_as_row(loop, fewest):
                loop = None
            found.extend([loop] if loop is not None else run[start:end])
            start = end
    return found


def readers_in(region: Region) -> dict[Value, list[Item]]:
    """Returns the items of a region that read each value; the region itself, if it returns it."""
    found = _readers(region.items)
    for value in dict.fromkeys(unpacked(region.outputs)):
        found.setdefault(value, []).append(region)
    return found


def _readers(items: list[Item]) -> dict[Value, list[Item]]:
    """Returns the items that read each value."""
    found: dict[Value, list[Item]] = {}
    for item in items:
        read = item.inputs if isinstance(item, Region) else item.inputs()
        for value in dict.fromkeys(unpacked(read)):
            found.setdefault(value, []).append(item)
    return found


def _loop(
    calls: list[Region], items: list[Item], readers: Mapping[Value, list[Item]]
) -> Loop | None:
    """Returns the loop that a run of equal calls is, or None."""
    if len({len(call.inputs) for call in calls}) > 1 or not calls[0].outputs:
        return None
    inputs = _inputs(calls)
    if inputs is None:
        return None
    carry, chosen, grown = inputs
    rows = [tuple(call.inputs[position] for position in chosen) for call in calls]
    kinds = list(dict.fromkeys(rows))
    if chosen and not 1 < len(kinds) <= min(MOST_KINDS, len(calls) - 1):
        return None
    outputs = {output: position for position, output in carry}
    if not (carry or grown) or len(outputs) != len(carry):
        return None
    known = _computed_before(items, calls[0])
    lists = find_collected(calls, outputs, grown, readers, known)
    if lists is None or not _hands_on_options(calls, carry, readers):
        return None
    place = numbered(calls[0].path)
    assert place is not None
    siblings = {
        item.path
        for item in items
        if isinstance(item, Region) and (numbered(item.path) or ("", ""))[:2] == place[:2]
    }
    return Loop(
        tuple(calls),
        tuple(carry),
        *place,
        is_whole=len(siblings) == len(calls),
        chosen=tuple(chosen),
        kinds=tuple(kinds) if chosen else (),
        kind_of=tuple(kinds.index(row) for row in rows) if chosen else (),
        lists=tuple(lists),
    )


def _inputs(
    calls: list[Region],
) -> tuple[list[tuple[int, int]], list[int], list[Collected]] | None:
    """Returns what a loop carries, which inputs it chooses and which lists its calls let grow.

    None where an input is none of these, and not the same for all calls.
    """
    carry: list[tuple[int, int]] = []
    chosen: list[int] = []
    grown: list[Collected] = []
    computed = {value for call in calls for value in call.outputs}
    for position in range(len(calls[0].inputs)):
        values = [call.inputs[position] for call in calls]
        if all(value is values[0] for value in values):
            continue
        growth = growing(calls, position)
        if growth is not None:
            grown.append(growth)
            continue
        if any(isinstance(value, ListValue) for value in values):
            return None
        if not computed.intersection(values):
            chosen.append(position)
            continue
        handed = {
            calls[k].outputs.index(values[k + 1]) if values[k + 1] in calls[k].outputs else None
            for k in range(len(calls) - 1)
        }
        output = handed.pop()
        if handed or output is None:
            return None
        carry.append((position, output))
    return carry, chosen, grown


def _hands_on_options(
    calls: list[Region],
    carry: list[tuple[int, int]],
    readers: Mapping[Value, list[Item]],
) -> bool:
    """Whether only the calls themselves read what is an `Option` in the loop."""
    options = {output for p, output in carry if calls[0].inputs[p] in calls[0].optional}
    return all(
        item in calls
        for output in options
        for call in calls
        for item in readers.get(call.outputs[output], [])
    )


def _reads_as_row(loop: Loop, fewest: int) -> bool:
    """Whether a reader takes calls for a row: fields that are only numbered need more than two."""
    return not loop.stem or bool(loop.lists) or len(loop.calls) >= fewest


def _computed_before(items: list[Item], first: Region) -> set[Value]:
    """Returns the values from outside of the items, and those of the items before a call."""
    before = items[: items.index(first)]
    later = items[len(before) :]
    found = set(_readers(items))
    for item in later:
        found.difference_update(item.outputs if isinstance(item, Region) else [item.result])
    return found


def row_name(loop: Loop) -> str:
    """Returns the name of the field that holds the layers: `layers`, `blocks`, `dense_layers`."""
    if not loop.stem:
        return snake(loop.prefix.rpartition(".")[2] or "layers")
    stem = snake(loop.stem.rstrip("_"))
    if len(stem) < SHORTEST_WORD:
        # `b` for `b1`, `b2` says nothing; the class does.
        stem = snake(loop.calls[0].name.rpartition(".")[2])
    return stem if stem.endswith("s") else f"{stem}s"


def item_name(loop: Loop, taken: set[str]) -> str:
    """Returns the variable for one layer of a loop: `layer` for `layers`."""
    last = row_name(loop)
    name = snake(last[:-1]) if last.endswith("s") and len(last) > 2 else "layer"
    while name in taken:
        name = f"{name}_layer"
    return name
