"""Normalization over dims, groups and batches."""

from __future__ import annotations

from pycandle.ir.sizes import product
from pycandle.lowering.arguments import (
    Integer,
    is_half_or_may_be,
    optional,
    require_float,
    same_type,
    size_of,
    slice_of,
)
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.layer_norm.default")
def layer_norm(
    input: Operand,
    normalized_shape: list[int],
    weight: Operand | None = None,
    bias: Operand | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
    *,
    out: Result,
) -> t.Expr:
    """aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool cudnn_enable=True) -> Tensor

    A row is float64 inside, so that weights may be of another dtype, as torch takes beside halves.
    """  # noqa: E501
    require_float(input, "input")
    for name, operand in (("weight", weight), ("bias", bias)):
        if operand is not None and (operand.dtype == "float64") != (input.dtype == "float64"):
            raise Unsupported(
                name, f"a tensor of {operand.dtype}", supported="the input's dtype, float32, halves"
            )
    return t.call(
        out.runtime("functional_layer_norm"),
        input.lent(),
        t.usize(len(normalized_shape)),
        optional(weight),
        optional(bias),
        t.f64(eps, "eps"),
    )


@lowers("aten.rms_norm.default")
def rms_norm(
    input: Operand,
    normalized_shape: list[int],
    weight: Operand | None = None,
    eps: float | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor"""  # noqa: E501
    require_float(input, "input")
    if eps is None and is_half_or_may_be(input.type):
        raise Unsupported("eps", None, supported="a number: the default depends on the dtype")
    if eps is None:
        eps = 2.0**-52 if input.dtype == "float64" else 2.0**-23  # torch.finfo(..).eps
    _require_same_type(input, weight)
    return t.call(
        out.runtime("functional_rms_norm"),
        input.lent(),
        t.usize(len(normalized_shape)),
        optional(weight),
        t.f64(eps, "eps"),
    )


@lowers("pycandle.rms_norm.rounded")
def rounded_rms_norm(input: Operand, weight: Operand, eps: float, *, out: Result) -> t.Expr:
    """pycandle::rms_norm.rounded(Tensor input, Tensor weight, float eps) -> Tensor

    Normalized in float32, rounded to the input's dtype, then scaled.
    """
    return _rms_norm_from_float32("functional_rounded_rms_norm", input, weight, eps, out)


@lowers("pycandle.rms_norm.offset")
def offset_rms_norm(input: Operand, weight: Operand, eps: float, *, out: Result) -> t.Expr:
    """pycandle::rms_norm.offset(Tensor input, Tensor weight, float eps) -> Tensor

    Normalized and scaled by 1 + weight in float32, then rounded to the input's dtype.
    """
    return _rms_norm_from_float32("functional_offset_rms_norm", input, weight, eps, out)


def _rms_norm_from_float32(
    kernel: str, x: Operand, weight: Operand, eps: float, out: Result
) -> t.Expr:
    require_float(x, "input")
    _require_same_type(x, weight)
    return t.call(out.runtime(kernel), x.lent(), weight.lent(), t.f64(eps, "eps"))


@lowers("aten.group_norm.default")
def group_norm(
    input: Operand,
    num_groups: int,
    weight: Operand | None = None,
    bias: Operand | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
    *,
    out: Result,
) -> t.Expr:
    """aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool cudnn_enabled=True) -> Tensor"""  # noqa: E501
    require_float(input, "input")
    _require_same_type(input, weight, bias)
    return t.call(
        out.runtime("functional_group_norm"),
        input.lent(),
        t.usize(num_groups, "num_groups"),
        optional(weight),
        optional(bias),
        t.f64(eps, "eps"),
    )


@lowers("aten.instance_norm.default")
def instance_norm(
    input: Operand,
    weight: Operand | None,
    bias: Operand | None,
    running_mean: Operand | None,
    running_var: Operand | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
    *,
    out: Result,
) -> t.Expr:
    """aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor

    `momentum` says how statistics follow training, and nothing of the values.
    """  # noqa: E501
    if not use_input_stats:
        arguments = (input, weight, bias, running_mean, running_var)
        return _by_statistics(*arguments, eps, out)
    require_float(input, "input")
    _require_same_type(input, weight, bias)
    return t.call(
        out.runtime("functional_group_norm"),
        input.lent(),
        input.size(1),
        optional(weight),
        optional(bias),
        t.f64(eps, "eps"),
    )


@lowers("aten.batch_norm.default")
def batch_norm(
    input: Operand,
    weight: Operand | None,
    bias: Operand | None,
    running_mean: Operand | None,
    running_var: Operand | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
    *,
    out: Result,
) -> t.Expr:
    """aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor

    `momentum` says how statistics follow training, and nothing of the values.
    """  # noqa: E501
    if training:
        return _by_batch(input, weight, bias, (running_mean, running_var), eps, out)
    return _by_statistics(input, weight, bias, running_mean, running_var, eps, out)


def _by_batch(
    x: Operand,
    weight: Operand | None,
    bias: Operand | None,
    running: tuple[Operand | None, Operand | None],
    eps: float,
    out: Result,
) -> t.Expr:
    """Normalizes each channel over the batch, as groups of one image that holds all of it."""
    require_float(x, "input")
    if running != (None, None):
        supported = "False: call `model.eval()` first, or have no running statistics"
        raise Unsupported("training", True, supported=supported)
    if x.rank < 2:
        raise Unsupported("input", f"a tensor of rank {x.rank}", supported="rank 2 and up")
    _require_same_type(x, weight, bias)
    return t.call(
        out.runtime("batch_norm_training"),
        x.lent(),
        optional(weight),
        optional(bias),
        t.f64(eps, "eps"),
    )


def _by_statistics(
    x: Operand,
    weight: Operand | None,
    bias: Operand | None,
    mean: Operand | None,
    var: Operand | None,
    eps: float,
    out: Result,
) -> t.Expr:
    require_float(x, "input")
    if x.rank < 2:
        raise Unsupported("input", f"a tensor of rank {x.rank}", supported="rank 2 and up")
    if mean is None or var is None:
        raise Unsupported("running_mean", None, supported="running statistics")
    _require_same_type(x, weight, bias)
    return t.call(
        out.runtime("batch_norm"),
        x.lent(),
        optional(weight),
        optional(bias),
        mean.lent(),
        var.lent(),
        t.f64(eps, "eps"),
    )


@lowers("aten.native_layer_norm.default")
def native_layer_norm(
    input: Operand,
    normalized_shape: list[int],
    weight: Operand | None,
    bias: Operand | None,
    eps: float,
    *,
    out: Result,
) -> Several:
    """aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> (Tensor, Tensor, Tensor)"""  # noqa: E501
    options = (optional(weight), optional(bias), t.f64(eps, "eps"))
    _require_whole_floats(input, weight, bias)
    dims = t.usize(len(normalized_shape))
    return Several(t.call(out.runtime("native_layer_norm"), input.lent(), dims, *options))


@lowers("aten.native_group_norm.default")
def native_group_norm(
    input: Operand,
    weight: Operand | None,
    bias: Operand | None,
    N: Integer,
    C: Integer,
    HxW: Integer,
    group: int,
    eps: float,
    *,
    out: Result,
) -> Several:
    """aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, float eps) -> (Tensor, Tensor, Tensor)"""  # noqa: E501
    given = (size_of(N), size_of(C), size_of(HxW))
    if given != (*input.shape[:2], product(input.shape[2:])):
        supported = f"the sizes of the input, {input.shape}"
        raise Unsupported("N", given, supported=supported)
    options = (optional(weight), optional(bias), t.f64(eps, "eps"))
    _require_whole_floats(input, weight, bias)
    groups = t.usize(group, "group")
    return Several(t.call(out.runtime("native_group_norm"), input.lent(), groups, *options))


def _require_whole_floats(x: Operand, *weights: Operand | None) -> None:
    """Refuses halves, whose means and deviations are in a dtype that depends on the weights."""
    if x.dtype not in ("float32", "float64") or is_half_or_may_be(x.type):
        found = "the model's dtype" if x.type.follows_model else x.dtype
        raise Unsupported("input", f"a tensor of {found}", supported="float32, float64")
    _require_same_type(x, *weights)


@lowers("aten._weight_norm.default")
def weight_norm(v: Operand, g: Operand, dim: int = 0, *, out: Result) -> t.Expr:
    """aten::_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor

    The length is taken over all dims but one, and over all for a `dim` of -1.
    """
    require_float(v, "v")
    _require_same_type(v, g)
    dims = slice_of(t.usize(item) for item in range(v.rank) if item != dim)
    return t.call(out.runtime("weight_norm"), v.lent(), g.lent(), dims)


def _require_same_type(x: Operand, *weights: Operand | None) -> None:
    for weight in weights:
        if weight is not None and not same_type(weight.type, x.type):
            raise Unsupported(
                "weight", f"a tensor of {weight.dtype}", supported="the input's dtype"
            )
