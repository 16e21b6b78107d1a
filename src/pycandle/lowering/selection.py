"""Parts at indices exchanged along a dim, and elements of a tensor read as one row."""

from __future__ import annotations

from pycandle.lowering.arguments import boolean, index_tensor, literal, require_float, to_result
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t


def _require_dims(x: Operand) -> None:
    if x.rank == 0:
        raise Unsupported("self", "a tensor of rank 0", supported="rank 1 and up")


@lowers("aten.index_copy.default")
def index_copy(x: Operand, dim: int, index: Operand, source: Operand, *, out: Result) -> t.Expr:
    """aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor"""
    _require_dims(x)
    lent = (x.lent(), t.usize(x.dim(dim)), index_tensor(index).lent())
    if source.rank == 0:
        part = t.ref(t.method(source.expr, "reshape", _ones(x.rank)))
    else:
        part = source.lent()
    return t.call(out.runtime("index_copy"), *lent, part)


def _ones(rank: int) -> t.Expr:
    return t.Reference(t.array_of(t.usize(1) for _ in range(rank)))


@lowers("aten.index_fill.int_Scalar")
def index_fill(x: Operand, dim: int, index: Operand, value: Scalar, *, out: Result) -> t.Expr:
    """aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor"""
    if isinstance(value, SizeOperand):
        raise Unsupported("value", str(value.size), supported="a fixed number")
    number = t.call("Tensor::new", literal(value, x.type), out.device())
    half = x.type.follows_model or x.dtype in ("float16", "bfloat16")
    return _filled(
        x, dim, index, t.method(number, "to_dtype", out.dtype()) if half else number, out
    )


@lowers("aten.index_fill.int_Tensor")
def index_fill_tensor(
    x: Operand, dim: int, index: Operand, value: Operand, *, out: Result
) -> t.Expr:
    """aten::index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor"""
    return _filled(x, dim, index, to_result(value, out).expr, out)


def _filled(x: Operand, dim: int, index: Operand, value: t.Expr, out: Result) -> t.Expr:
    _require_dims(x)
    lent = (x.lent(), t.usize(x.dim(dim)), index_tensor(index).lent(), t.ref(value))
    return t.call(out.runtime("index_fill"), *lent)


@lowers("aten.index_reduce.default")
def index_reduce(
    x: Operand,
    dim: int,
    index: Operand,
    source: Operand,
    reduce: str,
    *,
    include_self: bool = True,
    out: Result,
) -> t.Expr:
    """aten::index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor"""  # noqa: E501
    require_float(x)
    _require_dims(x)
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise Unsupported("reduce", repr(reduce), supported="prod, mean, amax, amin")
    if source.rank != x.rank:
        raise Unsupported("source", f"of rank {source.rank}", supported="the rank of `self`")
    lent = (x.lent(), t.usize(x.dim(dim)), index_tensor(index).lent(), source.lent())
    return t.call(out.runtime("index_reduce"), *lent, t.Text(reduce), boolean(include_self))


@lowers("aten.take.default")
def take(x: Operand, index: Operand, *, out: Result) -> t.Expr:
    """aten::take(Tensor self, Tensor index) -> Tensor"""
    return t.call(out.runtime("take"), x.lent(), index_tensor(index).lent())


@lowers("aten.put.default")
def put(
    x: Operand, index: Operand, source: Operand, accumulate: bool = False, *, out: Result
) -> t.Expr:
    """aten::put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor"""
    if accumulate and x.type.is_bool:
        raise Unsupported("self", "a tensor of bool", supported="numbers")
    lent = (x.lent(), index_tensor(index).lent(), source.lent())
    return t.call(out.runtime("put"), *lent, boolean(accumulate))


@lowers("aten.scatter.reduce")
def scatter_by(
    x: Operand, dim: int, index: Operand, src: Operand, *, reduce: str, out: Result
) -> t.Expr:
    """aten::scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor"""  # noqa: E501
    return _combined(x, dim, index, src.lent(), reduce, out)


@lowers("aten.scatter.value_reduce")
def scatter_value_by(
    x: Operand, dim: int, index: Operand, value: Scalar, *, reduce: str, out: Result
) -> t.Expr:
    """aten::scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor"""  # noqa: E501
    if isinstance(value, SizeOperand):
        raise Unsupported("value", str(value.size), supported="a fixed number")
    number = t.call("Tensor::new", literal(value, x.type), out.device())
    number = t.method(number, "to_dtype", out.dtype())
    spread = t.method(number, "broadcast_as", t.plain(index.expr, "shape"))
    return _combined(x, dim, index, t.ref(spread), reduce, out)


def _combined(
    x: Operand, dim: int, index: Operand, src: t.Expr, reduce: str, out: Result
) -> t.Expr:
    require_float(x)
    if x.rank == 0 or index.rank != x.rank:
        raise Unsupported("index", f"of rank {index.rank}", supported="the rank of `self`, from 1")
    ways = {"add": "sum", "multiply": "prod"}
    if reduce not in ways:
        raise Unsupported("reduce", repr(reduce), supported="add, multiply")
    lent = (x.lent(), t.usize(x.dim(dim)), index_tensor(index).lent(), src)
    kernel = out.runtime("scatter_reduce")
    return t.call(kernel, *lent, t.Text(ways[reduce]), boolean(True))
