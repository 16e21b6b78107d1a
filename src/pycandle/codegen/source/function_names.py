"""Names of the private functions of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pycandle.codegen.bodies.plan import variable_of
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.methods import labels
from pycandle.codegen.unification.types import Type
from pycandle.rust.names import Names, snake
from pycandle.rust.rewrite import functions_in
from pycandle.rust.shadowing import variables_at_calls

Calls: TypeAlias = Mapping[Type, Sequence[Region]]
"""The calls that are of each type."""


def name_functions(every: Sequence[Type], calls: Calls) -> dict[str, str]:
    """Returns names for private functions: of several of one name, what tells them apart is added.

    That is the text or truth value that chooses a variant in Python, a tensor that it alone takes
    or returns, or such a word of a function that it calls.
    `every`: all types of the file, whose imports have names of their own.
    """
    types = [item for item in every if item.kind in ("function", "row")]
    imported = {name for item in every for name in item.definition.imports}
    names = Names({"recorded", *imported})
    hidden = _hidden(every)
    found: dict[str, str] = {}
    words: dict[str, str] = {}
    by_name: dict[str, list[Type]] = {}
    for item in (item for item in types if item.kind == "function"):
        by_name.setdefault(_own_name(item), []).append(item)
    for own, alike in by_name.items():
        told = labels([calls[item] for item in alike])
        chosen = {item: "_".join(label) for item, label in zip(alike, told, strict=True)}
        for feature in (_own_param, _own_result, _own_callee(words)):
            for same in _repeated(alike, chosen):
                for item in same:
                    both = (chosen[item], feature(item, same, calls))
                    chosen[item] = "_".join(filter(None, both))
        for item in alike:
            words[item.token] = chosen[item]
            wanted = "_".join(filter(None, (own, chosen[item])))
            # A variable of a caller would hide the function.
            wanted = f"apply_{wanted}" if wanted in hidden.get(item.token, ()) else wanted
            found[item.token] = names.fresh(wanted)
    for item in (item for item in types if item.kind == "row"):
        found[item.token] = names.fresh(item.definition.functions[0].name)
    return found


def _hidden(types: Sequence[Type]) -> dict[str, set[str]]:
    """Returns for the token of each function the variables that are bound where it is called."""
    found: dict[str, set[str]] = {}
    for item in types:
        for function in item.definition.functions:
            for token, bound in variables_at_calls(function):
                found.setdefault(token, set()).update(bound)
    return found


def _repeated(types: Sequence[Type], words: Mapping[Type, str]) -> list[list[Type]]:
    """Returns the types that have their word in common with others."""
    groups = [[item for item in types if words[item] == word] for word in set(words.values())]
    return [group for group in groups if len(group) > 1]


def _own_param(item: Type, group: Sequence[Type], calls: Calls) -> str:
    """Returns the tensors that others do not take, as `with_attention_mask`."""
    others = [set(_params(other)) for other in group if other is not item]
    own = [name for name in _params(item) if not any(name in found for found in others)]
    return "_".join(("with", *own)) if own else ""


def _own_result(item: Type, group: Sequence[Type], calls: Calls) -> str:
    """Returns what others do not return, as `and_attn_weights`."""
    own, *others = (
        [variable_of(value) for value in calls[other][0].outputs]
        for other in (item, *(other for other in group if other is not item))
    )
    more = len(own) > max(len(names) for names in others)
    extra = [name for name in own if name is not None and not any(name in n for n in others)]
    return "_".join(("and", *extra)) if more and extra else ""


def _own_callee(words: Mapping[str, str]) -> Callable[[Type, Sequence[Type], Calls], str]:
    """Returns a feature: the word of a function that a type calls and others do not."""

    def called(item: Type) -> list[str]:
        tokens = functions_in(item.definition.functions)
        return [words[token] for token in tokens if words.get(token)]

    def feature(item: Type, group: Sequence[Type], calls: Calls) -> str:
        others = [set(called(other)) for other in group if other is not item]
        own = (word for word in called(item) if not any(word in found for found in others))
        return next(own, "")

    return feature


def _own_name(item: Type) -> str:
    return snake(item.cls.rpartition(":")[2].rpartition(".")[2])


def _params(item: Type) -> list[str]:
    (function,) = item.definition.functions
    return [param.name for param in function.params if param.type == "&Tensor"]
