"""Losses by the class that a target names."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer, known, optional, require_float, same_type
from pycandle.lowering.losses import reduction_of
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.nll_loss.default", "aten.nll_loss_nd.default")
def nll_loss(
    x: Operand,
    target: Operand,
    weight: Operand | None = None,
    reduction: int = 1,
    ignore_index: Integer = -100,
    *,
    out: Result,
) -> t.Expr:
    """aten::nll_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor"""  # noqa: E501
    _require(x, weight)
    if target.rank != max(x.rank, 1) - 1:
        raise Unsupported("target", f"a tensor of rank {target.rank}", supported="one dim less")
    numbers = (reduction_of(reduction), _index(ignore_index))
    return t.call(
        out.runtime("nll_loss"), x.lent(), _named(target).lent(), optional(weight), *numbers
    )


@lowers("aten.cross_entropy_loss.default")
def cross_entropy_loss(
    x: Operand,
    target: Operand,
    weight: Operand | None = None,
    reduction: int = 1,
    ignore_index: Integer = -100,
    label_smoothing: float = 0.0,
    *,
    out: Result,
) -> t.Expr:
    """aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100, float label_smoothing=0.0) -> Tensor

    A target of floats has the probability of each class, and no class to ignore.
    """  # noqa: E501
    _require(x, weight)
    if not target.type.is_float:
        target = _named(target)
    if target.rank != (x.rank if target.type.is_float else x.rank - 1):
        raise Unsupported(
            "target", f"a tensor of rank {target.rank}", supported="classes, or floats as many"
        )
    if target.type.is_float and ignore_index != -100:
        raise Unsupported("ignore_index", ignore_index, supported="-100, beside probabilities")
    numbers = (
        reduction_of(reduction),
        _index(ignore_index),
        t.f64(label_smoothing, "label_smoothing"),
    )
    kernel = out.runtime("cross_entropy_loss")
    return t.call(kernel, x.lent(), target.lent(), optional(weight), *numbers)


@lowers("aten.multi_margin_loss.default")
def multi_margin_loss(
    x: Operand,
    target: Operand,
    p: float = 1,
    margin: float = 1,
    weight: Operand | None = None,
    reduction: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::multi_margin_loss(Tensor self, Tensor target, Scalar p=1, Scalar margin=1, Tensor? weight=None, int reduction=1) -> Tensor"""  # noqa: E501
    _require(x, weight)
    if x.rank not in (1, 2):
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 1 and 2")
    numbers = (t.f64(p, "p"), t.f64(margin, "margin"), optional(weight), reduction_of(reduction))
    kernel = out.runtime("multi_margin_loss")
    return t.call(kernel, x.lent(), _named(target).lent(), *numbers)


@lowers("aten.multilabel_margin_loss.default")
def multilabel_margin_loss(
    x: Operand, target: Operand, reduction: int = 1, *, out: Result
) -> t.Expr:
    """aten::multilabel_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor"""
    _require(x, None)
    if x.rank not in (1, 2) or target.rank != x.rank:
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 1 and 2")
    kernel = out.runtime("multilabel_margin_loss")
    return t.call(kernel, x.lent(), _named(target).lent(), reduction_of(reduction))


def _require(x: Operand, weight: Operand | None) -> None:
    require_float(x)
    if x.rank == 0:
        raise Unsupported("self", "a tensor of rank 0", supported="rank 1 and up")
    if weight is not None and not same_type(weight.type, x.type):
        raise Unsupported("weight", f"a tensor of {weight.dtype}", supported="the input's dtype")


def _named(target: Operand) -> Operand:
    if target.dtype != "int64":
        raise Unsupported("target", f"a tensor of {target.dtype}", supported="int64")
    return target


def _index(value: Integer) -> t.Expr:
    number = known("ignore_index", value)
    return t.Number(number, "i64", role="ignore_index")
