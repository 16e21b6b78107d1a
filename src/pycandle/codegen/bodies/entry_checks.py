"""The checks of an entry: sizes that the model fixes, and those for which it was recorded."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from pycandle.codegen.config.settings import described
from pycandle.errors import Diagnostic, PyCandleError
from pycandle.ir.configured import is_configured
from pycandle.ir.graph import Condition, Graph
from pycandle.ir.signs import is_never_negative
from pycandle.ir.sizes import Operation, Size, Symbol, evaluate, symbols_of
from pycandle.ir.types import TensorType
from pycandle.lowering.signed_sizes import SignOfDivisor, signed
from pycandle.rust import tree as t
from pycandle.rust.comparison import compared


def input_guards(
    params: Sequence[t.Param], graph: Graph, symbols: dict[Size, str]
) -> Iterator[t.Guard]:
    """Yields the checks of sizes that the model fixes.

    Without them a `reshape` that has one size to choose could mix rows of an input of another size.
    """
    for param, value in zip(params, graph.inputs, strict=True):
        assert isinstance(value.type, TensorType)
        xs = t.Local(param.name, borrowed=True)
        wrong = [
            t.Binary("!=", t.method(xs, "dim", t.Path(str(dim))), t.usize(size))
            for dim, size in enumerate(value.type.shape)
            if isinstance(size, int)
        ]
        if wrong:
            condition = reduce(lambda left, right: t.Binary("||", left, right), wrong)
            sizes = ", ".join(size_text(size, symbols) for size in value.type.shape)
            yield t.Guard(condition, f"`{param.name}` must be ({sizes})")
    for item in graph.conditions:
        if (item.left, item.relation) == (0, "<="):
            continue  # No size is less.
        if not any(_rules_out(other, item) for other in graph.conditions):
            yield _condition(item, _dims(params, graph), symbols)


def _rules_out(other: Condition, item: Condition) -> bool:
    """Whether a condition is that a symbol is not some number, and another one says so as well."""
    symbol, number = item.left, item.right
    if (
        other == item
        or item.relation != "!="
        or not isinstance(symbol, Symbol)
        or not isinstance(number, int)
        or other.except_one is not None
        or {*symbols_of(other.left), *symbols_of(other.right)} != {symbol.name}
    ):
        return False
    try:
        left, right = (evaluate(side, {symbol.name: number}) for side in (other.left, other.right))
    except ArithmeticError:
        return False
    # What settings decide is another number for others of them.
    fixed = not any(map(_is_of_settings, (number, other.left, other.right)))
    return fixed and not _RELATIONS[other.relation](left, right)


def _is_of_settings(size: Size) -> bool:
    match size:
        case Operation(_, left, right):
            return _is_of_settings(left) or _is_of_settings(right)
        case _:
            return is_configured(size)


_RELATIONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
}


def size_names(
    params: Sequence[t.Param], graph: Graph, symbols: dict[Size, str]
) -> dict[tuple[str, int], str]:
    """Returns names for the dims that are symbols, by parameter and dim, without those taken."""
    taken = {param.name for param in params}
    return {
        (param.name, dim): symbols[size]
        for param, value in zip(params, graph.inputs, strict=True)
        if isinstance(value.type, TensorType)
        for dim, size in enumerate(value.type.shape)
        if size in symbols and symbols[size] not in taken
    }


def _dims(params: Sequence[t.Param], graph: Graph) -> dict[Size, t.Expr]:
    """Returns Rust that reads each symbol from the first input whose dim it is."""
    found: dict[Size, t.Expr] = {}
    for param, value in zip(params, graph.inputs, strict=True):
        assert isinstance(value.type, TensorType)
        xs = t.Local(param.name, borrowed=True)
        for dim, size in enumerate(value.type.shape):
            if isinstance(size, Symbol):
                found.setdefault(size, t.method(xs, "dim", t.Path(str(dim))))
    return found


_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">="}


def _condition(item: Condition, dims: dict[Size, t.Expr], symbols: dict[Size, str]) -> t.Guard:
    """Returns the check of sizes for which the model computes what was recorded."""

    def expr(size: Size) -> t.Expr:
        match size:
            case int():
                return t.usize(size)
            case Operation(("max" | "min") as op, left, right):
                return t.Method(expr(left), op, (expr(right),))
            case Operation(op, left, right):
                return t.Binary("/" if op == "//" else op, expr(left), expr(right))
            case _:
                return dims[size]

    left, relation, right = item.left, item.relation, item.right
    if isinstance(left, int) and not _is_of_settings(left):
        left, relation, right = right, _MIRRORED[relation], left
    if is_never_negative(left) and is_never_negative(right):
        # What no size is less than is equal, as clippy has it.
        opposite = "==" if (relation, right) == (">", 0) else _OPPOSITES[relation]
        wrong = compared(opposite, expr(left), expr(right))
    else:
        wrong = t.Binary(_OPPOSITES[relation], _signed(left, expr), _signed(right, expr))
    said = f"{size_text(left, symbols)} {relation} {size_text(right, symbols)}"
    if item.except_one is not None:
        wrong = t.Binary("&&", t.Binary("!=", dims[item.except_one], t.usize(1)), wrong)
        said = f"{said}, or {symbols[item.except_one]} == 1"
    return t.Guard(wrong, f"the sizes must satisfy {said}")


def _signed(size: Size, expr: Callable[[Size], t.Expr]) -> t.Expr:
    """Returns a number of sizes that may be below zero.

    Raises PyCandleError for a divisor that may be: its quotient is another one in Rust.
    """
    try:
        return signed(size, expr)
    except SignOfDivisor as error:
        raise PyCandleError(
            Diagnostic(
                "unsupported-size",
                f"the model's code asks about `{error}`, whose divisor may be below zero",
                hint="a size that is divided by a difference of sizes has no check in Rust",
            )
        ) from None


def size_text(size: Size, symbols: dict[Size, str]) -> str:
    """Returns a size for documentation and messages."""
    if is_configured(size):
        return described(size.formula)
    if isinstance(size, int):
        return str(size)
    if size in symbols:
        return symbols[size]
    match size:
        case Operation(("max" | "min") as op, left, right):
            return f"{op}({size_text(left, symbols)}, {size_text(right, symbols)})"
        case Operation(op, left, right):
            inner = size_text(left, symbols)
            first = f"({inner})" if isinstance(left, Operation) and op not in "+-" else inner
            last = size_text(right, symbols)
            last = f"({last})" if isinstance(right, Operation) else last
            return f"{first} {op.replace('//', '/')} {last}"
        case _:
            return str(size)
