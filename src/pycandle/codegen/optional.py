"""Optional children: a class whose instances are equal but for a child that some of them lack.

The instance without the child gets a ghost in its place, so that both have one shape.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from pycandle.codegen.regions import Region, walk
from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.sizes import Operation, Symbol
from pycandle.ir.types import TensorType


@dataclass
class _Shape:
    """A body with its numbers left out."""

    tokens: tuple[Hashable, ...]
    values: dict[int, Value]
    """The value behind each local number."""
    numbers: dict[Value, int]


def find_optional(roots: Iterable[Region]) -> bool:
    """Puts ghosts where children are missing. Returns whether there are any."""
    by_class: dict[str, list[Region]] = {}
    for root in roots:
        for region in walk(root):
            if region.kind == "module" and region.parent is not None:
                by_class.setdefault(region.name, []).append(region)
    found = False
    for regions in by_class.values():
        shapes: dict[tuple[Hashable, ...], list[Region]] = {}
        for region in regions:
            shapes.setdefault(_shape(region, frozenset()).tokens, []).append(region)
        if len(shapes) > 1:
            found |= _merge(list(shapes.values()))
    return found


def _merge(groups: list[list[Region]]) -> bool:
    """Tries to see each group as the richest one without some children."""
    groups = sorted(groups, key=lambda group: -len(_children(group[0])))
    rich = groups[0]
    model = rich[0]
    paths = {region.path for region in rich}
    optional: set[str] = set()
    poor: list[tuple[Region, frozenset[str]]] = []
    for group in groups[1:]:
        missing = _children(model).keys() - _children(group[0]).keys()
        if not missing or not all(_can_be_missing(_children(model)[name]) for name in missing):
            continue
        if any(region.path in paths for region in group):
            continue  # One module that calls a child or does not has it in any case.
        elided = frozenset(missing)
        if _shape(model, elided).tokens == _shape(group[0], frozenset()).tokens:
            optional |= elided
            poor += [(region, elided) for region in group]
    for region in rich:
        for name in optional:
            _children(region)[name].is_optional = True
    for region, elided in poor:
        _add_ghosts(region, model, elided)
        for name, child in _children(region).items():
            child.is_optional = child.is_optional or name in optional
    return bool(poor)


def _children(region: Region) -> dict[str, Region]:
    """Returns the module calls in a region by their path from there."""
    return {
        region.relative(child.path) or child.path: child
        for child in region.children()
        if child.kind == "module"
    }


def _can_be_missing(child: Region) -> bool:
    """Whether a child takes one value and returns one, which only ops of the parent read."""
    if len(child.inputs) != 1 or len(child.outputs) != 1 or child.parent is None:
        return False
    output = child.outputs[0]
    if output in child.parent.outputs:
        return False
    return not any(output in other.inputs for other in child.parent.children())


def _shape(region: Region, elided: frozenset[str]) -> _Shape:
    """Returns the body's shape; an elided child's result is what it was given."""
    numbers: dict[Value, int] = {}
    values: dict[int, Value] = {}

    def define(value: Value) -> None:
        number = len(values)
        numbers[value], values[number] = number, value

    for value in region.inputs:
        define(value)
    tokens: list[Hashable] = [len(region.inputs)]
    for item in region.items:
        if isinstance(item, Region):
            name = region.relative(item.path)
            if item.kind == "module" and name in elided:
                numbers[item.outputs[0]] = numbers[item.inputs[0]]
                continue
            tokens.append((item.name, name, tuple(numbers[value] for value in item.inputs)))
            for value in item.outputs:
                define(value)
        else:
            tokens.append(_node(region, item, numbers))
            define(item.result)
    tokens.append(tuple(numbers[value] for value in region.outputs))
    return _Shape(tuple(tokens), values, numbers)


def _node(region: Region, node: Node, numbers: dict[Value, int]) -> Hashable:
    def canonical(argument: Argument) -> Hashable:
        match argument:
            case Value(state=str() as state):
                return region.relative(state) or state
            case Value():
                return numbers[argument]
            case list():
                return tuple(canonical(item) for item in argument)
            case bool() | None:
                return str(argument)
            case int() | float() | Symbol() | Operation():
                return "#"
            case _:
                return str(argument)

    args = tuple(canonical(item) for item in node.args)
    kwargs = tuple((name, canonical(item)) for name, item in sorted(node.kwargs.items()))
    rank = node.result.type.rank if isinstance(node.result.type, TensorType) else -1
    return node.target, args, kwargs, rank


def _add_ghosts(region: Region, model: Region, elided: frozenset[str]) -> None:
    """Puts a ghost into `region` for each child of `model` that it lacks."""
    ours = _shape(region, frozenset())
    theirs = _shape(model, elided)
    for position, item in enumerate(list(model.items)):
        name = model.relative(item.path) if isinstance(item, Region) else None
        if isinstance(item, Region) and item.kind == "module" and name in elided:
            source = ours.values[theirs.numbers[item.inputs[0]]]
            result = Value(f"{source.name}_past_{name}", source.type, variable=source.variable)
            ghost = Region(
                kind="module",
                name=item.name,
                path=f"{region.path}.{name}" if region.path else str(name),
                parent=region,
                variable=item.variable,
                inputs=[source],
                outputs=[result],
                is_optional=True,
                ghost_of=item,
            )
            region.items.insert(position, ghost)
            _redirect(region, position, model, item, source, result)


def _redirect(
    region: Region, at: int, model: Region, child: Region, source: Value, result: Value
) -> None:
    """Lets ops behind a ghost read its result where those of the model read the child's."""
    output = child.outputs[0]
    for ours, theirs in zip(region.items[at:], model.items[at:], strict=False):
        if not isinstance(ours, Node) or not isinstance(theirs, Node):
            continue
        for index, argument in enumerate(theirs.args):
            if argument is output and ours.args[index] is source:
                ours.args[index] = result
