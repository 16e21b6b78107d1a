"""Ops that are a layer, when a module's own weights are all that they read.

A layer is `candle_nn`'s, or the runtime's where that one's arithmetic loses digits.

A layer's constructor reads its weights by name from a `VarBuilder`, so the compiler may use one
only where each operand in `state` is the module's own tensor of that name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pycandle.lowering.operand import Operand
from pycandle.lowering.padding import same_padding
from pycandle.rust import tree as t


@dataclass(frozen=True)
class Layer:
    """A layer: how it is made and called."""

    type: str
    """`Linear`"""
    constructor: str
    """`linear_no_bias`"""
    full_args: tuple[t.Expr, ...]
    """What the constructor takes before the `VarBuilder`, with every field of a config, so that
    two instances of a class have the same tree; `without_defaults` makes it what is printed."""
    state: tuple[str, ...]
    """Parameters of the schema whose operands the constructor reads, under those very names."""
    needs_contiguous_input: bool = False
    """Whether a strided input would be refused or read wrongly."""
    takes_training_flag: bool = False
    """Whether the call is `forward_t(&xs, false)`, of the trait `ModuleT`."""

    @property
    def args(self) -> tuple[t.Expr, ...]:
        """What the constructor takes before the `VarBuilder`, as it is printed."""
        return tuple(without_defaults(arg) for arg in self.full_args)

    @property
    def imports(self) -> tuple[str, ...]:
        """Names that the declaration and the constructor's call need."""
        configs = tuple(arg.name for arg in self.args if isinstance(arg, t.StructLiteral))
        return (self.type, self.constructor, *configs)

    def forward(self, layer: t.Expr, x: Operand) -> t.Expr:
        """Returns the call of the layer on its input."""
        xs = x.contiguous() if self.needs_contiguous_input else x
        if self.takes_training_flag:
            return t.method(layer, "forward_t", xs.lent(), t.path("false"))
        return t.method(layer, "forward", xs.lent())


LAYERS: dict[str, Callable[..., Layer | None]] = {}
"""By overload."""

RUNTIME_LAYERS: Mapping[str, str] = {
    "GroupNorm": "group_norm",
    "LayerNorm": "layer_norm",
    "RmsNorm": "rms_norm",
    "group_norm": "group_norm",
    "layer_norm": "layer_norm",
    "layer_norm_no_bias": "layer_norm_no_bias",
    "offset_rms_norm": "offset_rms_norm",
    "rms_norm": "rms_norm",
    "rounded_rms_norm": "rounded_rms_norm",
}
"""Types and constructors that are the runtime's, by the kernel that has them.

They have the arguments of `candle_nn`'s, whose arithmetic loses digits.
"""

_DEFAULTS: Mapping[str, Mapping[str, int]] = {
    name: {"padding": 0, "stride": 1, "dilation": 1, "groups": 1, "output_padding": 0}
    for name in ("Conv1dConfig", "Conv2dConfig", "ConvTranspose1dConfig", "ConvTranspose2dConfig")
}


def find_layer(overload: str, args: list[Any], kwargs: Mapping[str, Any]) -> Layer | None:
    """Returns the layer that computes an op on these arguments; None where there is none."""
    function = LAYERS.get(overload)
    if function is None:
        return None
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return None
    return function(*bound.args, **bound.kwargs)


def without_defaults(expr: t.Expr) -> t.Expr:
    """Returns a layer's config without the fields that are at their default."""
    if not isinstance(expr, t.StructLiteral) or expr.name not in _DEFAULTS:
        return expr
    defaults = _DEFAULTS[expr.name]
    fields = tuple(
        (name, value)
        for name, value in expr.fields
        if not (isinstance(value, t.Number) and value.value == defaults[name])
    )
    if not fields:
        return t.Call("Default::default")
    if len(fields) == len(expr.fields) and expr.rest is None:
        return expr
    return replace(expr, fields=fields, rest=t.Call("Default::default"))


