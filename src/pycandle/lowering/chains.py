"""Products of several matrices, and of pairs of vectors with matrices."""

from __future__ import annotations

from pycandle.lowering.arguments import optional, require_float, tensor_slice
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.linalg_multi_dot.default")
def linalg_multi_dot(tensors: list[Operand], *, out: Result) -> t.Expr:
    """aten::linalg_multi_dot(Tensor[] tensors) -> Tensor"""
    return _chain(tensors, "tensors", out)


@lowers("aten.chain_matmul.default")
def chain_matmul(matrices: list[Operand], *, out: Result) -> t.Expr:
    """aten::chain_matmul(Tensor[] matrices) -> Tensor"""
    return _chain(matrices, "matrices", out)


def _chain(tensors: list[Operand], name: str, out: Result) -> t.Expr:
    for x in tensors:
        require_float(x, name)
        if x.rank not in (1, 2):
            raise Unsupported(name, f"a tensor of rank {x.rank}", supported="rank 1 and 2")
    return t.call(out.runtime("multi_dot"), tensor_slice(tensors))


@lowers("aten.bilinear.default")
def bilinear(
    input1: Operand, input2: Operand, weight: Operand, bias: Operand | None = None, *, out: Result
) -> t.Expr:
    """aten::bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor"""
    require_float(input1, "input1")
    kernel = out.runtime("bilinear")
    return t.call(kernel, input1.lent(), input2.lent(), weight.lent(), optional(bias))
