"""Names of the structs and functions of a file, once all of them are known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeAlias

from pycandle.codegen.source.enum_names import name_enums
from pycandle.codegen.source.function_names import name_functions
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Type
from pycandle.rust.names import Names, camel, snake
from pycandle.rust.rewrite import methods_in

_CONTAINERS = "torch.nn.modules.container."

_TAKEN = {
    "BatchNorm", "BatchNormConfig", "Config", "Conv1d", "Conv1dConfig", "Conv2d", "Conv2dConfig",
    "ConvTranspose1d", "ConvTranspose1dConfig", "ConvTranspose2d", "ConvTranspose2dConfig",
    "DType", "Device", "Embedding", "GroupNorm", "LayerNorm", "Linear", "Module", "ModuleT",
    "Option", "Result", "RmsNorm", "Shape", "String", "Tensor", "VarBuilder", "Vec",
}  # fmt: skip
"""Names of types that a generated file may import."""

Calls: TypeAlias = Mapping[Type, Sequence[Region]]
"""The calls that are of each type."""

_TOKEN = re.compile(r"__T\d+__")


@dataclass(frozen=True)
class Parts:
    """What tells a struct from others of its class, in Rust words."""

    role: str = ""
    around: str = ""
    position: str = ""
    with_: str = ""

    def name(self, own: str, families: Set[str]) -> str:
        """Returns the whole name: `T5EncoderFirstSelfAttention`, `FirstInvertedResidual`.

        The last word of the class's name goes where the role says it again. `families`: what the
        names of several classes begin with; it stays in front.
        """
        family = max((head for head in families if own.startswith(head)), key=len, default="")
        start = max((i for i, letter in enumerate(own) if letter.isupper()), default=0)
        middle, last = own[len(family) : start], own[start:]
        last = self.role if self.role.endswith(last) else f"{self.role}{last}"
        behind = f"With{self.with_}" if self.with_ else ""
        return f"{family}{self.around}{self.position}{middle}{last}{behind}"


_Feature: TypeAlias = Callable[[Type, Sequence[Type], Mapping[str, Parts]], str]
"""Returns what tells one of several types from the others, as Rust words; empty if nothing does."""


def name_types(
    types: Sequence[Type], root: Type, calls: Calls, taken: Set[str] = frozenset()
) -> dict[str, str]:
    """Returns the name for each token: the PyTorch class's or function's, as Rust words.

    None is one of `taken`.

    Several structs of one class are told apart by what they are for, see
    `docs/generated-code.md`.
    """
    names = Names(_TAKEN | taken)
    found = {root.token: _fresh(camel(root.cls.rpartition(".")[2]), root, names)}
    known: dict[str, Parts] = {}
    classes = list(_by_name(item for item in types if item.kind == "struct"))
    families = _families([own for own, _ in classes])
    for own, alike in classes:
        parts = _tell_apart([item for item in alike if item is not root], known)
        for item, told in parts.items():
            known[item.token] = told
            found[item.token] = _fresh(told.name(own, families), item, names)
    found |= name_enums([item for item in types if item.kind == "enum"], found, names)
    found |= name_functions(types, calls)
    return found


def _by_name(types: Iterable[Type]) -> Iterator[tuple[str, list[Type]]]:
    """Groups types by the name that they would have by themselves."""
    found: dict[str, list[Type]] = {}
    for item in types:
        found.setdefault(_own_name(item), []).append(item)
    yield from found.items()


def _families(names: Sequence[str]) -> set[str]:
    """Returns what the names of several classes begin with: `T5` of `T5Block` and `T5Stack`."""
    words = [re.findall(r"[A-Z][^A-Z]*", name) for name in names]
    heads = Counter("".join(parts[:end]) for parts in words for end in range(1, len(parts)))
    return {head for head, count in heads.items() if count > 1}


def _own_name(item: Type) -> str:
    if item.kind == "function":
        return snake(item.cls.rpartition(":")[2].rpartition(".")[2])
    if item.cls.startswith(_CONTAINERS):
        # What holds layers and nothing else is called after what it holds them for.
        words = [part for part in item.paths[0].split(".") if not part.isdigit()]
        if words:
            return camel("_".join(words[-2:]))
    return camel(item.cls.rpartition(".")[2])


def _fresh(wanted: str, item: Type, names: Names) -> str:
    """Returns a name that is not taken: by an import, or by a struct that nothing tells apart."""
    if wanted in _TAKEN:
        wanted = f"{wanted}{_role(item, [], {}) or 'Module'}"
    letters = (f"{wanted}{letter}" for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ")
    free = (name for name in (wanted, *letters) if name not in names.taken)
    return names.fresh(next(free, wanted))


def _tell_apart(types: list[Type], known: Mapping[str, Parts]) -> dict[Type, Parts]:
    """Returns what tells structs of one class apart: features that split them, until none does."""
    found: dict[Type, dict[str, str]] = {item: {} for item in types}
    groups = [types]
    while len(groups) < len(types):
        split = _split(groups, found, known)
        if len(split) == len(groups):
            break
        groups = split
    return {item: Parts(**parts) for item, parts in found.items()}


def _split(
    groups: list[list[Type]], found: dict[Type, dict[str, str]], known: Mapping[str, Parts]
) -> list[list[Type]]:
    """Splits the first group that a feature splits, and notes the words."""
    for at, group in enumerate(groups):
        for part, feature in _FEATURES:
            if len(group) == 1 or any(part in found[item] for item in group if part != "with_"):
                continue
            words = {item: feature(item, group, known) for item in group}
            if len(set(words.values())) == 1:
                continue
            for item, word in words.items():
                both = [text for text in (found[item].get(part), word) if text]
                found[item][part] = "And".join(both)
            apart = [[i for i in group if words[i] == w] for w in dict.fromkeys(words.values())]
            return [*groups[:at], *apart, *groups[at + 1 :]]
    return groups


def _role(item: Type, group: Sequence[Type], known: Mapping[str, Parts]) -> str:
    """Returns the attribute that holds every instance, where it is one: `SelfAttention`."""
    words = {attribute.rstrip("0123456789_") for attribute in item.attributes}
    return camel(next(iter(words))) if len(words) == 1 and words != {""} else ""


def _around(item: Type, group: Sequence[Type], known: Mapping[str, Parts]) -> str:
    """Returns a module that is around all instances of some types and none of others: `Encoder`."""
    for word in item.paths[0].split(".")[:-1]:
        inside = [{word in path.split(".")[:-1] for path in other.paths} for other in group]
        clear = all(len(found) == 1 for found in inside)
        if clear and {False} in inside and not any(letter.isdigit() for letter in word):
            return camel(word)
    return ""


def _position(item: Type, group: Sequence[Type], known: Mapping[str, Parts]) -> str:
    """Returns `First` or `Last` for types whose instances alone begin or end their rows."""
    rows: dict[str, dict[int, set[bool]]] = {}
    for other in group:
        for row, number in (place for path in other.paths for place in _places(path)):
            rows.setdefault(row, {}).setdefault(number, set()).add(other is item)
    for word, edge in (("First", min), ("Last", max)):
        own = [row for row, numbers in rows.items() if any(True in n for n in numbers.values())]
        ends = [rows[row] for row in own if len(rows[row]) > 1]
        if ends and all(_is_edge(numbers, edge(numbers)) for numbers in ends):
            return word
    return ""


def _is_edge(numbers: Mapping[int, set[bool]], edge: int) -> bool:
    """Whether a type has the edge of a row, and nothing else of it, for itself."""
    mine = {number for number, owners in numbers.items() if True in owners}
    return mine == {edge} and numbers[edge] == {True}


def _places(path: str) -> Iterator[tuple[str, int]]:
    """Yields each number of a path with the row that it counts: `encoder.block` and 3."""
    parts = path.split(".")
    for depth, part in enumerate(parts):
        if part.isdigit():
            yield ".".join(parts[:depth]), int(part)


def _child(item: Type, group: Sequence[Type], known: Mapping[str, Parts]) -> str:
    """Returns what a child has that those of the others lack."""
    return _own(item, group, lambda other: _features_of_children(other, known))


def _features_of_children(item: Type, known: Mapping[str, Parts]) -> list[str]:
    tokens = (token for _, kind, _ in item.definition.fields for token in _TOKEN.findall(kind))
    return [known[token].with_ for token in tokens if token in known and known[token].with_]


def _field(item: Type, group: Sequence[Type], known: Mapping[str, Parts]) -> str:
    """Returns a field that others lack."""
    return _own(item, group, _fields)


def _fields(item: Type) -> list[str]:
    fields = item.definition.fields
    return [name for name, kind, _ in fields if kind not in ("DType", "Device")]


def _param(item: Type, group: Sequence[Type], known: Mapping[str, Parts]) -> str:
    """Returns a tensor that others do not take."""
    return _own(item, group, _params)


def _params(item: Type) -> list[str]:
    functions = item.definition.functions
    return [p.name for function in functions for p in function.params if p.type == "&Tensor"]


def _op(item: Type, group: Sequence[Type], known: Mapping[str, Parts]) -> str:
    """Returns an op that others do not compute."""
    return _own(item, group, _ops)


def _ops(item: Type) -> list[str]:
    return [name for name in methods_in(item.definition.functions) if name not in _PLUMBING]


def _own(item: Type, group: Sequence[Type], words: Callable[[Type], Sequence[str]]) -> str:
    """Returns the first word of a type that some others in the group lack."""
    of_others = [set(words(other)) for other in group if other is not item]
    for word in words(item):
        if not all(word in found for found in of_others) and not word[-1].isdigit():
            return camel(word)
    return ""


_PLUMBING = {
    "broadcast_add", "broadcast_as", "broadcast_div", "broadcast_mul", "broadcast_sub", "clone",
    "contiguous", "device", "dim", "dims1", "dims2", "dims3", "dims4", "dims5", "dtype", "flatten",
    "forward", "forward_t", "i", "into", "iter", "narrow", "permute", "reshape", "squeeze", "t",
    "to_dtype", "transpose", "unsqueeze",
}  # fmt: skip
"""Methods that say nothing of what a module is for."""

_FEATURES: tuple[tuple[str, _Feature], ...] = (
    ("role", _role),
    ("around", _around),
    ("position", _position),
    ("with_", _field),
    ("with_", _child),
    ("with_", _param),
    ("with_", _op),
)
"""What tells types of one class apart, and which part of the name it is."""
