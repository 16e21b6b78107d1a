"""Tells whether two regions are equal to the last number, so that each is printed once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from pycandle.codegen.structure.groups import Group
from pycandle.codegen.structure.lists import number_of
from pycandle.codegen.structure.recipes import Recipe
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.structure.shared_state import Passes
from pycandle.codegen.unification.types import Instance, identity
from pycandle.ir.configured import exact
from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.origins import LayerKinds
from pycandle.ir.types import TensorType, ValueType


class Tokens:
    """Numbers for bodies: equal numbers mean equal bodies."""

    def __init__(
        self,
        passes: Passes,
        groups: Mapping[Region, Group],
        lengths: Mapping[str, int],
        recipes: Mapping[str, Recipe],
        kinds: Mapping[str, LayerKinds],
    ) -> None:
        """`passes`: state that comes in through `new` of a group of calls; `lengths`: the number of
        children of each container; `recipes`: of the state tensors that are computed; `kinds`: the
        setting of each container whose layers are of kinds."""
        self.kinds = kinds
        self.passes = passes
        self.groups = groups
        self.lengths = lengths
        self.recipes = recipes
        self.known: dict[Hashable, int] = {}

    def token(self, region: Region, instances: Mapping[Region, Instance]) -> int:
        """Returns the number of a region's body."""
        group = self.groups[region]
        taken = {value: i for i, value in enumerate(self.passes.taken.get(group, []))}
        loaded = self.passes.loaded.get(group, [])
        ids: dict[Value, int] = {}
        parts: list[Hashable] = [region.kind, region.file, region.name]
        parts.append(tuple((value.state, _exact_type(value.type)) for value in [*taken, *loaded]))
        for value in region.inputs:
            ids[value] = len(ids)
            name = region.parameter.get(value) or value.variable
            parts.append((_exact_type(value.type), region.facts.get(value), name))
        for item in region.items:
            if isinstance(item, Region):
                parts.append(self._call(region, item, ids, instances, taken))
                for value in item.outputs:
                    ids[value] = len(ids)
            else:
                parts.append(self._node(region, item, ids, taken))
                maybe = region.maybe.get(item)
                parts.append(maybe and (ids[maybe.instead], maybe.ghost_of is not None))
                ids[item.result] = len(ids)
        parts.append(tuple(number_of(value, ids) for value in region.outputs))
        parts.append(tuple(ids[value] for value in region.optional))
        for default in region.defaults:
            places = tuple(map(region.items.index, default.items))
            parts.append((ids[default.given], places, default.here))
        key = tuple(parts)
        return self.known.setdefault(key, len(self.known))

    def _call(
        self,
        region: Region,
        child: Region,
        ids: dict[Value, int],
        instances: Mapping[Region, Instance],
        taken: dict[Value, int],
    ) -> Hashable:
        instance = instances[child]
        passed = tuple(value.state for value in self.passes.taken.get(self.groups[child], []))
        states: tuple[Hashable, ...] = ()
        if child.kind == "function":
            found = (v for node in child.nodes() for v in node.inputs() if v.state is not None)
            states = tuple(self._state(region, value, taken) for value in dict.fromkeys(found))
        return (
            child.kind,
            exact(self.lengths.get(child.path.rpartition(".")[0], 0)),
            self.kinds.get(child.path.rpartition(".")[0]),
            region.relative(child.path),
            child.index > 0,
            child.is_optional,
            child.ghost_of is not None,
            instance.type.token,
            tuple(map(identity, instance.values)),
            instance.method,
            instance.sizes,
            tuple(map(identity, instance.arguments)),
            tuple(number_of(value, ids) for value in child.inputs),
            tuple(_exact_type(value.type) for value in child.outputs),
            passed,
            states,
            child.variable,
        )

    def _node(
        self, region: Region, node: Node, ids: dict[Value, int], taken: dict[Value, int]
    ) -> Hashable:
        def canonical(argument: Argument) -> Hashable:
            if isinstance(argument, Value):
                if argument.state is not None:
                    return self._state(region, argument, taken)
                return ("value", ids[argument])
            if isinstance(argument, list):
                return tuple(canonical(item) for item in argument)
            return exact(argument) if argument == argument else "nan"

        return (
            node.target,
            tuple(canonical(item) for item in node.args),
            tuple((name, canonical(item)) for name, item in sorted(node.kwargs.items())),
            _exact_type(node.result.type),
            node.result.variable,
            node.cast,
        )

    def _state(self, region: Region, value: Value, taken: dict[Value, int]) -> Hashable:
        if value in taken:
            return ("taken", taken[value])
        relative = region.relative(value.state or "")
        recipe = self.recipes.get(value.state or "")
        return (
            "state",
            relative if relative is not None else f"/{value.state}",
            _exact_type(value.type),
            recipe and recipe.key,
        )


def _exact_type(kind: ValueType) -> Hashable:
    """Returns a type in which a size that follows from settings is no plain number."""
    if isinstance(kind, TensorType):
        return kind.dtype, kind.follows_model, exact(kind.shape)
    return tuple(None if item is None else _exact_type(item) for item in kind.items)
