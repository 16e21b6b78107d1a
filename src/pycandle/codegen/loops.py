"""Loops: runs of numbered sibling modules that hand a value from one to the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pycandle.codegen.regions import Item, Region
from pycandle.ir.graph import Value
from pycandle.rust.names import snake

_NUMBERED = re.compile(r"(?:(.*)\.)?(\d+)")

MOST_KINDS = 4
"""Layers that are called in more ways than this are no loop to a reader."""


@dataclass(frozen=True)
class Loop:
    """`for block in &self.blocks`: equal calls in a row."""

    calls: tuple[Region, ...]
    carry: tuple[tuple[int, int], ...]
    """Input position, and the position of the output that the previous call puts there."""
    prefix: str
    """The FQN of the container."""
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

    @property
    def reads(self) -> list[Value]:
        """The values from before the loop that it reads."""
        first = self.calls[0]
        fixed = [v for i, v in enumerate(first.inputs) if i not in self.chosen]
        return [*fixed, *dict.fromkeys(value for kind in self.kinds for value in kind)]

    @property
    def outputs(self) -> list[Value]:
        """The outputs of the last call."""
        return self.calls[-1].outputs


def numbered(path: str) -> tuple[str, int] | None:
    """Splits `layers.3` into `layers` and 3."""
    match = _NUMBERED.fullmatch(path)
    return (match[1] or "", int(match[2])) if match else None


def find_loops(region: Region, same: Mapping[Region, object]) -> list[Item | Loop]:
    """Returns a region's items with runs of calls replaced by loops.

    `same` says which calls are of one type.
    """
    items = region.items
    found: list[Item | Loop] = []
    run: list[Region] = []
    readers = _readers(items)
    for value in region.outputs:
        readers.setdefault(value, []).append(region)

    def flush() -> None:
        start = 0
        while start < len(run):
            end = start + 1
            while end < len(run) and same.get(run[end]) == same.get(run[start]) is not None:
                end += 1
            loop = _loop(run[start:end], items, readers) if end - start > 1 else None
            found.extend([loop] if loop is not None else run[start:end])
            start = end
        run.clear()

    for item in items:
        place = numbered(item.path) if isinstance(item, Region) and item.kind == "module" else None
        if not isinstance(item, Region) or place is None or item.index:
            flush()
            found.append(item)
            continue
        before = numbered(run[-1].path) if run else None
        if before is not None and (place[0] != before[0] or place[1] != before[1] + 1):
            flush()
        run.append(item)
    flush()
    return found


def _readers(items: list[Item]) -> dict[Value, list[Item]]:
    """Returns the items that read each value."""
    found: dict[Value, list[Item]] = {}
    for item in items:
        for value in dict.fromkeys(item.inputs if isinstance(item, Region) else item.inputs()):
            found.setdefault(value, []).append(item)
    return found


def _loop(
    calls: list[Region], items: list[Item], readers: Mapping[Value, list[Item]]
) -> Loop | None:
    """Returns the loop that a run of equal calls is, or None."""
    if len({len(call.inputs) for call in calls}) > 1 or not calls[0].outputs:
        return None
    carry: list[tuple[int, int]] = []
    chosen: list[int] = []
    computed = {value for call in calls for value in call.outputs}
    for position in range(len(calls[0].inputs)):
        values = [call.inputs[position] for call in calls]
        if all(value is values[0] for value in values):
            continue
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
    rows = [tuple(call.inputs[position] for position in chosen) for call in calls]
    kinds = list(dict.fromkeys(rows))
    if chosen and not 1 < len(kinds) <= min(MOST_KINDS, len(calls) - 1):
        return None
    if not carry or len({output for _, output in carry}) != len(carry):
        return None
    if not _hands_on_alone(calls, carry, readers):
        return None
    place = numbered(calls[0].path)
    assert place is not None
    siblings = {
        item.path
        for item in items
        if isinstance(item, Region) and (numbered(item.path) or ("",))[0] == place[0]
    }
    return Loop(
        tuple(calls),
        tuple(carry),
        *place,
        is_whole=len(siblings) == len(calls),
        chosen=tuple(chosen),
        kinds=tuple(kinds) if chosen else (),
        kind_of=tuple(kinds.index(row) for row in rows) if chosen else (),
    )


def _hands_on_alone(
    calls: list[Region],
    carry: list[tuple[int, int]],
    readers: Mapping[Value, list[Item]],
) -> bool:
    """Whether what each call returns is carried, and read by the next call alone."""
    carried = {output for _, output in carry}
    for k, call in enumerate(calls[:-1]):
        for position, value in enumerate(call.outputs):
            outside = [item for item in readers.get(value, []) if item is not calls[k + 1]]
            if outside or position not in carried:
                return False
    last = calls[-1].outputs
    if any(position not in carried for position in range(len(last))):
        return False
    options = {output for p, output in carry if calls[0].inputs[p] in calls[0].optional}
    # Behind the loop it would be an `Option`.
    return not any(readers.get(last[output]) for output in options)


def item_name(loop: Loop, taken: set[str]) -> str:
    """Returns the variable for one layer of a loop: `layer` for `layers`."""
    last = snake(loop.prefix.rpartition(".")[2] or "layers")
    name = snake(last[:-1]) if last.endswith("s") and len(last) > 2 else "layer"
    while name in taken:
        name = f"{name}_layer"
    return name
