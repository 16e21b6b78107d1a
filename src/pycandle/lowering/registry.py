"""The registry: one lowering for each ATen overload."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar, cast

from pycandle.dtypes import DTYPES
from pycandle.ir.types import TensorType, TupleType
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

OF_COMPLEX: dict[str, Lowering] = {}
"""By overload, where an operand or the result is complex, which no other lowering takes."""


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
    takes_complex: bool = False

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
        if not self.takes_complex and (found := _complex_argument(bound.arguments, result)):
            if self.overload in OF_COMPLEX:
                return OF_COMPLEX[self.overload](args, kwargs, result)
            raise Unsupported(*found, supported="real numbers")
        return self.function(*bound.args, **bound.kwargs)


def _complex_argument(arguments: Mapping[str, Any], result: Result) -> tuple[str, str] | None:
    """Returns the first argument that is complex, or the result's dtype, and what it is."""
    for name, value in arguments.items():
        name = "self" if name == "x" else name
        for item in cast("list[Any]", value) if isinstance(value, list) else [value]:
            if isinstance(item, complex):
                return name, f"the complex number {item}"
            if isinstance(item, Operand) and _is_complex(item.type):
                return name, f"a tensor of {item.dtype}"
    types = result.type.items if isinstance(result.type, TupleType) else (result.type,)
    found = next((kind.dtype for kind in types if kind is not None and _is_complex(kind)), None)
    return None if found is None else ("dtype", found)


def _is_complex(kind: TensorType) -> bool:
    return DTYPES[kind.dtype].kind == "complex"


def lowers(
    *overloads: str, numbers: Literal["real", "complex", "any"] = "real"
) -> Callable[[F], F]:
    """Registers a function as the lowering of overloads that share a schema but for their types.

    The function's parameters are the schema's, `self` written `x`; a parameter that it lacks can
    only have been left at its default, or the overload is refused. A keyword-only parameter `out`
    receives the `Result`. The first line of its docstring is the schema.

    `numbers` are those that the function takes; of "complex" an overload of real numbers may have
    a lowering besides.
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
                    takes_complex=numbers != "real",
                ),
                OF_COMPLEX if numbers == "complex" else LOWERINGS,
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


def register(lowering: Lowering, table: dict[str, Lowering] = LOWERINGS) -> None:
    """Adds a lowering to the registry. Raises ValueError where the overload has one."""
    if lowering.overload in table:
        raise ValueError(f"two lowerings for `{lowering.overload}`")
    table[lowering.overload] = lowering
