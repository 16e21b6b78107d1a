"""Ops that have no lowering for a reason of their own, and the reason."""

from __future__ import annotations

import re

_REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "draws random numbers, which no port can draw again; `model.eval()` switches dropout off",
        (
            *("rand", "rand_like", "randn", "randn_like", "randint", "randint_like", "randperm"),
            *("bernoulli", "multinomial", "normal", "normal_", "normal_functional", "uniform"),
            *("cauchy", "exponential", "geometric", "log_normal", "poisson", "binomial"),
            *("dropout", "native_dropout", "alpha_dropout", "feature_dropout"),
            *("feature_alpha_dropout", "random", "_sample_dirichlet", "_standard_gamma"),
        ),
    ),
    (
        "returns a tensor whose size depends on values, and a port knows its sizes before it runs",
        (
            *("nonzero_numpy", "argwhere", "bincount"),
            *("_unique", "_unique2", "unique_dim", "unique_consecutive"),
        ),
    ),
    (
        "reads memory by strides, and a port does not keep the strides of PyTorch",
        (
            *("as_strided", "as_strided_copy", "as_strided_scatter", "resize", "resize_"),
            *("resize_as", "resize_as_", "set_"),
        ),
    ),
    (
        "computes with sparse tensors, which Candle does not have",
        ("to_sparse", "_to_sparse", "_sparse_mm", "sparse_sampled_addmm", "sparse_mask"),
    ),
    (
        "returns a list of tensors inside a tuple, which a port has no type for",
        ("histogramdd",),
    ),
    (
        "hashes the bits of a tensor, which rounding changes",
        ("hash_tensor",),
    ),
)
_BY_NAME = {name: reason for reason, names in _REASONS for name in names}
_BY_OVERLOAD = {
    f"aten.{name}": "returns a tensor whose size depends on values"
    for name in (
        "repeat_interleave.Tensor",
        "repeat_interleave.self_Tensor",
        "tensor_split.tensor_indices_or_sections",
    )
}
_BACKWARD = re.compile(r"aten\.\w+_backward(_data|_input|_weight)?\.\w+")


def reason_of(target: str) -> str | None:
    """Returns why an op has no lowering, as the rest of a sentence; None where it may get one."""
    if target in _BY_OVERLOAD:
        return _BY_OVERLOAD[target]
    if _BACKWARD.fullmatch(target):
        return "computes gradients, which a port does not need"
    namespace, _, rest = target.partition(".")
    return _BY_NAME.get(rest.partition(".")[0]) if namespace == "aten" else None