def _layer(*overloads: str) -> Callable[[Callable[..., Layer | None]], Callable[..., Layer | None]]:
    def register(function: Callable[..., Layer | None]) -> Callable[..., Layer | None]:
        for overload in overloads:
            LAYERS[overload] = function
        return function

    return register


def _shape(x: Operand) -> tuple[int, ...] | None:
    """Returns a weight's shape, which has no symbol; None where it has."""
    sizes = tuple(size for size in x.shape if isinstance(size, int))
    return sizes if len(sizes) == x.rank else None


def _reads_alike(x: Operand, *weights: Operand | None) -> bool:
    """Whether weights are state of the input's dtype, whatever dtype the model has."""
    return all(
        weight is None
        or (
            weight.is_state
            and weight.dtype == x.dtype
            and weight.type.follows_model == x.type.follows_model
        )
        for weight in weights
    )


def _with_bias(name: str, bias: object) -> str:
    return name if bias is not None else f"{name}_no_bias"


def _weights(bias: object) -> tuple[str, ...]:
    return ("weight", "bias") if bias is not None else ("weight",)


@_layer("aten.linear.default")
def linear(input: Operand, weight: Operand, bias: Operand | None = None) -> Layer | None:
    """Returns `Linear`, for inputs of rank 2 to 4: it multiplies others without folding them."""
    shape = _shape(weight)
    if shape is None or len(shape) != 2 or not 2 <= input.rank <= 4:
        return None
    if not _reads_alike(input, weight, bias):
        return None
    args = (t.usize(shape[1], "in_features"), t.usize(shape[0], "out_features"))
    return Layer(
        "Linear",
        _with_bias("linear", bias),
        args,
        _weights(bias),
        # A transposed input of rank 3 would be multiplied wrongly by the broadcast weight.
        needs_contiguous_input=True,
    )


