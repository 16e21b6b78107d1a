"""Losses by element and by pairs of vectors."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, optional, require_float, same_type, to_type
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t

_REDUCTIONS = (0, 1, 2)
"""None, the mean and the sum, as torch numbers them."""


def reduction_of(reduction: int) -> t.Expr:
    """Returns how the terms of a loss become one."""
    if reduction not in _REDUCTIONS:
        raise Unsupported("reduction", reduction, supported="0, 1, 2")
    return t.usize(reduction, "reduction")


def lent_alike(out: Result, x: Operand, *others: Operand) -> list[t.Expr]:
    """Returns operands in the result's dtype, which is a float."""
    if not out.tensor.is_float:
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="floats")
    return [to_type(item, out.tensor, out.dtype()).lent() for item in (x, *others)]


def _require_differences(x: Operand, name: str) -> None:
    """Refuses uint8, whose differences wrap in torch before they become floats."""
    if x.dtype == "uint8":
        raise Unsupported(name, "a tensor of uint8", supported="floats and wider integers")


def _loss(
    name: str, x: Operand, target: Operand, out: Result, reduction: int, *rest: t.Expr
) -> t.Expr:
    kernel = out.runtime(name)
    return t.call(kernel, *lent_alike(out, x, target), reduction_of(reduction), *rest)


@lowers("aten.mse_loss.default")
def mse_loss(x: Operand, target: Operand, reduction: int = 1, *, out: Result) -> t.Expr:
    """aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor"""
    return _loss("mse_loss", x, target, out, reduction)


@lowers("aten.l1_loss.default")
def l1_loss(x: Operand, target: Operand, reduction: int = 1, *, out: Result) -> t.Expr:
    """aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor"""
    return _loss("l1_loss", x, target, out, reduction)


@lowers("aten.smooth_l1_loss.default")
def smooth_l1_loss(
    x: Operand, target: Operand, reduction: int = 1, beta: float = 1.0, *, out: Result
) -> t.Expr:
    """aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1.0) -> Tensor"""  # noqa: E501
    return _loss("smooth_l1_loss", x, target, out, reduction, t.f64(beta, "beta"))


@lowers("aten.huber_loss.default")
def huber_loss(
    x: Operand, target: Operand, reduction: int = 1, delta: float = 1.0, *, out: Result
) -> t.Expr:
    """aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.0) -> Tensor"""
    return _loss("huber_loss", x, target, out, reduction, t.f64(delta, "delta"))


@lowers("aten.soft_margin_loss.default")
def soft_margin_loss(x: Operand, target: Operand, reduction: int = 1, *, out: Result) -> t.Expr:
    """aten::soft_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor"""
    return _loss("soft_margin_loss", x, target, out, reduction)


@lowers("aten.kl_div.default")
def kl_div(
    x: Operand, target: Operand, reduction: int = 1, *, log_target: bool = False, out: Result
) -> t.Expr:
    """aten::kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor"""  # noqa: E501
    return _loss("kl_div", x, target, out, reduction, boolean(log_target))


@lowers("aten.hinge_embedding_loss.default")
def hinge_embedding_loss(
    x: Operand, target: Operand, margin: float = 1.0, reduction: int = 1, *, out: Result
) -> t.Expr:
    """aten::hinge_embedding_loss(Tensor self, Tensor target, float margin=1.0, int reduction=1) -> Tensor"""  # noqa: E501
    numbers = (t.f64(margin, "margin"), reduction_of(reduction))
    return t.call(out.runtime("hinge_embedding_loss"), *lent_alike(out, x, target), *numbers)


@lowers("aten.poisson_nll_loss.default")
def poisson_nll_loss(
    input: Operand,
    target: Operand,
    log_input: bool,
    full: bool,
    eps: float,
    reduction: int,
    *,
    out: Result,
) -> t.Expr:
    """aten::poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction) -> Tensor"""  # noqa: E501
    numbers = (boolean(log_input), boolean(full), t.f64(eps, "eps"), reduction_of(reduction))
    return t.call(out.runtime("poisson_nll_loss"), *lent_alike(out, input, target), *numbers)


@lowers("aten.binary_cross_entropy.default")
def binary_cross_entropy(
    x: Operand, target: Operand, weight: Operand | None = None, reduction: int = 1, *, out: Result
) -> t.Expr:
    """aten::binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=1) -> Tensor"""  # noqa: E501
    kernel = out.runtime("binary_cross_entropy")
    pair = lent_alike(out, x, target)
    return t.call(kernel, *pair, _weight(weight, out), reduction_of(reduction))


@lowers("aten.binary_cross_entropy_with_logits.default")
def binary_cross_entropy_with_logits(
    x: Operand,
    target: Operand,
    weight: Operand | None = None,
    pos_weight: Operand | None = None,
    reduction: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor"""  # noqa: E501
    kernel = out.runtime("binary_cross_entropy_with_logits")
    weights = (_weight(weight, out), _weight(pos_weight, out))
    return t.call(kernel, *lent_alike(out, x, target), *weights, reduction_of(reduction))


def _weight(weight: Operand | None, out: Result) -> t.Expr:
    if weight is not None and not same_type(weight.type, out.tensor):
        raise Unsupported("weight", f"a tensor of {weight.dtype}", supported="the result's dtype")
    return optional(weight)


@lowers("aten.margin_ranking_loss.default")
def margin_ranking_loss(
    input1: Operand,
    input2: Operand,
    target: Operand,
    margin: float = 0.0,
    reduction: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, int reduction=1) -> Tensor"""  # noqa: E501
    _require_differences(input1, "input1")
    operands = lent_alike(out, input1, input2, target)
    numbers = (t.f64(margin, "margin"), reduction_of(reduction))
    return t.call(out.runtime("margin_ranking_loss"), *operands, *numbers)


@lowers("aten.cosine_embedding_loss.default")
def cosine_embedding_loss(
    input1: Operand,
    input2: Operand,
    target: Operand,
    margin: float = 0.0,
    reduction: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, int reduction=1) -> Tensor"""  # noqa: E501
    require_float(input1, "input1")
    operands = lent_alike(out, input1, input2, target)
    numbers = (t.f64(margin, "margin"), reduction_of(reduction))
    return t.call(out.runtime("cosine_embedding_loss"), *operands, *numbers)


@lowers("aten.triplet_margin_loss.default")
def triplet_margin_loss(
    anchor: Operand,
    positive: Operand,
    negative: Operand,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: int = 1,
    *,
    out: Result,
) -> t.Expr:
    """aten::triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1.0, float p=2.0, float eps=9.9999999999999995e-07, bool swap=False, int reduction=1) -> Tensor"""  # noqa: E501
    _require_differences(anchor, "anchor")
    operands = lent_alike(out, anchor, positive, negative)
    numbers = (t.f64(margin, "margin"), t.f64(p, "p"), t.f64(eps, "eps"), boolean(swap))
    kernel = out.runtime("triplet_margin_loss")
    return t.call(kernel, *operands, *numbers, reduction_of(reduction))
