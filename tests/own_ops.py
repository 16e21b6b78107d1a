"""The ops that torch lacks, of passes and of recordings, defined by what models spell out.

Importing this registers them as `torch.ops.pycandle`.
"""

import torch
from torch import Tensor

from pycandle.recorder.branches import choose, choose_one

_LIBRARY = torch.library.Library("pycandle", "DEF")


def rounded(input: Tensor, weight: Tensor, eps: float) -> Tensor:
    """As LlamaRMSNorm in transformers."""
    return weight * _normalized(input, eps).to(input.dtype)


def offset(input: Tensor, weight: Tensor, eps: float) -> Tensor:
    """As Gemma3RMSNorm in transformers."""
    return (_normalized(input, eps) * (1.0 + _wide(weight))).type_as(input)


def _normalized(input: Tensor, eps: float) -> Tensor:
    wide = _wide(input)
    return wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)


def _wide(input: Tensor) -> Tensor:
    # float64 stands for the exact result, where casts are left out.
    return input if input.dtype == torch.float64 else input.float()


for _name, _function in (("rounded", rounded), ("offset", offset)):
    _LIBRARY.define(f"rms_norm.{_name}(Tensor input, Tensor weight, float eps) -> Tensor")
    _LIBRARY.impl(f"rms_norm.{_name}", _function, "CompositeExplicitAutograd")

_LIBRARY.define("cond.Tensor(Tensor pred, Tensor yes, Tensor no) -> Tensor")
_LIBRARY.impl("cond.Tensor", choose_one, "CompositeExplicitAutograd")
_LIBRARY.define("cond.Tensors(Tensor pred, Tensor[] yes, Tensor[] no) -> Tensor[]")
_LIBRARY.impl("cond.Tensors", lambda *args: list(choose(*args)), "CompositeExplicitAutograd")
