"""Optional arguments: one body for calls that are given a tensor and calls that compute it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pycandle.codegen.structure.alignment import ChildKey, find_missing, results_of
from pycandle.codegen.structure.ghosts import state_of
from pycandle.codegen.structure.left_out import LeftOut, find_left_out
from pycandle.codegen.structure.lists import ListValue
from pycandle.codegen.structure.optional import MayMiss
from pycandle.codegen.structure.regions import Absent, Default, Item, Region
from pycandle.ir.graph import Argument, Node, Value
from pycandle.lowering.operand import Layout

_NUMBER = re.compile(r"(?<![^.])\d+(?![^.])")


def find_optional_arguments(
    regions: Iterable[Region], key: ChildKey, may_miss: MayMiss
) -> list[Region]:
    """Makes calls of modules in one row alike where some compute what others are given.

    Returns the ghosts that are calls of functions.
    """
    rows: dict[tuple[str, str], list[Region]] = {}
    for region in regions:
        if region.kind == "module" and region.parent is not None and _NUMBER.search(region.path):
            rows.setdefault((region.name, _NUMBER.sub("*", region.path)), []).append(region)
    return [ghost for row in rows.values() for ghost in _merge(row, key, may_miss)]


def _merge(row: list[Region], key: ChildKey, may_miss: MayMiss) -> list[Region]:
    lacking = [region for region in row if len(region.inputs) == len(row[0].inputs)]
    taking = [region for region in row if region not in lacking]
    if taking and len(taking[0].inputs) < len(lacking[0].inputs):
        lacking, taking = taking, lacking
    if not taking or not _are_alike(lacking, key) or not _are_alike(taking, key):
        return []
    if any(_reads_lists(region) for region in row):
        # What a list holds is not followed to the value that takes its place.
        return []
    paths = {region.path for region in lacking}
    if any(region.path in paths for region in taking):
        # One module that computes it in one call has what it needs in any case.
        return []
    by_lacking = [find_left_out(region, taking[0], key) for region in lacking]
    by_taking = [find_left_out(lacking[0], region, key) for region in taking]
    if None in by_lacking or None in by_taking or not _may_miss(lacking[0], by_taking[0], may_miss):
        return []
    ghosts: list[Region] = []
    for region, found in zip(taking, by_taking, strict=True):
        assert found is not None
        ghosts += _Taking(region, lacking[0], found).change()
    for region, found in zip(lacking, by_lacking, strict=True):
        assert found is not None
        _leave_out(region, taking[0], found)
    return ghosts


def _reads_lists(region: Region) -> bool:
    inside = (value for node in region.nodes() for value in node.inputs())
    return any(isinstance(value, ListValue) for value in (*region.inputs, *region.outputs, *inside))


def _are_alike(regions: list[Region], key: ChildKey) -> bool:
    first = regions[0]
    return all(
        len(first.items) == len(other.items) and find_missing(first, other, key) == {}
        for other in regions[1:]
    )


def _may_miss(lacking: Region, found: LeftOut | None, may_miss: MayMiss) -> bool:
    """Whether what only the computing instances hold is read nowhere else in them."""
    assert found is not None
    moved = {item for items in found.items.values() for item in items if isinstance(item, Node)}
    elsewhere = {v for node in lacking.nodes() if node not in moved for v in node.inputs()}
    held = {value for node in moved for value in node.inputs() if value.state is not None}
    return all(value not in elsewhere and may_miss(lacking, value) for value in held)


def _leave_out(region: Region, taking: Region, found: LeftOut) -> None:
    """Gives a body the arguments that it leaves out."""
    inputs: list[Value] = []
    for value, own in found.inputs:
        if own is not None:
            inputs.append(own)
            continue
        absent = found.handed.get(value) or Absent(value.name, value.type, value.variable)
        inputs.append(absent)
        region.optional[absent] = found.computed.get(value) or _handed(region, absent)
        region.facts[absent] = Layout.STRIDED
        region.parameter[absent] = taking.parameter.get(value) or value.variable or "xs"
        if value in found.computed:
            items = tuple(found.items[value])
            region.defaults.append(Default(absent, found.computed[value], items, here=True))
    region.inputs = inputs


def _handed(region: Region, value: Value) -> Value:
    """Returns what the call that an optional argument is handed to returns for it."""
    return next(call.optional[value] for call in region.children() if value in call.optional)


@dataclass
class _Taking:
    """A body that is given what another one computes."""

    region: Region
    model: Region
    found: LeftOut
    of: dict[Value, Value] = field(default_factory=dict[Value, Value])
    """Values of the model in terms of this body."""
    instead: dict[Value, Value] = field(default_factory=dict[Value, Value])
    """For an argument that may be left out, what the body goes on with."""

    def change(self) -> list[Region]:
        """Puts in what the model computes, as ghosts; returns those that are calls."""
        region, found = self.region, self.found
        self.of = dict(found.values)
        for given, computed in found.computed.items():
            made = Value(given.name, given.type, computed.variable or given.variable)
            self.instead[given] = self.of[computed] = made
        for given in (value for value, own in found.inputs if own is None):
            region.optional[given] = self.instead.get(given) or _handed(region, given)
            region.facts[given] = Layout.STRIDED
        for item in region.items:
            self._read_instead(item)
        region.outputs = [self.instead.get(value, value) for value in found.outputs]
        region.results = [region.optional.get(value, value) for value in region.results]
        for theirs, ours in found.values.items():
            if ours not in region.inputs:
                ours.variable = theirs.variable
        ghosts = self._add_ghosts()
        region.like = region.like or self.model
        return [item for item in ghosts.values() if isinstance(item, Region)]

    def _add_ghosts(self) -> dict[Item, Item]:
        found, own = self.found, iter(self.region.items)
        moved = {item for items in found.items.values() for item in items}
        ghosts: dict[Item, Item] = {}
        items: list[Item] = []
        for item in self.model.items:
            if item in moved:
                ghosts[item] = self._ghost(item)
            items.append(ghosts[item] if item in moved else next(own))
        self.region.items = items
        for given, made in self.instead.items():
            inside = tuple(ghosts[item] for item in found.items[given])
            self.region.defaults.append(Default(given, made, inside, here=False))
        return ghosts

    def _read_instead(self, item: Item) -> None:
        if isinstance(item, Node):
            item.replace_inputs(lambda value: self.instead.get(value, value))
            return
        inputs = [self.instead.get(value, value) for value in item.inputs]
        for old, new in zip(item.inputs, inputs, strict=True):
            if old is not new:
                _move_input(item, old, new)

    def _ghost(self, item: Item) -> Item:
        result = results_of(item)[0]
        made = self.of.get(result) if result in self.found.computed.values() else None
        made = made or Value(result.name, result.type, result.variable)
        self.of[result] = made
        if isinstance(item, Node):
            return Node(
                target=item.target,
                args=[self._argument(argument) for argument in item.args],
                kwargs={name: self._argument(value) for name, value in item.kwargs.items()},
                result=made,
                call=item.call,
                sites=item.sites,
                cast=item.cast,
            )
        inputs = [self.of[value] for value in item.inputs]
        moved = dict(zip(item.inputs, inputs, strict=True))
        return Region(
            kind="function",
            name=item.name,
            path=self.region.path,
            parent=self.region,
            variable=item.variable,
            file=item.file,
            line=item.line,
            inputs=inputs,
            outputs=[made],
            parameter={moved[v]: name for v, name in item.parameter.items() if v in moved},
            facts={moved[v]: layout for v, layout in item.facts.items() if v in moved},
            ghost_of=item,
        )

    def _argument(self, argument: Argument) -> Argument:
        if isinstance(argument, Value):
            if argument.state is not None:
                return state_of(self.region, self.model, argument)
            return self.of[argument]
        if isinstance(argument, list):
            return [self._argument(item) for item in argument]
        return argument


def hand_on(region: Region) -> None:
    """Lets each call of a row take an optional argument from the call before it.

    That one returned what it was given or computed, which is what PyTorch gives to all behind it.
    """
    latest: dict[tuple[str, Value], Value] = {}
    for call in region.children():
        row = _NUMBER.sub("*", call.path)
        for given in list(call.optional):
            new = latest.get((row, given), given)
            if new is not given:
                _move_input(call, given, new)
            if call.optional[new] in call.outputs:
                latest[row, given] = call.optional[new]


def _move_input(region: Region, old: Value, new: Value) -> None:
    """Lets the caller of a region give it another value for an input."""
    region.inputs = [new if value is old else value for value in region.inputs]
    region.facts = {new if v is old else v: layout for v, layout in region.facts.items()}
    region.parameter = {new if v is old else v: name for v, name in region.parameter.items()}
    region.optional = {new if v is old else v: result for v, result in region.optional.items()}
