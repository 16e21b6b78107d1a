"""Arguments and results of lowerings in the form that Rust takes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from pycandle.dtypes import DTYPES
from pycandle.ir.configured import to_float, to_int
from pycandle.ir.signs import most, with_signs_last
from pycandle.ir.sizes import Size, combine
from pycandle.ir.types import DTypeConstant, TensorType
from pycandle.lowering.operand import (
    Layout,
    Lowered,
    Operand,
    Result,
    SizeOperand,
    Unsupported,
    cast,
    shape_expr,
)
from pycandle.rust import tree as t

Integer: TypeAlias = int | SizeOperand
"""An argument of the schema's type SymInt."""

_LITERALS = {
    "float32": "f32",
    "float64": "f64",
    "int64": "i64",
    "int32": "i32",
    "int16": "i16",
    "uint32": "u32",
    "uint8": "u8",
    "bool": "u8",
}


def size_of(value: Integer) -> Size:
    """Returns an argument as a size."""
    return value.size if isinstance(value, SizeOperand) else value


def usize(value: Integer, role: str = "") -> t.Expr:
    """Returns an argument that is not negative as a `usize`."""
    return value.expr if isinstance(value, SizeOperand) else t.usize(value, role)


def usizes(values: Iterable[int], role: str) -> t.Expr:
    """Returns numbers of one role as an array."""
    return t.array_of([t.usize(value, role) for value in values])


def sized(out: Result, size: Size, role: str) -> t.Expr:
    """Returns Rust for a size; a number has a role, by which an argument of it is named."""
    return t.usize(size, role) if isinstance(size, int) else out.sizes(size)


def known(name: str, value: Integer) -> int:
    """Returns an argument that has to be a number."""
    if isinstance(value, SizeOperand):
        raise Unsupported(name, str(value.size), supported="a fixed number")
    return value


def from_front(index: Integer, size: Size) -> Size:
    """Returns an index into a dim counted from the front, as Python counts negative ones."""
    place = size_of(index)
    if isinstance(place, int):
        return combine("-", size, -place) if place < 0 else place
    high = most(place)
    # One that may have either sign has that of the recording, which the recorded conditions keep.
    return with_signs_last(combine("+", size, place)) if high is not None and high <= 0 else place


def kept(x: Operand) -> Lowered:
    """Returns an operand as it is."""
    return Lowered(x.expr, x.layout)


def strided(x: Operand, expr: t.Expr) -> Lowered:
    """Returns a view of an operand that need not be contiguous."""
    return Lowered(expr, max(x.layout, Layout.STRIDED))


def tensor_slice(items: Iterable[Operand]) -> t.Expr:
    """Returns `&[&a, &b]`."""
    return t.Reference(t.array_of(item.lent() for item in items))


def slice_of(items: Iterable[t.Expr]) -> t.Expr:
    """Returns `&[a, b]`."""
    return t.Reference(t.array_of(items))


def optional(x: Operand | None) -> t.Expr:
    """Returns `Some(&x)`, or `None`."""
    return t.path("None") if x is None else t.Call("Some", (x.lent(),))


def boolean(value: bool) -> t.Expr:
    """Returns `true` or `false`."""
    return t.path("true" if value else "false")


def dims_expr(dims: Sequence[int]) -> t.Expr:
    """Returns dims as a `Dims`: one alone is a number."""
    if len(dims) == 1:
        return t.usize(dims[0])
    if len(dims) > 6:
        return t.array_of([t.usize(dim) for dim in dims])
    return t.tuple_of([t.usize(dim) for dim in dims])


def shape_of(sizes: Sequence[t.Expr]) -> t.Expr:
    """Returns a shape; one size alone is a number."""
    return sizes[0] if len(sizes) == 1 else shape_expr(list(sizes))


def require_float(x: Operand, name: str = "self") -> None:
    """Refuses integers and bools, of which Candle's kernel makes zeros, an error or a panic."""
    if not x.type.is_float:
        raise Unsupported(name, f"a tensor of {x.dtype}", supported="floats")


