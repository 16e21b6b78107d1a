"""Arguments and results as a lowering sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

from pycandle.dtypes import DTYPES
from pycandle.ir.signs import is_never_negative
from pycandle.ir.sizes import Size
from pycandle.ir.types import TensorType, TupleType
from pycandle.lowering.signed_sizes import SignOfDivisor, signed
from pycandle.rust import tree as t


class Layout(IntEnum):
    """How a tensor lies in memory, from the safest to the worst."""

    CONTIGUOUS = 0
    STRIDED = 1
    """Perhaps transposed, narrowed or offset."""
    BROADCAST = 2
    """Perhaps with a stride of 0, which some of Candle's kernels read wrongly."""


class Unsupported(Exception):
    """Raised by a lowering for an argument that it cannot honour."""

    def __init__(self, argument: str, value: object, *, supported: str) -> None:
        """Names the argument, its value and what would work."""
        self.argument = argument
        self.value = value
        self.supported = supported
        super().__init__(f"`{argument}` is {value}; supported: {supported}")


@dataclass(frozen=True)
class SizeOperand:
    """An integer argument that is computed of sizes."""

    size: Size
    sizes: Callable[[Size], t.Expr]
    """Rust that computes a `usize`."""

    @property
    def expr(self) -> t.Expr:
        """Returns Rust that computes a `usize`, for a number that is not below zero."""
        return self.sizes(self.size)

    def number(self, type_: str) -> t.Expr:
        """Returns Rust that computes a number of a signed type, also where it is below zero."""
        try:
            expr = self.expr
            if isinstance(expr, t.Local) or is_never_negative(self.size):
                return t.Cast(expr, type_)
            found = signed(self.size, self.sizes)
        except SignOfDivisor:
            raise Unsupported("other", self.size, supported="divisors above zero") from None
        return found if type_ == "i64" else t.Cast(found, type_)


def _literal_size(size: Size) -> t.Expr:
    assert isinstance(size, int)
    return t.usize(size)


@dataclass(frozen=True)
class Operand:
    """A tensor argument."""

    expr: t.Expr
    type: TensorType
    layout: Layout = Layout.CONTIGUOUS
    sizes: Callable[[Size], t.Expr] = _literal_size
    """Rust for a size; a symbol is read from a tensor in scope."""
    is_state: bool = False
    """Whether it is a weight, buffer or constant of the model."""
    is_option: bool = False
    """Whether the Rust is an `Option`, which calls of modules take and no op does."""

    @property
    def rank(self) -> int:
        """The number of dims."""
        return len(self.type.shape)

    @property
    def shape(self) -> tuple[Size, ...]:
        """Sizes, numbers or expressions in symbols."""
        return self.type.shape

    @property
    def dtype(self) -> str:
        """The recorded dtype, by torch's name."""
        return self.type.dtype

    def dim(self, dim: int) -> int:
        """Returns a dim counted from the front."""
        return normalize_dim(dim, self.rank)

    def size(self, dim: int) -> t.Expr:
        """Returns Rust for the size of a dim."""
        return self.sizes(self.type.shape[self.dim(dim)])

    def lent(self) -> t.Expr:
        """Returns the tensor as `&Tensor`."""
        return t.ref(self.expr)

    def contiguous(self) -> Operand:
        """Returns the operand in row-major order; prints nothing where it is already."""
        if self.layout is Layout.CONTIGUOUS:
            return self
        return replace(self, expr=t.method(self.expr, "contiguous"), layout=Layout.CONTIGUOUS)

    def to_dtype(self, dtype: str) -> Operand:
        """Returns the operand in a fixed dtype, by torch's name."""
        if self.type.dtype == dtype and not self.type.follows_model:
            return self
        expr = cast(self, t.path(candle_dtype(dtype)), to_bool=dtype == "bool")
        return replace(self, expr=expr, type=TensorType(dtype, self.type.shape))


@dataclass(frozen=True)
class ListOperand:
    """Tensors in one argument, of one dtype: `&[Tensor]`."""

    expr: t.Expr
    layout: Layout = Layout.CONTIGUOUS
    """Each of them is contiguous."""
    is_option: bool = False
    """A list is there in every call."""

    def lent(self) -> t.Expr:
        """Returns the list as `&[Tensor]`."""
        return t.ref(self.expr)

    def contiguous(self) -> ListOperand:
        """Returns the list itself."""
        return self


def cast(x: Operand, dtype: t.Expr, *, to_bool: bool) -> t.Expr:
    """Returns Rust that casts as torch does: to bool by `!= 0`, else by value."""
    if to_bool and not x.type.is_bool:
        return t.method(x.expr, "ne", t.Number(0, "f64"))
    return t.method(x.expr, "to_dtype", dtype)


def candle_dtype(dtype: str) -> str:
    """Returns `DType::F32` for `float32`."""
    name = DTYPES[dtype].candle
    if name is None:
        raise Unsupported("dtype", dtype, supported="dtypes that Candle has")
    return f"DType::{name}"


def normalize_dim(dim: int, rank: int) -> int:
    """Returns a dim counted from the front; a tensor without dims has dim 0 and -1, as in torch."""
    limit = max(rank, 1)
    if not -limit <= dim < limit:
        raise Unsupported("dim", dim, supported=f"{-limit} to {limit - 1}")
    return dim + limit if dim < 0 else dim


@dataclass(frozen=True)
class Result:
    """What the op computes, for lowerings that need it: its type, and Rust from the scope."""

    type: TensorType | TupleType
    sizes: Callable[[Size], t.Expr]
    device: Callable[[], t.Expr]
    """Rust for a `&Device`."""
    model_dtype: Callable[[], t.Expr]
    """Rust for the dtype that the model's weights have at run time."""
    runtime: Callable[[str], str]
    """Asks for a kernel of the runtime by name; returns the path to call it by."""

    @property
    def tensor(self) -> TensorType:
        """The type, for an op with one result."""
        assert isinstance(self.type, TensorType)
        return self.type

    @property
    def shape(self) -> tuple[Size, ...]:
        """The sizes of the one result."""
        return self.tensor.shape

    def size(self, dim: int) -> t.Expr:
        """Returns Rust for the size of a dim of the one result."""
        return self.sizes(self.tensor.shape[normalize_dim(dim, self.tensor.rank)])

    def dims(self) -> t.Expr:
        """Returns the shape as a tuple of sizes, or `&[..]` above what Candle's tuples hold."""
        return shape_expr([self.sizes(size) for size in self.tensor.shape])

    def dtype(self) -> t.Expr:
        """Returns Rust for the result's dtype."""
        if self.tensor.follows_model:
            return self.model_dtype()
        return t.path(candle_dtype(self.tensor.dtype))


def shape_expr(sizes: list[t.Expr]) -> t.Expr:
    """Returns a shape: a tuple up to six dims, which is what `Shape: From` covers, else a slice."""
    if not sizes:
        return t.tuple_of(())
    if len(sizes) > 6:
        return t.Reference(t.array_of(sizes))
    return t.tuple_of(sizes)


@dataclass(frozen=True)
class Items:
    """Several results, each an expression of its own: `split`, `chunk`, `unbind`."""

    items: tuple[t.Expr, ...]


@dataclass(frozen=True)
class Lowered:
    """A result whose layout is not the default, which is contiguous."""

    expr: t.Expr
    layout: Layout


@dataclass(frozen=True)
class Several:
    """One Rust expression that returns a tuple of results: `sort`, `max.dim`."""

    expr: t.Expr
