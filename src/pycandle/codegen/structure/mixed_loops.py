"""Loops over modules of several types: blocks that take turns, attention in every sixth layer."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pycandle.codegen.structure.lists import ListValue
from pycandle.codegen.structure.loops import MOST_KINDS, Loop, numbered
from pycandle.codegen.structure.regions import Item, Region
from pycandle.ir.graph import Value

FEWEST_CALLS = 4
"""A row of fewer modules is as short without a loop."""


@dataclass(frozen=True)
class MixedLoop(Loop):
    """A loop over an `enum`: in each step its layer's type says what is called, and with what."""

    models: tuple[Region, ...] = ()
    """The first call of each type."""
    type_of: tuple[int, ...] = ()
    """The type of each call."""
    carried_at: tuple[int, ...] = ()
    """For each type, the input position at which it takes what the call before it returned."""

    @property
    def reads(self) -> list[Value]:
        """The values from before the loop that it reads."""
        start = self.calls[0].inputs[self.carried_at[self.type_of[0]]]
        fixed = (
            value
            for model, position in zip(self.models, self.carried_at, strict=True)
            for i, value in enumerate(model.inputs)
            if i != position
        )
        return list(dict.fromkeys([start, *fixed]))


def find_mixed_loop(
    calls: Sequence[Region],
    same: Mapping[Region, Hashable],
    readers: Mapping[Value, Sequence[Item]],
    *,
    is_short_one: bool,
) -> MixedLoop | None:
    """Returns the loop that a run of calls of several types is, or None.

    `same` says which calls are of one type; `is_short_one`, whether another instance of the class
    around them has a longer row.
    """
    types = list(dict.fromkeys(same.get(call) for call in calls))
    if None in types or not 1 < len(types) <= MOST_KINDS:
        return None
    type_of = tuple(types.index(same[call]) for call in calls)
    turns = 1 + sum(one != two for one, two in pairwise(type_of))
    # Types that do not come back are rows of their own.
    if (len(calls) < FEWEST_CALLS or turns == len(types)) and not is_short_one:
        return None
    if any(len(call.outputs) != 1 or call.optional for call in calls):
        return None
    for before, after in pairwise(calls):
        if any(item is not after for item in readers.get(before.outputs[0], ())):
            return None
    models = tuple(calls[type_of.index(kind)] for kind in range(len(types)))
    positions = [_carried_at(calls, type_of, kind) for kind in range(len(types))]
    carried_at = tuple(position for position in positions if position is not None)
    place = numbered(calls[0].path)
    if len(carried_at) < len(positions) or place is None:
        return None
    return MixedLoop(
        tuple(calls),
        ((carried_at[type_of[0]], 0),),
        *place,
        is_whole=False,
        models=models,
        type_of=type_of,
        carried_at=carried_at,
    )


def _carried_at(calls: Sequence[Region], type_of: Sequence[int], kind: int) -> int | None:
    """Returns the one input position at which calls of a type take what the call before returned.

    None where there is no such position, or another input is not the same for all of them.
    """
    mine = [k for k, found in enumerate(type_of) if found == kind]
    model = calls[mine[0]]
    if any(len(calls[k].inputs) != len(model.inputs) for k in mine):
        return None
    later = [k for k in mine if k > 0]
    handed = {
        calls[k].inputs.index(calls[k - 1].outputs[0])
        for k in later
        if calls[k - 1].outputs[0] in calls[k].inputs
    }
    if not later and len(model.inputs) == 1:
        # Nothing comes before the only call of this type: it takes what the loop starts with.
        return 0
    if len(handed) != 1 or any(calls[k - 1].outputs[0] not in calls[k].inputs for k in later):
        return None
    position = handed.pop()
    for i, value in enumerate(model.inputs):
        others = [calls[k].inputs[i] for k in mine]
        if i != position and (isinstance(value, ListValue) or any(v is not value for v in others)):
            return None
    return position
