"""Ghosts: steps that a body lacks and another body of its class has, put in their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pycandle.codegen.structure.lists import ListValue, list_value
from pycandle.codegen.structure.regions import Item, Maybe, Region
from pycandle.ir.graph import Argument, Node, Value


@dataclass(frozen=True)
class _Places:
    """A body that is made like another one, and the values of that one in its terms."""

    region: Region
    model: Region
    of: dict[Value, Value]

    def value(self, value: Value) -> Value:
        """Returns the value that one of the model is here; a list of those that its items are."""
        if isinstance(value, ListValue) and value not in self.of:
            return list_value(tuple(self.of[item] for item in value.items), value.name)
        return self.of[value]

    def argument(self, theirs: Argument, ours: Argument) -> Argument:
        """Returns an argument with the values that the model's has in its place."""
        if isinstance(theirs, Value):
            return ours if theirs.state is not None else self.of[theirs]
        if isinstance(theirs, list) and isinstance(ours, list):
            return [self.argument(*both) for both in zip(theirs, ours, strict=True)]
        return ours

    def ghost_argument(self, theirs: Argument) -> Argument:
        """Returns an argument of a step that is missing here."""
        if isinstance(theirs, Value):
            return (
                state_of(self.region, self.model, theirs)
                if theirs.state is not None
                else self.of[theirs]
            )
        if isinstance(theirs, list):
            return [self.ghost_argument(item) for item in theirs]
        return theirs


def state_of(region: Region, model: Region, value: Value) -> Value:
    """Returns a state tensor of `model` by the name that it would have in `region`."""
    relative = model.relative(value.state or "")
    if relative is None or value.state is None:
        return value
    name = f"{region.path}.{relative}" if region.path else relative
    return Value(value.name, value.type, value.variable, state=name)


def make_alike(region: Region, model: Region, missing: Mapping[Item, Value]) -> list[Region]:
    """Puts a ghost into `region` for each item of `model` that it lacks.

    `missing` is what `find_missing` returns for the two. Returns the ghosts that are calls.
    """
    places = _Places(region, model, dict(zip(model.inputs, region.inputs, strict=True)))
    own = iter(region.items)
    items: list[Item] = []
    ghosts: list[Region] = []
    for item in model.items:
        if item not in missing:
            counterpart = next(own)
            _redirect(places, item, counterpart)
            items.append(counterpart)
            continue
        before, after = _split(region, items, places.of[missing[item]])
        places.of[missing[item]] = before
        if isinstance(item, Region):
            ghosts.append(_ghost_call(places, item, before, after))
            items.append(ghosts[-1])
        else:
            items.append(_ghost_node(places, item, before, after))
        places.of[item.outputs[0] if isinstance(item, Region) else item.result] = after
    for theirs, ours in places.of.items():
        if ours not in region.inputs:
            ours.variable = theirs.variable
    region.items = items
    region.outputs = [places.of[value] for value in model.outputs]
    region.like = model
    return ghosts


def _split(region: Region, items: list[Item], value: Value) -> tuple[Value, Value]:
    """Returns the value before a missing step and the one behind it, which were one."""
    other = Value(f"{value.name}_past", value.type, value.variable)
    if value not in region.outputs:
        return value, other
    # What is around the body knows it by the value behind the step.
    for item in items:
        if isinstance(item, Region) and value in item.outputs:
            item.outputs = [other if found is value else found for found in item.outputs]
            item.results = [other if found is value else found for found in item.results]
        elif isinstance(item, Node) and item.result is value:
            item.result, other.node = other, item
    return other, value


def _redirect(places: _Places, theirs: Item, ours: Item) -> None:
    """Lets an item read what its counterpart in the model reads, and notes what it computes."""
    if isinstance(theirs, Node) and isinstance(ours, Node):
        ours.args = [places.argument(*both) for both in zip(theirs.args, ours.args, strict=True)]
        ours.kwargs = {k: places.argument(theirs.kwargs[k], v) for k, v in ours.kwargs.items()}
        places.of[theirs.result] = ours.result
    elif isinstance(theirs, Region) and isinstance(ours, Region):
        inputs = [places.value(value) for value in theirs.inputs]
        ours.facts = {
            new: ours.facts[old]
            for new, old in zip(inputs, ours.inputs, strict=True)
            if old in ours.facts
        }
        ours.parameter = {
            new: ours.parameter[old]
            for new, old in zip(inputs, ours.inputs, strict=True)
            if old in ours.parameter
        }
        ours.inputs, ours.variable = inputs, theirs.variable
        places.of.update(zip(theirs.outputs, ours.outputs, strict=True))


def _ghost_call(places: _Places, item: Region, before: Value, after: Value) -> Region:
    relative = places.model.relative(item.path)
    path = f"{places.region.path}.{relative}" if places.region.path else str(relative)
    return Region(
        kind="module",
        name=item.name,
        path=path,
        parent=places.region,
        variable=item.variable,
        inputs=[before],
        outputs=[after],
        facts=dict.fromkeys([before], next(iter(item.facts.values()))) if item.facts else {},
        is_optional=True,
        ghost_of=item,
    )


def _ghost_node(places: _Places, item: Node, before: Value, after: Value) -> Node:
    made = Node(
        target=item.target,
        args=[places.ghost_argument(argument) for argument in item.args],
        kwargs={name: places.ghost_argument(value) for name, value in item.kwargs.items()},
        result=after,
        call=item.call,
        sites=item.sites,
        cast=item.cast,
    )
    places.region.maybe[made] = Maybe(before, ghost_of=item)
    return made
