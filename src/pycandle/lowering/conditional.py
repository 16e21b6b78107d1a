"""The choice between two branches by a truth value that is known when the model runs."""

from __future__ import annotations

from collections.abc import Sequence

from pycandle.ir.types import TensorType, TupleType
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("pycandle.cond.Tensor")
def cond_of_one(pred: Operand, yes: Operand, no: Operand, *, out: Result) -> t.Expr:
    """pycandle::cond.Tensor(Tensor pred, Tensor yes, Tensor no) -> Tensor"""
    require_same_results([yes], [no], out.type)
    return t.If(is_true(pred), owned(yes), owned(no))


@lowers("pycandle.cond.Tensors")
def cond(pred: Operand, yes: list[Operand], no: list[Operand], *, out: Result) -> Several:
    """pycandle::cond.Tensors(Tensor pred, Tensor[] yes, Tensor[] no) -> Tensor[]"""
    require_same_results(yes, no, out.type)
    return Several(
        t.If(
            is_true(pred),
            t.tuple_of([owned(item) for item in yes]),
            t.tuple_of([owned(item) for item in no]),
        )
    )


def is_true(pred: Operand) -> t.Expr:
    """Returns Rust that reads a tensor of one truth value."""
    if not pred.type.is_bool or any(size != 1 for size in pred.shape):
        raise Unsupported(
            "pred", f"a tensor of {pred.dtype} of shape {pred.shape}", supported="one truth value"
        )
    one = t.method(pred.expr, "reshape", t.tuple_of(())) if pred.rank else pred.expr
    return t.Binary("!=", t.method(one, "to_scalar::<u8>"), t.path("0"))


def owned(x: Operand) -> t.Expr:
    """Returns what a branch results in, which lies in memory like that of the other branch."""
    x = x.contiguous()
    return t.plain(x.expr, "clone") if isinstance(x.expr, t.Local | t.Field) else x.expr


def require_same_results(
    yes: Sequence[Operand], no: Sequence[Operand], out: TensorType | TupleType
) -> None:
    """Refuses branches of which one follows the model's dtype, and the other one does not."""
    types = out.items if isinstance(out, TupleType) else (out,)
    for number, (one, other, made) in enumerate(zip(yes, no, types, strict=True)):
        found = {one.type.follows_model, other.type.follows_model}
        if made is None or found != {made.follows_model}:
            raise Unsupported(
                "no",
                f"a branch whose result {number} has a fixed dtype, or only the other one's has",
                supported="two branches that cast to the same dtypes",
            )
