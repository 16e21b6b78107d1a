"""Rust expressions, statements and items, and short functions that build them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

Literal: TypeAlias = "int | float | tuple[Expr, ...] | None"


@dataclass(frozen=True)
class Path:
    """A path or a constant: `candle_nn::ops::softmax`, `DType::F32`, `None`."""

    text: str


@dataclass(frozen=True)
class Local:
    """A variable. `borrowed` says that it holds a reference already."""

    name: str
    borrowed: bool = False
    copy: bool = False
    """Whether its type is `Copy`, as a size's is, so that it needs neither `&` nor `clone`."""


@dataclass(frozen=True)
class Number:
    """A number in the output. Where instances of a body differ in one, it becomes an argument."""

    value: Literal
    """For an `Option`: None, or the numbers inside."""
    type: str
    """`usize`, `i64`, `f64`, `bool`, `Option<(usize, usize)>` ..."""
    role: str = ""
    """What the number is, `in_channels`: the name of the argument that it may become."""
    suffix: bool = False
    """Whether the literal needs its type written behind it."""


@dataclass(frozen=True)
class Text:
    """A string literal."""

    value: str


@dataclass(frozen=True)
class Field:
    """`owner.name`."""

    owner: Expr
    name: str


@dataclass(frozen=True)
class Index:
    """`owner[position]`."""

    owner: Expr
    position: int


@dataclass(frozen=True)
class Method:
    """`receiver.name(args)`."""

    receiver: Expr
    name: str
    args: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Call:
    """`function(args)`."""

    function: str
    args: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Try:
    """`inner?`."""

    inner: Expr


@dataclass(frozen=True)
class Reference:
    """`&inner`."""

    inner: Expr


@dataclass(frozen=True)
class Binary:
    """`left op right`. Printed with the parentheses that its place needs."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Negate:
    """`-inner` or `!inner`."""

    op: str
    inner: Expr


@dataclass(frozen=True)
class Cast:
    """`inner as type`."""

    inner: Expr
    type: str


@dataclass(frozen=True)
class Tuple:
    """`(a, b)`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Array:
    """`[a, b]`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Closure:
    """`|params| body`."""

    params: str
    body: Expr


@dataclass(frozen=True)
class StructLiteral:
    """`Name { field: value, .. }`; `rest` follows after `..`."""

    name: str
    fields: tuple[tuple[str, Expr], ...]
    rest: Expr | None = None


@dataclass(frozen=True)
class Block:
    """`{ statements; result }`."""

    statements: tuple[Statement, ...]
    result: Expr


@dataclass(frozen=True)
class Match:
    """`match subject { pattern => body, .. }`."""

    subject: Expr
    arms: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class If:
    """`if condition { yes } else { no }`."""

    condition: Expr
    yes: Expr
    no: Expr


Expr: TypeAlias = (
    Path
    | Local
    | Number
    | Text
    | Field
    | Index
    | Method
    | Call
    | Try
    | Reference
    | Binary
    | Negate
    | Cast
    | Tuple
    | Array
    | Closure
    | StructLiteral
    | Block
    | Match
    | If
)


@dataclass(frozen=True)
class Let:
    """`let [mut] pattern = value;`."""

    pattern: str
    value: Expr
    mutable: bool = False


@dataclass(frozen=True)
class Assign:
    """`target = value;`."""

    target: str
    value: Expr


@dataclass(frozen=True)
class For:
    """`for pattern in iterable { body }`."""

    pattern: str
    iterable: Expr
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Run:
    """An expression for its effect: `value;`."""

    value: Expr


@dataclass(frozen=True)
class Guard:
    """`if condition { candle_core::bail!(message) }`."""

    condition: Expr
    message: str
    variable: str = ""
    """A variable whose value stands in the message, there in braces."""


Statement: TypeAlias = Let | Assign | For | Run | Guard


@dataclass(frozen=True)
class Param:
    """A parameter of a function."""

    name: str
    type: str


@dataclass(frozen=True)
class Function:
    """A function or a method."""

    name: str
    params: tuple[Param, ...]
    result: str
    body: tuple[Statement, ...]
    tail: Expr
    """The value of the body; `Ok(..)` around it is the printer's where it is not a `Try`."""
    doc: tuple[str, ...] = ()
    public: bool = False
    receiver: bool = False
    """Whether the first parameter is `&self`."""
    fallible: bool = True
    """Whether the result is wrapped in `Result`."""


@dataclass(frozen=True)
class StructField:
    """A field of a struct."""

    name: str
    type: str
    doc: str | None = None


@dataclass(frozen=True)
class Struct:
    """A struct with its methods."""

    name: str
    fields: tuple[StructField, ...]
    methods: tuple[Function, ...] = ()
    doc: tuple[str, ...] = ()
    public: bool = False
    public_fields: bool = False
    derive: str = "Debug, Clone"


@dataclass(frozen=True)
class Enum:
    """An enum of which each variant holds one value, or none."""

    name: str
    variants: tuple[tuple[str, str], ...]
    """Name and type of each; no type where it holds nothing."""
    doc: tuple[str, ...] = ()
    public: bool = False


Item: TypeAlias = Struct | Enum | Function


@dataclass(frozen=True)
class File:
    """A source file."""

    doc: tuple[str, ...]
    uses: tuple[str, ...]
    items: tuple[Item, ...]
    modules: tuple[str, ...] = field(default=())
    """`mod name;` lines."""
    shared: frozenset[str] = frozenset()
    """The names of items that the module around it uses."""


def path(text: str) -> Path:
    """Returns a path expression."""
    return Path(text)


def usize(value: int, role: str = "") -> Number:
    """Returns a size as a literal."""
    return Number(value, "usize", role)


def f64(value: float, role: str = "") -> Number:
    """Returns a float as a literal."""
    # Multiplied, and not converted: a subclass of a number stays one.
    return Number(value if isinstance(value, float) else value * 1.0, "f64", role)


def call(function: str, *args: Expr) -> Try:
    """Returns `function(args)?`."""
    return Try(Call(function, args))


def method(receiver: Expr, name: str, *args: Expr) -> Try:
    """Returns `receiver.name(args)?`."""
    return Try(Method(receiver, name, args))


def plain(receiver: Expr, name: str, *args: Expr) -> Method:
    """Returns `receiver.name(args)`, which cannot fail."""
    return Method(receiver, name, args)


def ref(inner: Expr) -> Expr:
    """Returns `&inner`, or `inner` where that is a reference already."""
    if isinstance(inner, Reference) or (
        isinstance(inner, Local) and (inner.borrowed or inner.copy)
    ):
        return inner
    if isinstance(inner, Method) and inner.name in _LENDING:
        return inner
    return Reference(inner)


_LENDING = {"embeddings", "weight", "shape", "device", "dims"}
"""Methods of Candle that return a reference."""


def is_place(inner: Expr) -> bool:
    """Whether an expression names something that exists already, so that using it moves it."""
    return isinstance(inner, Local | Field)


def operand(inner: Expr) -> Expr:
    """Returns an operand of `+ - * /`: a place is lent, a temporary is given away."""
    return ref(inner) if is_place(inner) else inner


def arithmetic(op: str, left: Expr, right: Expr) -> Try:
    """Returns `(left op right)?` on tensors; a number on either side stays as it is."""
    return Try(Binary(op, operand(left), operand(right)))


def tuple_of(items: Iterable[Expr]) -> Expr:
    """Returns `(a, b)`; one item alone keeps its comma."""
    return Tuple(tuple(items))


def array_of(items: Iterable[Expr]) -> Expr:
    """Returns `[a, b]`."""
    return Array(tuple(items))
