"""The registry: one lowering for each ATen overload."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pycandle.lowering.arguments import to_result
from pycandle.lowering.operand import (
    Items,
    Layout,
    Lowered,
    Operand,
    Result,
    Several,
    SizeOperand,
    Unsupported,
)
from pycandle.rust import tree as t

__all__ = [
    "LOWERINGS",
    "Items",
    "Layout",
    "Lowered",
    "Lowering",
    "Operand",
    "Result",
    "Several",
    "SizeOperand",
    "Unsupported",
    "lowers",
    "lowers_to_method",
    "register",
]

Output: TypeAlias = t.Expr | Lowered | Items | Several
F = TypeVar("F", bound=Callable[..., Output])

LOWERINGS: dict[str, Lowering] = {}
"""By overload, `aten.add.Tensor`."""


@dataclass(frozen=True)
class Lowering:
    """How one overload becomes Rust."""

    overload: str
    function: Callable[..., Output]
    schema: str | None
    """The ATen schema, where the lowering is a function; torch's own holds for a renamed method."""
    parameters: tuple[str, ...]
    wants_result: bool
    note: str
    """What the Rust is, for the table of supported ops."""
    signature: inspect.Signature

    def __call__(self, args: list[Any], kwargs: Mapping[str, Any], result: Result) -> Output:
        """Returns the Rust. Raises Unsupported for an argument that it cannot honour."""
        for name in kwargs:
            if name not in self.parameters:
                raise Unsupported(name, kwargs[name], supported="the default")
        extra = {"out": result} if self.wants_result else {}
        try:
            bound = self.signature.bind(*args, **kwargs, **extra)
        except TypeError as error:
            raise Unsupported(
                "arguments", str(error), supported=", ".join(self.parameters)
            ) from None
        return self.function(*bound.args, **bound.kwargs)


def lowers(*overloads: str) -> Callable[[F], F]:
    """Registers a function as the lowering of overloads that share a schema but for their types.

    The function's parameters are the schema's, `self` written `x`; a parameter that it lacks can
    only have been left at its default, or the overload is refused. A keyword-only parameter `out`
    receives the `Result`. The first line of its docstring is the schema.
    """

    def add(function: F) -> F:
        signature = inspect.signature(function)
        names = tuple(signature.parameters)
        doc = (function.__doc__ or "").strip().splitlines()
        for overload in overloads:
            register(
                Lowering(
                    overload,
                    function,
                    schema=doc[0].strip() if doc else None,
                    parameters=tuple(name for name in names if name != "out"),
                    wants_result="out" in names,
                    note=function.__name__,
                    signature=signature,
                )
            )
        return function

    return add


def lowers_to_method(methods: Mapping[str, str]) -> None:
    """Registers unary ops that are one method of Candle's `Tensor`, applied to floats only.

    Of integers and bools torch makes floats first, but for ops that return integers.
    """
    for overload, name in methods.items():

        def lower(x: Operand, *, out: Result, _name: str = name) -> t.Expr:
            if not out.tensor.is_float:
                raise Unsupported("self", f"a tensor of {x.dtype}", supported="floats")
            return t.method(to_result(x, out).expr, _name)

        register(
            Lowering(
                overload,
                lower,
                schema=None,
                parameters=("x",),
                wants_result=True,
                note=f"`Tensor::{name}`",
                signature=_UNARY,
            )
        )


_UNARY = inspect.Signature(
    [
        inspect.Parameter("x", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY),
    ]
)


def register(lowering: Lowering) -> None:
    """Adds a lowering to the registry. Raises ValueError where the overload has one."""
    if lowering.overload in LOWERINGS:
        raise ValueError(f"two lowerings for `{lowering.overload}`")
    LOWERINGS[lowering.overload] = lowering
