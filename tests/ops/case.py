"""Rows of the suite: an overload, its arguments, and what is expected of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from pycandle.ir.sizes import Operation, Size, Symbol, evaluate
from pycandle.ir.types import DTypeConstant, Keyword

MODEL_DTYPES = ("float32", "bfloat16", "float16")
"""What a row with tensors that follow the model is run with."""


@dataclass(frozen=True)
class T:
    """A tensor argument. A size is a number, the name of a symbol, or a `Size`."""

    shape: tuple[Size | str, ...]
    dtype: str = "float32"
    lies: str = "contiguous"
    """`contiguous`; `transposed` (the last two dims), `narrowed` (the last dim), `offset` (the
    first dim: rows before it are skipped) or `broadcast` (the first dim has stride 0)."""
    low: float | None = None
    """Values are uniform from `low` to `high`, exclusive; without, floats are N(0, 1)."""
    high: float | None = None
    values: tuple[Any, ...] | None = None
    """The values themselves, in row-major order."""
    follows: bool = False
    """Whether its dtype is the model's."""
    state: bool = False
    """Whether it is a weight."""

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The shape with symbols for their names."""
        return tuple(Symbol(size) if isinstance(size, str) else size for size in self.shape)

    def concrete(self, symbols: dict[str, int]) -> tuple[int, ...]:
        """Returns the shape for given symbols."""
        return tuple(evaluate(size, symbols) for size in self.sizes)


def f32(*shape: Size | str, **options: Any) -> T:
    """Returns a float32 tensor."""
    return T(shape, "float32", **options)


def f64(*shape: Size | str, **options: Any) -> T:
    """Returns a float64 tensor."""
    return T(shape, "float64", **options)


def f16(*shape: Size | str, **options: Any) -> T:
    """Returns a float16 tensor."""
    return T(shape, "float16", **options)


def bf16(*shape: Size | str, **options: Any) -> T:
    """Returns a bfloat16 tensor."""
    return T(shape, "bfloat16", **options)


def i64(*shape: Size | str, **options: Any) -> T:
    """Returns an int64 tensor, of values from -8 to 8 where none are given."""
    return T(shape, "int64", **options)


def c64(*shape: Size | str, **options: Any) -> T:
    """Returns a complex64 tensor."""
    return T(shape, "complex64", **options)


def c128(*shape: Size | str, **options: Any) -> T:
    """Returns a complex128 tensor."""
    return T(shape, "complex128", **options)


def boolean(*shape: Size | str, **options: Any) -> T:
    """Returns a bool tensor."""
    return T(shape, "bool", **options)


def model(*shape: Size | str, **options: Any) -> T:
    """Returns a tensor of the model's dtype, recorded as float32."""
    return T(shape, "float32", follows=True, **options)


@dataclass(frozen=True)
class ModelDType:
    """A dtype argument that follows the model; recorded as float32."""


@dataclass(frozen=True)
class OpCase:
    """One row."""

    overload: str
    args: tuple[Any, ...] = ()
    """`T`, a list of them, a `Size` that is not a number, a dtype, or plain Python."""
    kwargs: dict[str, Any] = field(default_factory=dict)
    sizes: tuple[dict[str, int], ...] = ({},)
    """Values of the symbols; two sets for a symbolic row."""
    refused: str | None = None
    """The argument that the lowering must refuse."""
    rust: str | None = None
    """What is printed; tensors are called `a`, `b`, ... in order."""
    factor: float = 16.0
    """How many times PyTorch's own error is allowed. More than 16 needs `reason`."""
    reason: str = ""
    result: tuple[Size, ...] | None = None
    """The symbolic shape of the result, where it is no size of an argument."""
    compared: Callable[[list[torch.Tensor]], list[torch.Tensor]] = list
    """What is compared of the results, where several are right: values that they all share."""

    @property
    def tensors(self) -> list[T]:
        """The tensors among the arguments, in order."""
        return [
            item for item in _leaves([*self.args, *self.kwargs.values()]) if isinstance(item, T)
        ]

    @property
    def models(self) -> tuple[str | None, ...]:
        """The model's dtypes that the row is run with; None where nothing depends on it."""
        leaves = list(_leaves([*self.args, *self.kwargs.values()]))
        free = any(isinstance(x, ModelDType) or (isinstance(x, T) and x.follows) for x in leaves)
        return MODEL_DTYPES if free else (None,)

    def __str__(self) -> str:
        text = ", ".join(
            [_short(a) for a in self.args] + [f"{k}={_short(v)}" for k, v in self.kwargs.items()]
        )
        return f"{self.overload}({text})" + ("!" if self.refused else "")


def _leaves(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, list):
            yield from _leaves(item)
        else:
            yield item


def _short(value: Any) -> str:
    match value:
        case T():
            name = {"float": "f", "bfloat": "bf", "int": "i", "uint": "u"}
            kind = value.dtype.rstrip("0123456789")
            bits = value.dtype[len(kind) :]
            shape = "x".join(map(str, value.shape))
            lies = "" if value.lies == "contiguous" else f":{value.lies}"
            given = f":{value.values}" if value.values is not None else ""
            if value.low is not None or value.high is not None:
                given += f":{value.low}..{value.high}"
            follows = "model" if value.follows else f"{name.get(kind, kind)}{bits}"
            return f"{follows}[{shape}]{lies}{given}"
        case DTypeConstant(name):
            return name
        case list():
            return "[" + ",".join(map(_short, value)) + "]"
        case _:
            return str(value)


def bind(
    value: Any,
    tensor: Callable[[T], Any],
    size: Callable[[Size], Any],
    dtype: Callable[[DTypeConstant | ModelDType], Any],
    keyword: Callable[[Keyword], Any],
) -> Any:
    """Returns an argument with its leaves exchanged."""
    match value:
        case T():
            return tensor(value)
        case Symbol() | Operation():
            return size(value)
        case DTypeConstant() | ModelDType():
            return dtype(value)
        case Keyword():
            return keyword(value)
        case list():
            return [bind(item, tensor, size, dtype, keyword) for item in value]
        case _:
            return value


def torch_dtype(name: str) -> torch.dtype:
    """Returns a dtype by torch's name."""
    return getattr(torch, name)
