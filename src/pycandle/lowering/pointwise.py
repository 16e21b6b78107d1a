"""Registers ops of floats, element by element, that are one kernel of the runtime."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from pycandle.lowering.arguments import literal, to_result
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import (
    Lowering,
    Operand,
    Result,
    SizeOperand,
    Unsupported,
    register,
)
from pycandle.rust import tree as t

_ONE = ("x",)
_POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD


def lowers_to_kernel(kernels: Mapping[str, str], parameters: tuple[str, ...] = _ONE) -> None:
    """Registers overloads as calls of kernels with all arguments in the result's dtype, a float.

    An argument is a tensor, or a number that becomes one.
    """
    for overload, name in kernels.items():

        def lower(*items: Operand | Scalar, _name: str = name, out: Result) -> t.Expr:
            if not out.tensor.is_float:
                raise Unsupported("self", f"a result of {out.tensor.dtype}", supported="floats")
            return t.call(out.runtime(_name), *(_lent(item, out) for item in items))

        names = [inspect.Parameter(name, _POSITIONAL) for name in parameters]
        out = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY)
        register(
            Lowering(
                overload,
                lower,
                schema=None,
                parameters=parameters,
                wants_result=True,
                note=f"`runtime::{name}`",
                signature=inspect.Signature([*names, out]),
            )
        )


def _lent(item: Operand | Scalar, out: Result) -> t.Expr:
    if isinstance(item, Operand):
        return to_result(item, out).lent()
    if isinstance(item, SizeOperand):
        raise Unsupported("other", str(item.size), supported="a fixed number")
    number = t.call("Tensor::new", literal(item, out.tensor), out.device())
    half = out.tensor.follows_model or out.tensor.dtype in ("float16", "bfloat16")
    return t.ref(t.method(number, "to_dtype", out.dtype()) if half else number)
