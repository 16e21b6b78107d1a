"""Fourier transforms of windows of a signal, and back."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, optional, require_float
from pycandle.lowering.pairs import as_pairs, is_complex
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.stft.default", numbers="any")
def stft(
    x: Operand,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Operand | None = None,
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
    *,
    out: Result,
) -> t.Expr:
    """aten::stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor

    A result that is not complex has its parts in a last dim, as the pairs have.
    """  # noqa: E501
    require_float(x)
    if x.rank not in (1, 2):
        raise Unsupported("self", f"a tensor of rank {x.rank}", supported="rank 1 and 2")
    _require_float_window(window)
    if align_to_window:
        raise Unsupported("align_to_window", align_to_window, supported="None, False")
    if x.dtype in ("float16", "bfloat16"):
        raise Unsupported("self", f"a tensor of {x.dtype}", supported="float32, float64")
    numbers = _numbers(n_fft, hop_length, win_length)
    flags = (boolean(normalized), boolean(onesided is not False))
    xs = x.to_dtype(x.dtype)
    return t.call(out.runtime("stft"), xs.lent(), *numbers, optional(window), *flags)


@lowers("aten.istft.default", numbers="any")
def istft(
    x: Operand,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Operand | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
    *,
    out: Result,
) -> t.Expr:
    """aten::istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, bool normalized=False, bool? onesided=None, int? length=None, bool return_complex=False) -> Tensor

    `onesided` says how many frequencies there are; torch reads the first half of them in any case.
    """  # noqa: E501
    if not is_complex(x.type) or x.rank not in (2, 3):
        raise Unsupported(
            "self", f"a tensor of {x.dtype} of rank {x.rank}", supported="complex, rank 2 and 3"
        )
    if return_complex:
        raise Unsupported("return_complex", return_complex, supported="False")
    _require_float_window(window)
    flags = (boolean(center), boolean(normalized))
    return t.call(
        out.runtime("istft"),
        as_pairs(x).lent(),
        *_numbers(n_fft, hop_length, win_length),
        optional(window),
        *flags,
        t.path("None") if length is None else t.Call("Some", (t.usize(length, "length"),)),
    )


def _require_float_window(window: Operand | None) -> None:
    if window is not None:
        require_float(window, "window")


def _numbers(n_fft: int, hop_length: int | None, win_length: int | None) -> list[t.Expr]:
    """Returns the window's and the hop's length: by default a quarter, and all of it."""
    hop = n_fft // 4 if hop_length is None else hop_length
    size = n_fft if win_length is None else win_length
    named = (("n_fft", n_fft), ("hop_length", hop), ("win_length", size))
    return [t.usize(value, name) for name, value in named]
