"""The verdict: Rust against PyTorch, within a multiple of PyTorch's own rounding error."""

from __future__ import annotations

import torch

from ops.values import stored_dtype


def difference(
    rust: torch.Tensor,
    plain: torch.Tensor,
    reference: torch.Tensor,
    factor: float,
    noise: float = 0.0,
) -> str | None:
    """Returns what is wrong with a result, or None.

    `plain` is PyTorch's answer in the row's dtype, `reference` the one in float64. `noise` is the
    least that PyTorch is off by where the two do not show it.
    """
    expected = stored_dtype(plain)
    if plain.is_complex():
        plain, reference = expected, stored_dtype(reference)
    if rust.shape != expected.shape:
        return f"shape {tuple(rust.shape)}, PyTorch has {tuple(expected.shape)}"
    if rust.dtype != expected.dtype:
        return f"dtype {rust.dtype}, PyTorch has {expected.dtype}"
    if not plain.is_floating_point():
        wrong = (rust != expected).sum().item()
        return f"{wrong} of {rust.numel()} differ: {rust} {expected}" if wrong else None
    if not _same_non_finite(rust, plain):
        return f"non-finite values differ: {rust.flatten()[:24]} {plain.flatten()[:24]}"
    finite = plain.isfinite() & reference.isfinite()
    if not finite.any():
        return None
    right, exact, ours = (x.double()[finite] for x in (plain, reference, rust))
    noise = max(noise, (right - exact).abs().max().item())
    eps = torch.finfo(plain.dtype).eps
    allowed = factor * noise + 4 * eps * exact.abs().max().item()
    error = (ours - exact).abs().max().item()
    return f"error {error:.3g}, allowed {allowed:.3g}" if error > allowed else None


def _same_non_finite(rust: torch.Tensor, plain: torch.Tensor) -> bool:
    both = torch.where(plain.isfinite(), 0, plain.double())
    ours = torch.where(rust.isfinite(), 0, rust.double())
    return torch.equal(both.nan_to_num(nan=7.0), ours.nan_to_num(nan=7.0))
