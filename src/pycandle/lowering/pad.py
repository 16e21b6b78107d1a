"""Padding and cropping at the ends of dims."""

from __future__ import annotations

from dataclasses import replace

from pycandle.lowering.arguments import Integer, filling, from_front, kept, sized, usize
from pycandle.lowering.registry import (
    Layout,
    Lowered,
    Operand,
    Result,
    SizeOperand,
    Unsupported,
    lowers,
)
from pycandle.rust import tree as t

_KERNELS = {"reflect": "reflection_pad", "circular": "circular_pad"}


@lowers("aten.constant_pad_nd.default")
def constant_pad_nd(x: Operand, pad: list[Integer], value: float = 0, *, out: Result) -> Lowered:
    """aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor"""
    return _padded(x, pad, "constant", value, out)


@lowers("aten.pad.default")
def pad(
    x: Operand,
    pad: list[Integer],
    mode: str = "constant",
    value: float | None = None,
    *,
    out: Result,
) -> Lowered:
    """aten::pad(Tensor self, SymInt[] pad, str mode="constant", float? value=None) -> Tensor"""
    if mode not in ("constant", "replicate", *_KERNELS):
        supported = '"constant", "replicate", "reflect", "circular"'
        raise Unsupported("mode", repr(mode), supported=supported)
    return _padded(x, pad, mode, value or 0, out)


def _padded(x: Operand, pad: list[Integer], mode: str, value: float, out: Result) -> Lowered:
    """Pads one dim after the other, the last first, as the list has them."""
    pairs = [(x.rank - 1 - i // 2, pad[i], pad[i + 1]) for i in range(0, len(pad), 2)]
    for dim, before, after in pairs:
        x = _cropped(x, dim, before, after, out)
        left, right = (
            side if isinstance(side, SizeOperand) else max(side, 0) for side in (before, after)
        )
        if left == 0 and right == 0:
            continue
        x = _lengthened(x, dim, (usize(left, "padding"), usize(right, "padding")), mode, value, out)
    return kept(x)


def _cropped(x: Operand, dim: int, before: Integer, after: Integer, out: Result) -> Operand:
    """Returns the operand without what negative numbers take away."""
    start = -before if isinstance(before, int) and before < 0 else 0
    stop = after if isinstance(after, int) and after < 0 else 0
    if start == 0 and stop == 0:
        return x
    size = from_front(stop - start, x.shape[dim])
    expr = t.method(
        x.expr, "narrow", t.usize(dim), t.usize(start, "start"), sized(out, size, "len")
    )
    shape = (*x.shape[:dim], size, *x.shape[dim + 1 :])
    layout = max(x.layout, Layout.STRIDED)
    return replace(x, expr=expr, type=replace(x.type, shape=shape), layout=layout)


def _lengthened(
    x: Operand, dim: int, sides: tuple[t.Expr, t.Expr], mode: str, value: float, out: Result
) -> Operand:
    place = t.usize(dim)
    if mode == "constant" and value == 0:
        expr = t.method(x.expr, "pad_with_zeros", place, *sides)
    elif mode == "constant":
        kernel = out.runtime("constant_pad")
        return replace(x, expr=t.call(kernel, x.lent(), place, *sides, filling(value, x.type)))
    elif mode == "replicate":
        if 0 in x.shape:
            raise Unsupported("self", f"a shape of {x.shape}", supported="tensors with elements")
        expr = t.method(x.expr, "pad_with_same", place, *sides)
    else:
        kernel = out.runtime(_KERNELS[mode])
        expr = t.call(kernel, x.lent(), place, *sides)
        return replace(x, expr=expr, layout=Layout.CONTIGUOUS)
    whole = x.layout is Layout.CONTIGUOUS and mode == "constant"
    layout = Layout.CONTIGUOUS if whole or dim == 0 else max(x.layout, Layout.STRIDED)
    return replace(x, expr=expr, layout=layout)