def is_half_or_may_be(kind: TensorType) -> bool:
    """Whether a sum in this dtype may run in 16 bits, which Candle does not widen by itself."""
    return kind.follows_model or kind.dtype in ("float16", "bfloat16")


def same_type(x: TensorType, y: TensorType) -> bool:
    """Whether two tensors have one dtype in a model of any dtype."""
    return x.dtype == y.dtype and x.follows_model == y.follows_model


def to_type(x: Operand, kind: TensorType, dtype: t.Expr) -> Operand:
    """Returns an operand in the dtype of `kind`, which `dtype` is in Rust."""
    if same_type(x.type, kind):
        return x
    expr = cast(x, dtype, to_bool=kind.is_bool)
    return replace(x, expr=expr, type=TensorType(kind.dtype, x.shape, kind.follows_model))


def to_result(x: Operand, out: Result) -> Operand:
    """Returns an operand in the result's dtype, as torch promotes it."""
    return to_type(x, out.tensor, out.dtype())


def broadcast_to(x: Operand, shape: tuple[Size, ...], out: Result) -> Operand:
    """Returns an operand in a wider shape."""
    if x.shape == shape:
        return x
    sizes = shape_expr([out.sizes(size) for size in shape])
    kind = replace(x.type, shape=shape)
    return replace(
        x, expr=t.method(x.expr, "broadcast_as", sizes), type=kind, layout=Layout.BROADCAST
    )


def broadcast_to_result(x: Operand, out: Result) -> Operand:
    """Returns an operand in the result's shape."""
    return broadcast_to(x, out.shape, out)


def cast_argument(x: Operand, dtype: DTypeConstant | None, out: Result) -> Operand:
    """Returns an operand in the dtype that the op is asked to compute in."""
    return x if dtype is None else to_result(x, out)


def index_tensor(x: Operand, name: str = "index") -> Operand:
    """Returns indices in a dtype that Candle takes as such."""
    if x.type.is_integer and x.dtype not in ("int64", "uint8"):
        return x.to_dtype("int64")
    if x.dtype != "int64":
        raise Unsupported(name, f"a tensor of {x.dtype}", supported="int64, int32")
    return x


def literal(value: float, kind: TensorType) -> t.Expr:
    """Returns a scalar of a dtype, `0f32`; halves, and the model's dtype, are cast from `f32`."""
    type_ = _LITERALS.get(kind.dtype, "f32")
    if kind.dtype not in _LITERALS and not kind.is_float:
        raise Unsupported("dtype", kind.dtype, supported=", ".join(_LITERALS))
    if kind.is_bool:
        value = bool(value)
    number = to_int(value) if type_[0] in "iu" else to_float(value)
    if type_[0] in "iu" and number != value:
        raise Unsupported("value", value, supported=f"whole numbers, for {kind.dtype}")
    if type_[0] in "iu":
        bits = DTYPES[kind.dtype].bits
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if type_[0] == "i" else (0, 2**bits)
        if not low <= number < high:
            raise Unsupported("value", value, supported=f"values of {kind.dtype}")
    return t.Number(number, type_, suffix=True)


def filling(value: float, kind: TensorType, name: str = "value") -> t.Expr:
    """Returns a scalar that a kernel casts from `f64` to a dtype. Any but 0 is true as a bool."""
    if kind.is_bool:
        value = bool(value)
    if isinstance(value, int) and int(float(value)) != value:
        raise Unsupported(name, value, supported="integers that float64 holds exactly")
    return t.f64(value, name)


def full(value: float, out: Result) -> t.Expr:
    """Returns a tensor of the result's shape and dtype that holds one value."""
    expr = t.call("Tensor::full", literal(value, out.tensor), out.dims(), out.device())
    if out.tensor.follows_model or out.tensor.dtype not in _LITERALS:
        return t.method(expr, "to_dtype", out.dtype())
    return expr
