"""Tensors for a row: what is stored, how Rust makes the argument of it, and PyTorch's answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

import own_ops  # noqa: F401  # Defines the ops that passes make.
from ops.case import ModelDType, OpCase, T, bind, torch_dtype
from pycandle.ir.sizes import evaluate
from pycandle.ir.types import DTypeConstant, Keyword
from pycandle.recorder.replay import operator_of

_STORED = {torch.bool: torch.uint8, torch.int8: torch.int16}
"""Candle has neither bool nor int8."""


@dataclass(frozen=True)
class Stored:
    """A tensor in the file, and the views that make the argument of it.

    A view is `t:DIM:DIM` (transpose), `n:DIM:START:LENGTH` (narrow) or `b:4x3` (broadcast).
    """

    base: torch.Tensor
    views: tuple[str, ...]
    value: torch.Tensor
    """The argument itself."""


@dataclass(frozen=True)
class Run:
    """A row at given sizes, in a model of a given dtype."""

    case: OpCase
    model: str | None
    symbols: dict[str, int]
    inputs: tuple[Stored, ...]

    def answer(self, *, reference: bool = False) -> list[torch.Tensor]:
        """Returns PyTorch's results; with `reference`, every float in it is float64.

        Of an op that takes no float64, the results are their own reference.
        """
        values = iter(self.inputs)

        def tensor(_: T) -> torch.Tensor:
            value = next(values).value
            if reference and value.is_complex():
                return value.to(torch.complex128)
            return value.double() if reference and value.is_floating_point() else value.clone()

        def dtype(constant: DTypeConstant | ModelDType) -> torch.dtype:
            name = (self.model or "float32") if isinstance(constant, ModelDType) else constant.name
            found = torch_dtype(name)
            return torch.float64 if reference and found.is_floating_point else found

        def bound(value: Any) -> Any:
            return bind(value, tensor, lambda s: evaluate(s, self.symbols), dtype, _keyword)

        args = [bound(value) for value in self.case.args]
        kwargs = {name: bound(value) for name, value in self.case.kwargs.items()}
        op = operator_of(self.case.overload)
        try:
            result = op(*args, **kwargs)
        except RuntimeError:
            if not reference:
                raise
            return self.answer()
        return list(result) if isinstance(result, tuple | list) else [result]


def runs_of(case: OpCase) -> list[Run]:
    """Returns the runs of a row: each model dtype at each set of sizes."""
    found: list[Run] = []
    for model in case.models:
        for symbols in case.sizes:
            generator = torch.Generator().manual_seed(len(str(case)) + len(found))
            inputs = tuple(_stored(spec, model, symbols, generator) for spec in case.tensors)
            found.append(Run(case, model, symbols, inputs))
    return found


def stored_dtype(tensor: torch.Tensor) -> torch.Tensor:
    """Returns a tensor in the dtype in which Candle holds it; complex numbers are pairs."""
    if tensor.is_complex():
        return torch.view_as_real(tensor.resolve_conj())
    return tensor.to(_STORED.get(tensor.dtype, tensor.dtype))


def _stored(
    spec: T, model: str | None, symbols: dict[str, int], generator: torch.Generator
) -> Stored:
    shape = spec.concrete(symbols)
    dtype = torch_dtype(model if spec.follows and model else spec.dtype)
    if spec.values is not None:
        base = torch.tensor(spec.values, dtype=dtype).reshape(shape)
        return Stored(base, (), base)
    wider, views = _view(spec.lies, shape, 2 if dtype.is_complex else None)
    base = _random(spec, wider, generator).to(dtype)
    value = base
    for view in views:
        value = _apply(value, view)
    assert tuple(value.shape) == shape, (spec, value.shape)
    return Stored(base, views, value.clone(memory_format=torch.contiguous_format))


def _view(
    lies: str, shape: tuple[int, ...], pairs: int | None
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Returns the shape of the stored tensor and the views that make the argument of it."""
    last = len(shape) - 1
    match lies:
        case "contiguous":
            return shape, ()
        case "transposed":
            return (*shape[:-2], shape[-1], shape[-2]), (f"t:{last - 1}:{last}",)
        case "narrowed":
            return (*shape[:-1], shape[-1] + 3), (f"n:{last}:2:{shape[-1]}",)
        case "offset":
            return (shape[0] + 2, *shape[1:]), (f"n:0:2:{shape[0]}",)
        case "broadcast":
            wide = shape if pairs is None else (*shape, pairs)
            return (1, *shape[1:]), ("b:" + "x".join(map(str, wide)),)
        case _:
            raise ValueError(lies)


def _apply(value: torch.Tensor, view: str) -> torch.Tensor:
    kind, *numbers = view.split(":")
    match kind:
        case "t":
            return value.transpose(int(numbers[0]), int(numbers[1]))
        case "n":
            return value.narrow(int(numbers[0]), int(numbers[1]), int(numbers[2]))
        case _:
            sizes = [int(size) for size in numbers[0].split("x")]
            return value.expand(sizes[: value.dim()])


def _random(spec: T, shape: tuple[int, ...], generator: torch.Generator) -> torch.Tensor:
    dtype = torch_dtype(spec.dtype)
    if dtype.is_complex:
        parts = torch.randn((*shape, 2), generator=generator, dtype=torch.float64)
        return torch.view_as_complex(parts)
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=generator).bool()
    if not dtype.is_floating_point:
        low = spec.low if spec.low is not None else (0 if dtype == torch.uint8 else -8)
        high = spec.high if spec.high is not None else 9
        return torch.randint(int(low), int(high), shape, generator=generator)
    if spec.low is None or spec.high is None:
        return torch.randn(shape, generator=generator, dtype=torch.float64)
    uniform = torch.rand(shape, generator=generator, dtype=torch.float64)
    return uniform * (spec.high - spec.low) + spec.low


def _keyword(keyword: Keyword) -> Any:
    match keyword.kind:
        case "device":
            return torch.device("cpu")
        case "layout":
            return torch.strided
        case _:
            return getattr(torch, keyword.name.removeprefix("torch."))
