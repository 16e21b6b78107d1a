"""Angles between vectors."""

from __future__ import annotations

from pycandle.lowering.losses import lent_alike
from pycandle.lowering.operand import normalize_dim
from pycandle.lowering.registry import Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.cosine_similarity.default")
def cosine_similarity(
    x1: Operand, x2: Operand, dim: int = 1, eps: float = 1e-8, *, out: Result
) -> t.Expr:
    """aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor"""
    rank = max(x1.rank, x2.rank)
    if rank == 0:
        raise Unsupported("x1", "a tensor of rank 0", supported="rank 1 and up")
    numbers = (t.usize(normalize_dim(dim, rank)), t.f64(eps, "eps"))
    return t.call(out.runtime("cosine_similarity"), *lent_alike(out, x1, x2), *numbers)
