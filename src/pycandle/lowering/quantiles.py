"""Elements chosen by their rank or frequency along a dim, and places among others."""

from __future__ import annotations

from pycandle.lowering.arguments import Integer, boolean, literal, require_float, usize
from pycandle.lowering.promotion import Scalar, promote, promoted_dtype, to_promoted
from pycandle.lowering.registry import Operand, Result, Several, SizeOperand, Unsupported, lowers
from pycandle.rust import tree as t

_INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _chosen(kernel: str, x: Operand, dim: int, keepdim: bool, out: Result) -> Several:
    return Several(t.call(out.runtime(kernel), x.lent(), t.usize(x.dim(dim)), boolean(keepdim)))


@lowers("aten.kthvalue.default")
def kthvalue(
    x: Operand, k: Integer, dim: int = -1, keepdim: bool = False, *, out: Result
) -> Several:
    """aten::kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)

    Among equal elements PyTorch may pick another.
    """  # noqa: E501
    place = t.usize(x.dim(dim))
    kernel = out.runtime("kthvalue")
    return Several(t.call(kernel, x.lent(), usize(k, "k"), place, boolean(keepdim)))


@lowers("aten.median.dim")
def median_dim(x: Operand, dim: int, keepdim: bool = False, *, out: Result) -> Several:
    """aten::median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)"""  # noqa: E501
    return _chosen("median", x, dim, keepdim, out)


@lowers("aten.nanmedian.dim")
def nanmedian_dim(x: Operand, dim: int, keepdim: bool = False, *, out: Result) -> Several:
    """aten::nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)"""  # noqa: E501
    return _chosen("nanmedian", x, dim, keepdim, out)


@lowers("aten.mode.default")
def mode(x: Operand, dim: int = -1, keepdim: bool = False, *, out: Result) -> Several:
    """aten::mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)"""
    return _chosen("mode", x, dim, keepdim, out)


@lowers("aten.median.default")
def median(x: Operand, *, out: Result) -> t.Expr:
    """aten::median(Tensor self) -> Tensor"""
    return _of_all("median", x, out)


@lowers("aten.nanmedian.default")
def nanmedian(x: Operand, *, out: Result) -> t.Expr:
    """aten::nanmedian(Tensor self) -> Tensor"""
    return _of_all("nanmedian", x, out)


def _of_all(kernel: str, x: Operand, out: Result) -> t.Expr:
    if 0 in x.shape:
        raise Unsupported("self", f"a shape of {x.shape}", supported="tensors with elements")
    flat = t.ref(t.method(x.expr, "flatten_all"))
    return t.Field(t.call(out.runtime(kernel), flat, t.usize(0), boolean(False)), "0")


@lowers("aten.quantile.default")
def quantile(
    x: Operand,
    q: Operand,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Result,
) -> t.Expr:
    """aten::quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor"""  # noqa: E501
    return _quantile(x, q.lent(), dim, keepdim, interpolation, out, skip_nan=False)


@lowers("aten.quantile.scalar")
def quantile_scalar(
    x: Operand,
    q: float,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Result,
) -> t.Expr:
    """aten::quantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor"""  # noqa: E501
    return _quantile(x, _number(q, out), dim, keepdim, interpolation, out, skip_nan=False)


@lowers("aten.nanquantile.default")
def nanquantile(
    x: Operand,
    q: Operand,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Result,
) -> t.Expr:
    """aten::nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor"""  # noqa: E501
    return _quantile(x, q.lent(), dim, keepdim, interpolation, out, skip_nan=True)


@lowers("aten.nanquantile.scalar")
def nanquantile_scalar(
    x: Operand,
    q: float,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Result,
) -> t.Expr:
    """aten::nanquantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor"""  # noqa: E501
    return _quantile(x, _number(q, out), dim, keepdim, interpolation, out, skip_nan=True)


def _number(q: float, out: Result) -> t.Expr:
    return t.ref(t.call("Tensor::new", t.Number(q, "f64", suffix=True), out.device()))


def _quantile(
    x: Operand,
    q: t.Expr,
    dim: int | None,
    keepdim: bool,
    interpolation: str,
    out: Result,
    *,
    skip_nan: bool,
) -> t.Expr:
    require_float(x)
    if interpolation not in _INTERPOLATIONS:
        supported = ", ".join(_INTERPOLATIONS)
        raise Unsupported("interpolation", repr(interpolation), supported=supported)
    is_flat = dim is None or not x.rank
    whole = t.ref(t.method(x.expr, "flatten_all")) if is_flat else x.lent()
    place = t.usize(0 if dim is None else x.dim(dim))
    settings = (boolean(keepdim and not is_flat), t.Text(interpolation), boolean(skip_nan))
    found = t.call(out.runtime("quantile"), whole, q, place, *settings)
    return t.method(found, "reshape", out.dims()) if is_flat and keepdim and x.rank else found


@lowers("aten.isin.Tensor_Tensor")
def isin(
    elements: Operand,
    test_elements: Operand,
    *,
    assume_unique: bool = False,
    invert: bool = False,
    out: Result,
) -> t.Expr:
    """aten::isin.Tensor_Tensor(Tensor elements, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor

    Whether elements are unique says nothing of which are found.
    """  # noqa: E501
    return _isin(elements, test_elements, out, invert=invert)


@lowers("aten.isin.Tensor_Scalar")
def isin_scalar(
    elements: Operand,
    test_element: Scalar,
    *,
    assume_unique: bool = False,
    invert: bool = False,
    out: Result,
) -> t.Expr:
    """aten::isin.Tensor_Scalar(Tensor elements, Scalar test_element, *, bool assume_unique=False, bool invert=False) -> Tensor"""  # noqa: E501
    return _isin(elements, test_element, out, invert=invert)


@lowers("aten.isin.Scalar_Tensor")
def isin_of_scalar(
    element: Scalar,
    test_elements: Operand,
    *,
    assume_unique: bool = False,
    invert: bool = False,
    out: Result,
) -> t.Expr:
    """aten::isin.Scalar_Tensor(Scalar element, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor"""  # noqa: E501
    return _isin(element, test_elements, out, invert=invert)


def _isin(
    elements: Operand | Scalar, tested: Operand | Scalar, out: Result, *, invert: bool
) -> t.Expr:
    kind = promote([elements, tested])
    lent: list[t.Expr] = []
    for item in (elements, tested):
        if isinstance(item, Operand):
            lent.append(to_promoted(item, kind, out).lent())
        elif isinstance(item, SizeOperand):
            raise Unsupported("element", str(item.size), supported="a fixed number")
        else:
            # Rounded as the tensor that it is compared with.
            number = t.call("Tensor::new", literal(item, kind), out.device())
            lent.append(t.ref(t.method(number, "to_dtype", promoted_dtype(kind, out))))
    return t.call(out.runtime("isin"), *lent, boolean(invert))
