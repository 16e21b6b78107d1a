"""The largest and smallest elements, and where they are."""

from __future__ import annotations

from functools import reduce

from pycandle.lowering.arguments import boolean, kept, slice_of
from pycandle.lowering.reduction import reduced_dims
from pycandle.lowering.registry import Lowered, Operand, Result, Several, lowers
from pycandle.lowering.reuse import reuse
from pycandle.rust import tree as t


def _extreme(name: str, x: Operand, dim: list[int], keepdim: bool, out: Result) -> t.Expr | Lowered:
    """Returns the extreme over dims, of integers by one call of Candle's for each."""
    dims = reduced_dims(x, dim)
    if not dims:
        return kept(x)
    if x.type.is_float:
        listed = slice_of(t.usize(item) for item in dims)
        return t.call(out.runtime(f"a{name}"), x.lent(), listed, boolean(keepdim))
    if len(dims) == x.rank and not keepdim:
        return t.method(x.expr, f"{name}_all")
    method = f"{name}_keepdim" if keepdim else name
    # From the back, so that the dims still to come keep their numbers.
    return reduce(lambda found, item: t.method(found, method, t.usize(item)), dims[::-1], x.expr)


@lowers("aten.amax.default")
def amax(
    x: Operand,
    dim: list[int] = [],  # noqa: B006 - as in the schema
    keepdim: bool = False,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor"""
    return _extreme("max", x, dim, keepdim, out)


@lowers("aten.amin.default")
def amin(
    x: Operand,
    dim: list[int] = [],  # noqa: B006 - as in the schema
    keepdim: bool = False,
    *,
    out: Result,
) -> t.Expr | Lowered:
    """aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor"""
    return _extreme("min", x, dim, keepdim, out)


@lowers("aten.max.default")
def max_(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::max(Tensor self) -> Tensor"""
    return _extreme("max", x, [], False, out)


@lowers("aten.min.default")
def min_(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::min(Tensor self) -> Tensor"""
    return _extreme("min", x, [], False, out)


@lowers("aten.max.dim")
def max_dim(x: Operand, dim: int, keepdim: bool = False, *, out: Result) -> Several:
    """aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)"""
    return _with_indices("max", x, dim, keepdim, out)


@lowers("aten.min.dim")
def min_dim(x: Operand, dim: int, keepdim: bool = False, *, out: Result) -> Several:
    """aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)"""
    return _with_indices("min", x, dim, keepdim, out)


def _with_indices(name: str, x: Operand, dim: int, keepdim: bool, out: Result) -> Several:
    x.dim(dim)
    if not x.rank:
        zero = t.call("Tensor::new", t.Number(0, "i64", suffix=True), out.device())
        return Several(t.tuple_of((t.method(x.expr, "copy"), zero)))
    place = t.usize(x.dim(dim))
    suffix = "_keepdim" if keepdim else ""

    def build(x: Operand) -> t.Expr:
        if x.type.is_float:
            values = t.call(out.runtime(f"a{name}"), x.lent(), slice_of([place]), boolean(keepdim))
            indices = t.call(out.runtime(f"arg{name}"), x.lent(), place, boolean(keepdim))
            return t.tuple_of((values, indices))
        values = t.method(x.expr, f"{name}{suffix}", place)
        return t.tuple_of((values, _int64(t.method(x.expr, f"arg{name}{suffix}", place))))

    return Several(reuse(x, build))


@lowers("aten.aminmax.default")
def aminmax(x: Operand, *, dim: int | None = None, keepdim: bool = False, out: Result) -> Several:
    """aten::aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)"""  # noqa: E501
    dims = [] if dim is None else [dim]

    def build(x: Operand) -> t.Expr:
        if not x.rank:
            # A tuple cannot hold what is borrowed, which the extreme over no dims is.
            copy = t.method(x.expr, "copy")
            return t.tuple_of((copy, copy))
        found = (_extreme(name, x, dims, keepdim, out) for name in ("min", "max"))
        return t.tuple_of(item.expr if isinstance(item, Lowered) else item for item in found)

    return Several(reuse(x, build))


@lowers("aten.argmax.default")
def argmax(x: Operand, dim: int | None = None, keepdim: bool = False, *, out: Result) -> t.Expr:
    """aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor"""
    return _index("argmax", x, dim, keepdim, out)


@lowers("aten.argmin.default")
def argmin(x: Operand, dim: int | None = None, keepdim: bool = False, *, out: Result) -> t.Expr:
    """aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor"""
    return _index("argmin", x, dim, keepdim, out)


def _index(name: str, x: Operand, dim: int | None, keepdim: bool, out: Result) -> t.Expr:
    if dim is None:
        flat = t.method(x.expr, "flatten_all")
        if x.type.is_float:
            found = t.call(out.runtime(name), t.ref(flat), t.usize(0), boolean(False))
        else:
            found = _int64(t.method(flat, name, t.usize(0)))
        return t.method(found, "reshape", out.dims()) if keepdim and x.rank else found
    place = t.usize(x.dim(dim))
    if not x.rank:
        return t.call("Tensor::new", t.Number(0, "i64", suffix=True), out.device())
    if x.type.is_float:
        return t.call(out.runtime(name), x.lent(), place, boolean(keepdim))
    return _int64(t.method(x.expr, f"{name}_keepdim" if keepdim else name, place))


def _int64(indices: t.Expr) -> t.Expr:
    """Returns indices as torch has them; Candle's are of `U32`."""
    return t.method(indices, "to_dtype", t.path("DType::I64"))


def _quantified(
    name: str, x: Operand, dims: list[int], keepdim: bool, out: Result
) -> t.Expr | Lowered:
    """Returns whether any (`max`) or all (`min`) elements are not zero."""
    return _extreme(name, x.to_dtype("bool"), dims, keepdim, out)


@lowers("aten.any.default")
def any_(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::any(Tensor self) -> Tensor"""
    return _quantified("max", x, [], False, out)


@lowers("aten.any.dim")
def any_dim(x: Operand, dim: int, keepdim: bool = False, *, out: Result) -> t.Expr | Lowered:
    """aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor"""
    return _quantified("max", x, [dim], keepdim, out)


@lowers("aten.any.dims")
def any_dims(
    x: Operand, dim: list[int] | None = None, keepdim: bool = False, *, out: Result
) -> t.Expr | Lowered:
    """aten::any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor"""
    if dim is not None and not dim:
        # Here, and only here, an empty list is none of the dims.
        return x.to_dtype("bool").expr if x.dtype != "bool" else kept(x)
    return _quantified("max", x, dim or [], keepdim, out)


@lowers("aten.all.default", "aten._is_all_true.default")
def all_(x: Operand, *, out: Result) -> t.Expr | Lowered:
    """aten::all(Tensor self) -> Tensor"""
    return _quantified("min", x, [], False, out)


@lowers("aten.all.dim")
def all_dim(x: Operand, dim: int, keepdim: bool = False, *, out: Result) -> t.Expr | Lowered:
    """aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor"""
    return _quantified("min", x, [dim], keepdim, out)


@lowers("aten.all.dims")
def all_dims(
    x: Operand, dim: list[int] | None = None, keepdim: bool = False, *, out: Result
) -> t.Expr | Lowered:
    """aten::all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor"""
    if dim is not None and not dim:
        # Here, and only here, an empty list is none of the dims.
        return x.to_dtype("bool").expr if x.dtype != "bool" else kept(x)
    return _quantified("min", x, dim or [], keepdim, out)
