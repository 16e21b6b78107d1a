"""The verdict on a sample: Rust against PyTorch, within PyTorch's own rounding error."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import torch

from conformance.samples import Sample
from ops.compare import difference
from ops.crate import Outcome

_FACTOR = 16.0
_OPEN_ORDER = {"sort": 0, "argsort": 0, "topk": 1, "kthvalue": 1}
"""Ops that may return equal elements in any order, and where they take their dim."""

_EXACT: dict[str, Callable[[float], Any]] = {
    "special.airy_ai": mpmath.airyai,
    "special.bessel_j0": lambda x: mpmath.besselj(0, x),
    "special.bessel_j1": lambda x: mpmath.besselj(1, x),
    "special.bessel_y0": lambda x: mpmath.bessely(0, x),
    "special.bessel_y1": lambda x: mpmath.bessely(1, x),
}
"""Functions that PyTorch computes with errors up to 4e-7, in float64 too."""


def judge(sample: Sample, outcome: Outcome) -> tuple[str, str]:
    """Returns `right`, `wrong`, `error`, `panic` or `no build`, and what happened."""
    if outcome.error is not None:
        status = outcome.error.split(" ", 1)[0]
        if status in ("error", "panic"):
            return status, outcome.error[:300]
        return "no build", outcome.error[:600]
    plain = sample.answer()
    if len(plain) != len(outcome.results):
        return "wrong", f"{len(outcome.results)} results of {len(plain)}"
    exact = _exact(sample, plain)
    noises = _noises(sample, plain)
    for rust, right, wide, noise in zip(outcome.results, plain, exact, noises, strict=True):
        if _is_other_order(sample, rust, right):
            continue
        text = difference(rust, right.detach(), wide.detach(), _FACTOR, noise)
        if text is not None:
            return "wrong", text[:300]
    return "right", ""


def _exact(sample: Sample, plain: list[torch.Tensor]) -> list[torch.Tensor]:
    function = _function_of(sample)
    if sample.dtype != "float64" or function is None:
        return _answer(sample, plain, torch.float64)
    pairs = zip(sample.tensors[0].flatten().tolist(), plain[0].flatten().tolist(), strict=True)
    values = [float(function(x)) if math.isfinite(y) else y for x, y in pairs]
    return [torch.tensor(values, dtype=torch.float64).reshape(plain[0].shape)]


def _function_of(sample: Sample) -> Callable[[float], Any] | None:
    if "polygamma" in sample.op:
        order = sample.argument("n", 0, 0)
        return lambda x: mpmath.psi(order, x)
    return _EXACT.get(sample.op)


def _answer(
    sample: Sample, plain: list[torch.Tensor], kind: torch.dtype, by_way_of: Any = None
) -> list[torch.Tensor]:
    """Returns the results from floats of a dtype, or `plain` where PyTorch has no such."""
    try:
        found = sample.answer(kind, by_way_of=by_way_of)
    except Exception:
        return plain
    is_same = len(found) == len(plain)
    is_same = is_same and all(a.shape == b.shape for a, b in zip(plain, found, strict=True))
    return found if is_same else plain


def _noises(sample: Sample, plain: list[torch.Tensor]) -> list[float]:
    """Returns the noise of float64, which has no wider dtype to be measured by.

    It is that of float32 on the same values, as much smaller as float64 is finer, and at least
    what the rounding of the answer itself makes.
    """
    if sample.dtype != "float64":
        return [0.0] * len(plain)
    narrow = _answer(sample, plain, torch.float32)
    exact = _answer(sample, plain, torch.float64, by_way_of=torch.float32)
    eps = torch.finfo(torch.float64).eps
    ratio = eps / torch.finfo(torch.float32).eps
    rounding = [eps / 2 * _distance(x, torch.zeros_like(x)) for x in plain]
    pairs = zip(narrow, exact, rounding, strict=True)
    return [max(_distance(a, b) * ratio, least) for a, b, least in pairs]


def _distance(a: torch.Tensor, b: torch.Tensor) -> float:
    if a.is_complex():
        a, b = torch.view_as_real(a.resolve_conj()), torch.view_as_real(b.resolve_conj())
    apart = (a.double() - b.double()).abs()
    apart = apart[apart.isfinite()]
    return apart.max().item() if apart.numel() else 0.0


def _is_other_order(sample: Sample, rust: torch.Tensor, right: torch.Tensor) -> bool:
    """Whether indices name the same values, each once, in an order that PyTorch leaves open."""
    if sample.op not in _OPEN_ORDER or right.dtype != torch.int64:
        return False
    source = sample.tensors[0]
    if not source.dim() or sample.argument("stable", 9, False) or rust.shape != right.shape:
        return False
    dim = sample.argument("dim", _OPEN_ORDER[sample.op], -1)
    if ((rust < 0) | (rust >= source.shape[dim])).any():
        return False
    ours, theirs = (x if x.dim() == source.dim() else x.unsqueeze(dim) for x in (rust, right))
    values = (source.gather(dim, index).double().nan_to_num(nan=7.0) for index in (ours, theirs))
    once = (ours.sort(dim).values.diff(dim=dim) != 0).all()
    return torch.equal(*values) and bool(once)