@_layer("aten.embedding.default")
def embedding(
    weight: Operand,
    indices: Operand,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Layer | None:
    """Returns `Embedding`. What is left of the arguments says how gradients flow."""
    shape = _shape(weight)
    if shape is None or len(shape) != 2 or not weight.is_state or indices.dtype != "int64":
        return None
    args = (t.usize(shape[0], "num_embeddings"), t.usize(shape[1], "embedding_dim"))
    return Layer("Embedding", "embedding", args, ("weight",))


@_layer("aten.layer_norm.default")
def layer_norm(
    input: Operand,
    normalized_shape: list[int],
    weight: Operand | None = None,
    bias: Operand | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Layer | None:
    """Returns `LayerNorm` over the last dim."""
    if len(normalized_shape) != 1 or weight is None:
        return None
    shape = _shape(weight)
    if not shape or not _reads_alike(input, weight, bias):
        return None
    args = (t.usize(shape[0], "normalized_shape"), t.f64(eps, "eps"))
    return Layer("LayerNorm", _with_bias("layer_norm", bias), args, _weights(bias))


@_layer("aten.rms_norm.default")
def rms_norm(
    input: Operand,
    normalized_shape: list[int],
    weight: Operand | None = None,
    eps: float | None = None,
) -> Layer | None:
    """Returns `RmsNorm` over the last dim."""
    if len(normalized_shape) != 1 or weight is None or eps is None:
        return None
    return _rms_norm_of_last_dim("rms_norm", input, weight, eps)


@_layer("pycandle.rms_norm.rounded")
def rounded_rms_norm(input: Operand, weight: Operand, eps: float) -> Layer | None:
    """Returns `RmsNorm` that rounds to the input's dtype before it scales."""
    return _rms_norm_of_last_dim("rounded_rms_norm", input, weight, eps)


@_layer("pycandle.rms_norm.offset")
def offset_rms_norm(input: Operand, weight: Operand, eps: float) -> Layer | None:
    """Returns `RmsNorm` that scales by 1 + weight."""
    return _rms_norm_of_last_dim("offset_rms_norm", input, weight, eps)


def _rms_norm_of_last_dim(
    constructor: str, x: Operand, weight: Operand, eps: float
) -> Layer | None:
    shape = _shape(weight)
    if shape is None or not _reads_alike(x, weight):
        return None
    args = (t.usize(shape[0], "normalized_shape"), t.f64(eps, "eps"))
    return Layer("RmsNorm", constructor, args, ("weight",))


@_layer("aten.group_norm.default")
def group_norm(
    input: Operand,
    num_groups: int,
    weight: Operand | None = None,
    bias: Operand | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Layer | None:
    """Returns `GroupNorm`, which has both weight and bias."""
    if weight is None or bias is None:
        return None
    shape = _shape(weight)
    if shape is None or not _reads_alike(input, weight, bias):
        return None
    args = (
        t.usize(num_groups, "num_groups"),
        t.usize(shape[0], "num_channels"),
        t.f64(eps, "eps"),
    )
    return Layer("GroupNorm", "group_norm", args, ("weight", "bias"))


@_layer("aten.batch_norm.default")
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
) -> Layer | None:
    """Returns `BatchNorm` with its running statistics, as it is in `eval`."""
    if training or running_mean is None or running_var is None:
        return None
    shape = _shape(running_mean)
    if shape is None or (weight is None) != (bias is None):
        return None
    if not _reads_alike(input, weight, bias, running_mean, running_var):
        return None
    config: t.Expr = t.f64(eps, "eps")
    state = ("running_mean", "running_var")
    if weight is None:
        fields = (("eps", config), ("affine", t.path("false")))
        config = t.StructLiteral("BatchNormConfig", fields, rest=t.Call("Default::default"))
    else:
        state = ("weight", "bias", *state)
    args = (t.usize(shape[0], "num_features"), config)
    return Layer("BatchNorm", "batch_norm", args, state, takes_training_flag=True)


@_layer("aten.conv1d.default", "aten.conv1d.padding")
def conv1d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int | str = 0,
    dilation: list[int] | int = 1,
    groups: int = 1,
) -> Layer | None:
    """Returns `Conv1d`, for a batch."""
    return _convolution(1, input, weight, bias, stride, padding, dilation, groups)


@_layer("aten.conv2d.default", "aten.conv2d.padding")
def conv2d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: list[int] | int = 1,
    padding: list[int] | int | str = 0,
    dilation: list[int] | int = 1,
    groups: int = 1,
) -> Layer | None:
    """Returns `Conv2d`, for a batch and a square kernel, the same in both directions."""
    return _convolution(2, input, weight, bias, stride, padding, dilation, groups)


def _convolution(
    dims: int,
    x: Operand,
    weight: Operand,
    bias: Operand | None,
    stride: list[int] | int,
    padding: list[int] | int | str,
    dilation: list[int] | int,
    groups: int,
) -> Layer | None:
    shape = _shape(weight)
    if shape is None or x.rank != dims + 2 or not _reads_alike(x, weight, bias):
        return None
    by_name = isinstance(padding, str)
    pads = same_padding(padding, shape[2:], stride, dilation) if by_name else padding
    numbers = [_one(value) for value in (list(shape[2:]), pads, stride, dilation)]
    if any(number is None for number in numbers):
        return None
    kernel, pad, step, spread = (number for number in numbers if number is not None)
    config = t.StructLiteral(
        f"Conv{dims}dConfig",
        (
            ("padding", t.usize(pad, "padding")),
            ("stride", t.usize(step, "stride")),
            ("dilation", t.usize(spread, "dilation")),
            ("groups", t.usize(groups, "groups")),
        ),
        rest=t.Call("Default::default"),  # For `cudnn_fwd_algo`.
    )
    args = (
        t.usize(shape[1] * groups, "in_channels"),
        t.usize(shape[0], "out_channels"),
        t.usize(kernel, "kernel_size"),
        config,
    )
    constructor = _with_bias(f"conv{dims}d", bias)
    return Layer(f"Conv{dims}d", constructor, args, _weights(bias))


def _one(value: list[int] | int | None) -> int | None:
    """Returns the number that holds for all dims; None where they differ."""
    if value is None or isinstance(value, int):
        return value
    return value[0] if len(set(value)) == 1 else None
