"""Checks that the arguments of an op are of the kinds that its schema says.

What PyTorch exports always is. A manifest may come from elsewhere, and no lowering asks again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.sizes import Operation, Symbol
from pycandle.ir.types import TensorType
from pycandle.lowering.registry import LOWERINGS

_SCHEMA = re.compile(r"[\w:.]+\((?P<takes>.*)\) -> (?P<returns>.*)")
_BETWEEN = re.compile(r", (?![^()\[\]]*[)\]])")
_PARAMETER = re.compile(
    r"(?P<base>\w+)(?:\([^()]*\))?(?P<inner>\?)?(?P<list>\[\d*\])?(?P<or_none>\?)? (?P<name>\w+)"
    r"(?P<default>=)?"
)


@dataclass(frozen=True)
class Parameter:
    """A parameter in a schema, `Tensor?[] indices`."""

    name: str
    base: str
    """`Tensor`, `SymInt`, .."""
    is_list: bool
    takes_none: bool
    items_take_none: bool
    takes_one: bool
    """Whether one item stands for a list, as for `int[2]`."""
    is_required: bool
    is_first: bool


def misfits(node: Node) -> Iterator[tuple[str, Argument, str]]:
    """Yields name and value of each argument that is of another kind, and the kind that it is.

    The result counts as one, by the name of `result`. Nothing is said of an op without a lowering,
    and of too many arguments, which its lowering refuses.
    """
    lowering = LOWERINGS.get(node.target)
    if lowering is None or lowering.schema is None:
        return
    parameters, returned = _read(lowering.schema)
    for parameter, value in zip(parameters, node.args, strict=False):
        yield from _misfit(parameter, value)
    named = {parameter.name: parameter for parameter in parameters}
    for parameter in parameters[len(node.args) :]:
        if parameter.is_required and parameter.name not in node.kwargs:
            yield parameter.name, None, _KINDS.get(parameter.base, parameter.base)
    for name, value in node.kwargs.items():
        if name in named:
            yield from _misfit(named[name], value)
    gives_one = returned.startswith("Tensor") and "[" not in returned
    if isinstance(node.result.type, TensorType) != gives_one:
        yield "result", node.result, "a tensor" if gives_one else "several tensors"


@lru_cache(maxsize=2048)
def _read(schema: str) -> tuple[tuple[Parameter, ...], str]:
    found = _SCHEMA.match(schema)
    if found is None:
        return (), "Tensor"
    parts = [part for part in _BETWEEN.split(found["takes"]) if part not in ("", "*")]
    matches = [_PARAMETER.match(part) for part in parts]
    parameters = tuple(
        Parameter(
            match["name"],
            match["base"],
            match["list"] is not None,
            bool(match["or_none"] or (match["inner"] and not match["list"])),
            bool(match["inner"]),
            match["list"] not in (None, "[]"),
            match["default"] is None,
            at == 0,
        )
        for at, match in enumerate(matches)
        if match is not None
    )
    complete = len(parameters) == len(matches)
    return (parameters if complete else ()), found["returns"]


def _misfit(parameter: Parameter, value: Argument) -> Iterator[tuple[str, Argument, str]]:
    fits = _FITS.get(parameter.base)
    if fits is None or (value is None and parameter.takes_none):
        return
    kind = _KINDS[parameter.base]
    if not parameter.is_list:
        # One lowering stands for overloads that take a number or a tensor as the second operand.
        is_either = parameter.base == "Scalar" or parameter.name in _SECOND
        is_either = is_either and not parameter.is_first
        if not fits(value) and not (is_either and (_is_number(value) or _is_tensor(value))):
            yield parameter.name, value, kind
        return
    items = value if isinstance(value, list) else [value]
    if (not isinstance(value, list) and not parameter.takes_one) or not all(
        fits(item) or (item is None and parameter.items_take_none) for item in items
    ):
        yield parameter.name, value, f"a list, each item {kind}"


def _is_tensor(value: Argument) -> bool:
    return isinstance(value, Value) and isinstance(value.type, TensorType)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | complex | Symbol | Operation)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | Symbol | Operation)


_SECOND = ("other", "exponent")

_FITS: Mapping[str, Callable[[Argument], bool]] = {
    "Tensor": _is_tensor,
    "SymInt": _is_whole,
    "int": _is_whole,
    "float": _is_number,
    "Scalar": _is_number,
    "bool": lambda value: isinstance(value, bool | int),
    "str": lambda value: isinstance(value, str),
}
_KINDS: Mapping[str, str] = {
    "Tensor": "a tensor",
    "SymInt": "an integer",
    "int": "an integer",
    "float": "a number",
    "Scalar": "a number",
    "bool": "a truth value",
    "str": "a text",
}
