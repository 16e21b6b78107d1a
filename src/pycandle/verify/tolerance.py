"""The verdict over two tensors: how far Rust may be from PyTorch, measured, not chosen.

`docs/numerics.md` says why.
"""

from dataclasses import dataclass

import numpy as np

from pycandle.verify.tensor_file import Array

NOISE_FACTOR = 16.0
"""How much farther than PyTorch's own float32 run Rust may be from the float64 run."""

EPS_FACTOR = 4.0
"""What is allowed where PyTorch's own run happens to be exact."""

EPS = {
    "float64": 2.0**-52,
    "float32": 2.0**-23,
    "float16": 2.0**-10,
    "bfloat16": 2.0**-7,
}
"""The distance from 1 to the next number, by torch's name of the dtype."""

HUGE = 2.0**100
"""Values beyond this are masks (`finfo.min`), and get a bound of their own."""


@dataclass(frozen=True)
class Comparison:
    """One tensor of Rust against the references."""

    path: str
    dtype: str
    """PyTorch's, by torch's name."""
    shape: tuple[int, ...]
    passed: bool
    error: float
    """max|R - D|: Rust to the float64 reference. For integers, the largest difference."""
    noise: float
    """max|T - D|: PyTorch in float32 to the float64 reference."""
    scale: float
    """max|D|"""
    bound: float
    """What `error` may be."""
    reason: str | None = None
    """Why it does not pass."""
    where: tuple[int, ...] | None = None
    """The index of the worst element of one that does not pass."""


def compare(path: str, dtype: str, rust: Array, torch: Array, exact: Array) -> Comparison:
    """Compares R (`rust`) with T (`torch`, float32) and D (`exact`, float64).

    `dtype` is PyTorch's dtype of the value: floats pass within the bound, all others exactly.
    """
    if not rust.shape == torch.shape == exact.shape:
        shapes = f"shape {list(rust.shape)}, PyTorch has {list(torch.shape)}"
        return Comparison(path, dtype, torch.shape, False, np.inf, 0.0, 0.0, 0.0, shapes)
    if dtype not in EPS:
        return _compare_exactly(path, dtype, rust, torch, exact)
    rust, torch, exact = (np.asarray(array, np.float64) for array in (rust, torch, exact))
    broken = _nonfinite_mismatch(rust, torch)
    if broken.any():
        where = _first(broken)
        reason = f"{_value(rust, where)} where PyTorch has {_value(torch, where)}"
        return Comparison(path, dtype, torch.shape, False, np.inf, 0.0, 0.0, 0.0, reason, where)
    return _compare_floats(path, dtype, rust, torch, exact)


def _compare_floats(path: str, dtype: str, rust: Array, torch: Array, exact: Array) -> Comparison:
    # float64 has more range: where only it is finite (or not), float32 is the reference.
    usable = np.isfinite(torch) & np.isfinite(exact)
    exact = np.where(usable, exact, torch)
    finite = np.isfinite(torch)
    huge = np.abs(exact) >= HUGE
    groups = [
        _compare_group(path, dtype, rust, torch, exact, finite & mask)
        for mask in (~huge, huge)
        if (finite & mask).any()
    ]
    if not groups:
        return Comparison(path, dtype, torch.shape, True, 0.0, 0.0, 0.0, 0.0)
    # Of two that pass, the ordinary values are what a reader wants to see.
    return next((group for group in groups if not group.passed), groups[0])


def _compare_group(
    path: str, dtype: str, rust: Array, torch: Array, exact: Array, mask: Array
) -> Comparison:
    errors = np.full(exact.shape, -1.0)
    errors[mask] = np.abs(rust[mask] - exact[mask])
    worst = np.unravel_index(int(errors.argmax()), errors.shape)
    where = tuple(int(index) for index in worst)
    error = float(errors[where])
    noise = float(np.abs(torch[mask] - exact[mask]).max())
    scale = float(np.abs(exact[mask]).max())
    bound = NOISE_FACTOR * noise + EPS_FACTOR * EPS[dtype] * scale
    if error <= bound:
        return Comparison(path, dtype, torch.shape, True, error, noise, scale, bound)
    reason = f"{error:.3g} from PyTorch in float64, allowed {bound:.3g}"
    return Comparison(path, dtype, torch.shape, False, error, noise, scale, bound, reason, where)


def _compare_exactly(path: str, dtype: str, rust: Array, torch: Array, exact: Array) -> Comparison:
    # Where float32 and float64 disagree (a tie of argmax), rounding decides: either may be right.
    wrong = (rust != torch) & (rust != exact)
    difference = np.abs(rust.astype(np.float64) - torch.astype(np.float64))
    error = float(difference.max()) if difference.size else 0.0
    noise = float(np.abs(torch.astype(np.float64) - exact).max()) if torch.size else 0.0
    scale = float(np.abs(torch.astype(np.float64)).max()) if torch.size else 0.0
    if not wrong.any():
        return Comparison(path, dtype, torch.shape, True, error, noise, scale, 0.0)
    where = _first(wrong)
    count = int(wrong.sum())
    reason = f"{count} of {wrong.size} differ: {rust[where]} where PyTorch has {torch[where]}"
    return Comparison(path, dtype, torch.shape, False, error, noise, scale, 0.0, reason, where)


def _nonfinite_mismatch(rust: Array, torch: Array) -> Array:
    same = np.where(np.isnan(torch), np.isnan(rust), rust == torch)
    return ~same & ~(np.isfinite(rust) & np.isfinite(torch))


def _first(mask: Array) -> tuple[int, ...]:
    return tuple(int(index) for index in np.argwhere(mask)[0])


def _value(array: Array, where: tuple[int, ...]) -> str:
    value = float(array[where])
    return "NaN" if np.isnan(value) else f"{value:.4g}"
