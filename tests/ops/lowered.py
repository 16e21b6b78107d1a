"""A row as the body of a Rust function."""

from __future__ import annotations

import itertools
import string
from dataclasses import dataclass, field
from typing import Any

import torch

from ops.case import ModelDType, OpCase, T, bind
from ops.values import Run
from pycandle.ir.sizes import Operation, Size, Symbol, combine, evaluate
from pycandle.ir.types import DTypeConstant, TensorType, TupleType
from pycandle.lowering import LOWERINGS
from pycandle.lowering.operand import (
    Items,
    Layout,
    Lowered,
    Operand,
    Result,
    Several,
    SizeOperand,
)
from pycandle.rust import printer
from pycandle.rust import tree as t

_LAYOUTS = {
    "contiguous": Layout.CONTIGUOUS,
    "transposed": Layout.STRIDED,
    "narrowed": Layout.STRIDED,
    "offset": Layout.STRIDED,
    "broadcast": Layout.BROADCAST,
}


FORMS = ("borrowed", "owned", "temporary")
"""How tensor arguments stand in a body: a parameter, a variable, or an expression."""


@dataclass(frozen=True)
class Body:
    """What a lowering returned, printed."""

    rust: str
    """The expression, or several, one a line."""
    text: str
    """The body of a function that returns `Result<Vec<Tensor>>`."""
    layouts: tuple[Layout, ...]
    """What the lowering says of each result."""
    runtime: tuple[str, ...]
    """The kernels that it calls."""


@dataclass
class _Scope:
    form: str
    names: list[str] = field(default_factory=list[str])
    kernels: set[str] = field(default_factory=set[str])


def lower(case: OpCase, runs: list[Run], form: str = "borrowed") -> Body:
    """Returns the Rust of a row. Raises Unsupported, or KeyError for an op without a lowering."""
    scope = _Scope(form)
    symbols = {name for sizes in case.sizes for name in sizes}
    names = (name for name in string.ascii_lowercase if name not in symbols)

    def tensor(spec: T) -> Operand:
        name = next(names)
        scope.names.append(name)
        kind = TensorType(spec.dtype, spec.sizes, spec.follows)
        expr = _argument(name, form)
        return Operand(expr, kind, _LAYOUTS[spec.lies], size_expr, spec.state)

    def dtype(constant: DTypeConstant | ModelDType) -> DTypeConstant:
        return DTypeConstant("float32") if isinstance(constant, ModelDType) else constant

    def bound(value: Any) -> Any:
        return bind(value, tensor, lambda s: SizeOperand(s, size_expr), dtype, lambda k: k)

    def runtime(name: str) -> str:
        scope.kernels.add(name)
        return f"runtime::{name}"

    args = [bound(value) for value in case.args]
    kwargs = {name: bound(value) for name, value in case.kwargs.items()}
    types = _types(case, runs)
    result = Result(
        types[0] if len(types) == 1 else TupleType(types),
        size_expr,
        lambda: t.Local("device", borrowed=True),
        lambda: t.Local("dtype", copy=True),
        runtime,
    )
    output = LOWERINGS[case.overload](args, kwargs, result)
    return _body(case, output, len(types), scope)


def _body(case: OpCase, output: Any, count: int, scope: _Scope) -> Body:
    symbols = sorted({name for sizes in case.sizes for name in sizes})
    argument = "inputs[{i}].clone()" if scope.form == "owned" else "&inputs[{i}]"
    lines = [f"let {name} = {argument.format(i=i)};" for i, name in enumerate(scope.names)]
    lines += [f"let {name} = sizes[{i}];" for i, name in enumerate(symbols)]
    match output:
        case Several(expr):
            outputs = [f"r{i}" for i in range(count)]
            rust = printer.expr(expr)
            lines.append(f"let ({', '.join(outputs)}) = {rust};")
            layouts = [Layout.CONTIGUOUS] * count
        case Items(items):
            outputs = [_owned(item) for item in items]
            rust = "\n".join(printer.expr(item) for item in items)
            layouts = [Layout.BROADCAST] * len(items)
        case Lowered(expr, layout):
            outputs, rust, layouts = [_owned(expr)], printer.expr(expr), [layout]
        case expr:
            outputs, rust, layouts = [_owned(expr)], printer.expr(expr), [Layout.CONTIGUOUS]
    lines.append(f"Ok(vec![{', '.join(outputs)}])")
    return Body(rust, "\n".join(lines), tuple(layouts), tuple(sorted(scope.kernels)))


def _argument(name: str, form: str) -> t.Expr:
    match form:
        case "borrowed":
            return t.Local(name, borrowed=True)
        case "owned":
            return t.Local(name)
        case _:
            return t.call("crate::same", t.Local(name, borrowed=True))


def _owned(expr: t.Expr) -> str:
    text = printer.expr(expr)
    return f"{text}.clone()" if isinstance(expr, t.Local) else text


def size_expr(size: Size) -> t.Expr:
    """Returns Rust for a size; a symbol is a variable."""
    match size:
        case int():
            return t.usize(size)
        case Symbol(name):
            return t.Local(name, copy=True)
        case Operation("max" | "min" as op, left, right):
            return t.plain(size_expr(left), op, size_expr(right))
        case Operation(op, left, right):
            return t.Binary("/" if op == "//" else op, size_expr(left), size_expr(right))


def _types(case: OpCase, runs: list[Run]) -> tuple[TensorType, ...]:
    """Returns the types of the results; any for a row that PyTorch refuses as the lowering does."""
    if case.refused is None:
        return result_types(case, runs)
    try:
        return result_types(case, runs)
    except (RuntimeError, IndexError, TypeError, NotImplementedError):
        first = case.tensors[0] if case.tensors else T(())
        return (TensorType(first.dtype, first.sizes, first.follows),)


def result_types(case: OpCase, runs: list[Run]) -> tuple[TensorType, ...]:
    """Returns the types of the results, with symbols, from PyTorch's answers to the runs."""
    plain = [run.answer() for run in runs if run.model in (None, "float32")]
    half = next((run.answer() for run in runs if run.model == "bfloat16"), None)
    found: list[TensorType] = []
    for index, first in enumerate(plain[0]):
        follows = half is not None and half[index].dtype == torch.bfloat16
        shapes = [answer[index].shape for answer in plain]
        shape = case.result or tuple(
            _symbolic(case, [s[dim] for s in shapes]) for dim in range(first.dim())
        )
        found.append(TensorType(str(first.dtype).removeprefix("torch."), shape, follows))
    return tuple(found)


def _symbolic(case: OpCase, sizes: list[int]) -> Size:
    """Returns the simplest size of the arguments that has these values at the row's sizes."""
    if not case.sizes[0] or len(set(sizes)) == 1:
        return sizes[0]
    known = [size for spec in case.tensors for size in spec.sizes if not isinstance(size, int)]
    known += [Symbol(name) for name in case.sizes[0]]
    pairs = itertools.product(["*", "+", "-", "//"], known, [*known, 1, 2, 3, 4])
    for size in itertools.chain(known, (combine(op, a, b) for op, a, b in pairs)):
        if [evaluate(size, symbols) for symbols in case.sizes] == sizes:
            return size
    raise AssertionError(f"{case}: give `result`, the symbolic shape; a dim has {sizes}")
