"""Methods of a struct whose module is called in several ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Definition, Method, Way, parameter_name
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake
from pycandle.rust.rewrite import numbers, replace_numbers, skeleton


def merge_methods(bodies: Sequence[Method]) -> tuple[list[Method], tuple[Way, ...]]:
    """Makes one method of bodies that are equal but for numbers, which become its arguments.

    Returns the methods, and for each body which it is.
    """
    alike: dict[object, list[int]] = {}
    for index, body in enumerate(bodies):
        alike.setdefault((_shape(body), body.layouts), []).append(index)
    methods: list[Method] = []
    ways: dict[int, Way] = {}
    for indices in alike.values():
        made, rows = _merge([bodies[index] for index in indices])
        for index, row in zip(indices, rows, strict=True):
            ways[index] = Way(len(methods), row)
        methods.append(made)
    return methods, tuple(ways[index] for index in range(len(bodies)))


def _merge(bodies: list[Method]) -> tuple[Method, list[tuple[t.Number, ...]]]:
    first = bodies[0].function
    columns = list(zip(*(numbers(body.function) for body in bodies), strict=True))
    varying = list(dict.fromkeys(column for column in columns if len(set(column)) > 1))
    if not varying:
        return bodies[0], [() for _ in bodies]
    names = Names({param.name for param in first.params})
    name_of = {column: names.fresh(parameter_name(column[0])) for column in varying}
    exprs = (
        t.Local(name_of[column], copy=True) if column in name_of else column[0]
        for column in columns
    )
    function = replace_numbers(first, iter(exprs))
    params = tuple(t.Param(name_of[column], column[0].type) for column in varying)
    made = replace(bodies[0], function=replace(function, params=(*function.params, *params)))
    return made, [tuple(column[row] for column in varying) for row in range(len(bodies))]


def with_methods_of(definition: Definition, model: Definition) -> Definition:
    """Gives a definition the methods of `model` that no call of its own module needs."""
    own = [_shape(method) for method in definition.methods]
    methods = tuple(
        replace(
            definition.methods[own.index(shape)],
            function=replace(
                definition.methods[own.index(shape)].function, name=method.function.name
            ),
        )
        if (shape := _shape(method)) in own
        else method
        for method in model.methods
    )
    theirs = [_shape(method) for method in model.methods]
    ways = tuple(replace(way, method=theirs.index(own[way.method])) for way in definition.ways)
    return replace(definition, methods=methods, ways=ways)


def has_methods_of(model: Definition, definition: Definition) -> bool:
    """Whether a struct could stand for another one that is called in fewer ways."""
    theirs = [_shape(method) for method in model.methods]
    own = [_shape(method) for method in definition.methods]
    return len(own) < len(theirs) and all(shape in theirs for shape in own)


def _shape(method: Method) -> object:
    """Returns what two methods share that are equal but for their names and numbers."""
    names = tuple(name for _, name in method.sizes)
    return skeleton(replace(method.function, name="")), names


def method_names(calls: Sequence[Region]) -> list[str]:
    """Returns a name for each way to call a module: after a text argument, else after a tensor."""
    if len(calls) == 1:
        return ["forward"]
    names = Names({"new"})
    found = labels([[call] for call in calls])
    return [names.fresh("_".join(("forward", *label))) for label in found]


def labels(variants: Sequence[Sequence[Region]]) -> list[list[str]]:
    """Returns what tells the calls of each of several variants from those of the others, in words.

    A text that chooses between them, a truth value that is set for one alone, or the tensors that
    one alone takes; nothing where there is none of these.
    """
    if len(variants) == 1:
        return [[]]
    shared = [_shared_options(calls) for calls in variants]
    for name in shared[0]:
        values = [options.get(name) for options in shared]
        if len(set(values)) == len(values) and all(_is_word(value) for value in values):
            return [[snake(str(value))] for value in values]
    return [_label(index, variants, shared) for index in range(len(variants))]


def _label(
    index: int, variants: Sequence[Sequence[Region]], shared: list[dict[str, object]]
) -> list[str]:
    others = [options for at, options in enumerate(shared) if at != index]
    for name, value in shared[index].items():
        if value is True and all(options.get(name) is False for options in others):
            return [snake(name)]
    given = [name for name in variants[index][0].given if _is_given(name, variants[index])]
    extra = [name for name in given if not all(_is_given(name, calls) for calls in variants)]
    return ["with", *map(snake, extra)] if extra else []


def _shared_options(calls: Sequence[Region]) -> dict[str, object]:
    """Returns the options that all calls of a variant have in common."""
    return {
        name: value
        for name, value in calls[0].options.items()
        if all(name in call.options and call.options[name] == value for call in calls)
    }


def _is_given(name: str, calls: Sequence[Region]) -> bool:
    return all(name in call.given for call in calls)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value.isidentifier()
