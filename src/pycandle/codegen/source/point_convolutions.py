"""Gives convolutions of one point a function of their own, where a file has several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pycandle.codegen.source.modules import Part
from pycandle.rust import tree as t
from pycandle.rust.rewrite import replace as rewrite
from pycandle.rust.rewrite import walk

FEWEST_CALLS = 2
"""A call that stands once stays as it is."""

_NAMES = {"conv2d": "conv1x1", "conv2d_no_bias": "conv1x1_no_bias"}
"""The function for each constructor of Candle."""


def name_point_convolutions(parts: Sequence[Part]) -> list[Part]:
    """Returns the items of a model with `conv1x1(in_channels, out_channels, vb)`.

    It stands for `conv2d(in_channels, out_channels, 1, Default::default(), vb)`.
    """
    found = list(parts)
    for constructor, name in _NAMES.items():
        using = [at for at, part in enumerate(found) for _ in _calls(part.item, constructor)]
        if len(using) < FEWEST_CALLS or any(part.item.name == name for part in found):
            continue
        made = [replace(part, item=_renamed(part.item, constructor, name)) for part in found]
        function = Part(_function(constructor, name), imports=frozenset({constructor, "Conv2d"}))
        found = [*made[: using[0]], function, *made[using[0] :]]
    return found


def _arguments(node: t.Call, constructor: str) -> tuple[t.Expr, ...] | None:
    """Returns channels and builder of a call that makes a convolution of one point, else None."""
    match node:
        case t.Call(
            function, (one, other, t.Number(int() as size), t.Call("Default::default"), vb)
        ) if function == constructor and size == 1:
            return one, other, vb
        case _:
            return None


def _calls(node: t.Item, constructor: str) -> Iterator[t.Call]:
    for item in walk(node):
        if isinstance(item, t.Call) and _arguments(item, constructor) is not None:
            yield item


def _renamed(item: t.Item, constructor: str, name: str) -> t.Item:
    def substitute(node: Any) -> Any:
        arguments = _arguments(node, constructor) if isinstance(node, t.Call) else None
        return t.Call(name, arguments) if arguments is not None else None

    return rewrite(item, substitute)


def _function(constructor: str, name: str) -> t.Function:
    channels = ("in_channels", "out_channels")
    sizes = (t.Local(channel, copy=True) for channel in channels)
    default = t.Call("Default::default")
    return t.Function(
        name,
        (*(t.Param(channel, "usize") for channel in channels), t.Param("vb", "VarBuilder")),
        "Conv2d",
        (),
        t.call(constructor, *sizes, t.usize(1), default, t.Local("vb")),
    )
