"""Parts at indices exchanged along a dim, and elements of a tensor read as one row."""

from __future__ import annotations

from pycandle.lowering.arguments import (
    Integer,
    boolean,
    index_tensor,
    literal,
    require_float,
    to_result,
    usize,
)
from pycandle.lowering.promotion import Scalar
from pycandle.lowering.registry import Operand, Result, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.index_copy.default")
def index_copy(x: Operand, dim: int, index: Operand, source: Operand, *, out: Result) -> t.Expr:
    """aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor"""
    lent = (x.lent(), t.usize(x.dim(dim)), index_tensor(index).lent(), source.lent())
    return t.call(out.runtime("index_copy"), *lent)


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
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise Unsupported("reduce", repr(reduce), supported="prod, mean, amax, amin")
    if max(source.rank, 1) != max(x.rank, 1):
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
    if max(index.rank, 1) != max(x.rank, 1):
        raise Unsupported("index", f"of rank {index.rank}", supported="the rank of `self`")
    ways = {"add": "sum", "multiply": "prod"}
    if reduce not in ways:
        raise Unsupported("reduce", repr(reduce), supported="add, multiply")
    lent = (x.lent(), t.usize(x.dim(dim)), index_tensor(index).lent(), src)
    kernel = out.runtime("scatter_reduce")
    return t.call(kernel, *lent, t.Text(ways[reduce]), boolean(True))


@lowers("aten.nonzero.default")
def nonzero(x: Operand, *, out: Result) -> t.Expr:
    """aten::nonzero(Tensor self) -> Tensor"""
    return t.call(out.runtime("nonzero"), x.lent())


@lowers("aten.nonzero_static.default")
def nonzero_static(x: Operand, *, size: Integer, fill_value: int = -1, out: Result) -> t.Expr:
    """aten::nonzero_static(Tensor self, *, SymInt size, int fill_value=-1) -> Tensor"""
    filled = t.Number(fill_value, "i64", "fill_value")
    return t.call(out.runtime("nonzero_static"), x.lent(), usize(size, "size"), filled)


@lowers("aten.segment_reduce.default")
def segment_reduce(
    data: Operand,
    reduce: str,
    *,
    lengths: Operand | None = None,
    offsets: Operand | None = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Scalar | None = None,
    out: Result,
) -> t.Expr:
    """aten::segment_reduce(Tensor data, str reduce, *, Tensor? lengths=None, Tensor? indices=None, Tensor? offsets=None, int axis=0, bool unsafe=False, Scalar? initial=None) -> Tensor

    Unsafe or not, what does not fit is an error.
    """  # noqa: E501
    require_float(data, "data")
    if isinstance(initial, SizeOperand):
        raise Unsupported("initial", str(initial.size), supported="a fixed number")
    place = data.dim(axis)
    if offsets is not None:
        counts = t.call(
            out.runtime("diff"), offsets.lent(), t.usize(1), t.usize(place), boolean(False)
        )
    elif lengths is not None:
        counts = lengths.expr
    else:
        raise Unsupported("lengths", None, supported="lengths or offsets")
    start = t.path("None") if initial is None else t.Call("Some", (t.f64(initial, "initial"),))
    lent = (data.lent(), t.Text(reduce), t.ref(counts), t.usize(place), start)
    return t.call(out.runtime("segment_reduce"), *lent)
