"""The fields of `Config`, and Rust for numbers that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from pycandle.formulas import Constant, Formula, Operation, Setting, folded, render, settings_of
from pycandle.ir.configured import is_configured
from pycandle.ir.origins import Origins
from pycandle.rust import tree as t
from pycandle.rust.comparison import compared
from pycandle.rust.names import Names, snake

Leaf: TypeAlias = Callable[[str], t.Expr]
"""Rust for the value of a setting."""

Condition: TypeAlias = tuple[Formula, str, Formula]
"""`left relation right`."""


class ConfigFields(dict[str, "int | float"]):
    """The fields of `Config` that code reads, with their recorded values, in order of first use."""

    def __init__(self, origins: Origins | None = None) -> None:
        """`origins`: what is known of the numbers."""
        super().__init__()
        self.origins = origins or Origins()
        names = Names({"recorded", "from_json"})
        lasts = [path.split(".")[-1] for path in self.origins.settings]
        self.names: dict[str, str] = {}
        for path, last in zip(self.origins.settings, lasts, strict=True):
            clear = last if lasts.count(last) == 1 and not last.isdigit() else path
            self.names[path] = names.fresh(snake(clear.replace(".", "_")))
        for kinds in self.origins.kinds.values():
            if kinds.path not in self.names:
                self.names[kinds.path] = names.fresh(snake(kinds.path.rpartition(".")[2]))

    def use(self, path: str) -> str:
        """Returns the name of the field for a setting, which `Config` then has."""
        self[self.names[path]] = self.origins.settings[path]
        return self.names[path]

    def count(self, wanted: str, value: int) -> str:
        """Returns the name of the field for a number that has no setting; it may get a suffix."""
        name, count = wanted, 2
        while self.get(name, value) != value or name in self.names.values():
            name, count = f"{wanted}_{count}", count + 1
        self[name] = value
        return name

    def name_of(self, value: object) -> str:
        """Returns the name that Python has for a number that follows from settings, if any."""
        if not is_configured(value):
            return ""
        if isinstance(value.formula, Setting):
            return self.names[value.formula.path]
        names = (held.get(value.formula) for held in self.origins.attributes.values())
        found = next((name for name in names if name), None)
        return snake(found) if found else ""

    def is_float(self, path: str) -> bool:
        """Whether the value of a setting is a float."""
        return isinstance(self.origins.settings[path], float)

    def in_order(self) -> dict[str, int | float]:
        """Returns the fields: those of settings in the order of the settings, then the others."""
        first = [name for name in self.names.values() if name in self]
        return {name: self[name] for name in dict.fromkeys([*first, *self])}


def rust_formula(
    formula: Formula, type_: str, leaf: Leaf, is_float: Callable[[str], bool]
) -> t.Expr:
    """Returns Rust for a formula, as a number of a Rust type."""
    return _as(type_, *_Printer(leaf, is_float).expr(folded(formula)))


def setting_guards(config: ConfigFields) -> tuple[t.Statement, ...]:
    """Returns the checks that refuse settings with which the model is another program."""
    return tuple(
        t.Run(t.call(f"runtime::{GUARD}", is_other, t.Text(said)))
        for is_other, said in _conditions(config)
    )


GUARD = "refuse_settings"
"""The kernel that refuses settings."""


def _conditions(config: ConfigFields) -> Iterator[tuple[t.Expr, str]]:
    """Yields each condition under which the model is another program, in Rust and as text."""

    def leaf(path: str) -> t.Expr:
        return t.Field(t.Local("cfg", borrowed=True), config.use(path))

    for left, relation, right in strongest(config.origins.excluded):
        sides = [expr_and_type(side, leaf, config.is_float) for side in (left, right)]
        kind = "f64" if any(kind == "f64" for _, kind in sides) else "usize"
        one, other = (rust_formula(side, kind, leaf, config.is_float) for side in (left, right))
        if kind == "usize" and right == Constant(0):
            # No size is below 0.
            relation = {"<=": "==", ">": "!="}.get(relation, relation)
        said = f"{described(left)} {relation} {described(right)}"
        same = t.Binary(relation, one, other)
        yield compared(relation, one, other) if kind == "usize" else same, said


def strongest(conditions: Sequence[Condition]) -> list[Condition]:
    """Returns the conditions without those that follow from another: `x < 4` from `x < 8`."""
    return [
        one
        for at, one in enumerate(conditions)
        if not any(
            _implies(one, other) and not (other_at > at and _implies(other, one))
            for other_at, other in enumerate(conditions)
            if other_at != at
        )
    ]


def _implies(one: Condition, other: Condition) -> bool:
    """Whether one condition holds only where another does: both bound a multiple of one size."""
    (base, factor, bound), (other_base, other_factor, other_bound) = _bound(one), _bound(other)
    if (base, one[1]) != (other_base, other[1]) or not bound or not other_bound:
        return False
    mine, theirs = bound * other_factor, other_bound * factor
    return mine <= theirs if one[1] in ("<", "<=") else mine >= theirs


def _bound(condition: Condition) -> tuple[Formula, int, int]:
    """Returns what is compared, by what it is multiplied, and with what; 0 for no such bound."""
    left, relation, right = condition
    factor = 1
    while isinstance(left, Operation) and left.op == "*":
        one, other = left.args
        if not isinstance(other, Constant) or not isinstance(other.value, int):
            break
        left, factor = one, factor * other.value
    if relation not in ("<", "<=", ">", ">=") or not isinstance(right, Constant):
        return left, factor, 0
    return left, factor, right.value if isinstance(right.value, int) and factor > 0 else 0


def expr_and_type(
    formula: Formula, leaf: Leaf, is_float: Callable[[str], bool]
) -> tuple[t.Expr, str]:
    """Returns Rust for a formula, and its type: `usize`, `i64` or `f64`."""
    return _Printer(leaf, is_float).expr(formula)


def is_short(formula: Formula) -> bool:
    """Whether a formula reads well in the middle of an expression."""
    match formula:
        case Setting():
            return True
        case Operation("+" | "-" | "*" | "//", (left, right)):
            return all(isinstance(arg, Setting | Constant) for arg in (left, right))
        case _:
            return False


def described(formula: Formula) -> str:
    """Returns a formula as text with the last part of each path, for documentation and messages."""
    text = render(folded(formula)).replace("//", "/")
    for path in sorted(set(settings_of(formula)), key=len, reverse=True):
        text = text.replace(path, _last_name(path))
    return text


def _last_name(path: str) -> str:
    *_, before, last = ("", *path.split("."))
    return f"{snake(before)}[{last}]" if last.isdigit() else snake(last)


class _Printer:
    def __init__(self, leaf: Leaf, is_float: Callable[[str], bool]) -> None:
        self.leaf = leaf
        self.is_float = is_float

    def expr(self, formula: Formula) -> tuple[t.Expr, str]:
        """Returns Rust and its type: `usize`, `i64` or `f64`."""
        match formula:
            case Constant(float() as value):
                return t.f64(value), "f64"
            case Constant(value):
                return t.usize(int(value)), "usize"
            case Setting(path):
                return self.leaf(path), "f64" if self.is_float(path) else "usize"
            case Operation("+", (Operation("*", (minus_one, less)), more)) if _is_minus_one(
                minus_one
            ) and "f64" not in (self.expr(less)[1], self.expr(more)[1]):
                return t.Binary("-", self._signed(more), self._signed(less)), "i64"
            case Operation("neg", (inner,)):
                expr, kind = self.expr(inner)
                kind = "i64" if kind == "usize" else kind
                return t.Negate("-", _as(kind, expr, "usize" if kind == "i64" else kind)), kind
            case Operation("**", (base, power)):
                return self._power(base, power)
            case Operation("int", (inner,)):
                return _as("usize", *self.expr(inner)), "usize"
            case Operation("float", (inner,)):
                return _as("f64", *self.expr(inner)), "f64"
            case Operation(("max" | "min") as op, (left, right)):
                (one, other), kind = self._alike(left, right)
                return t.Method(one, op, (other,)), kind
            case Operation(("floor" | "ceil" | "round") as op, (inner,)):
                return t.Cast(t.Method(self._float(inner), op), "usize"), "usize"
            case Operation("sqrt", (inner,)):
                return t.Method(self._float(inner), "sqrt"), "f64"
            case Operation("log", (inner,)):
                return t.Method(self._float(inner), "ln"), "f64"
            case Operation("/", (left, right)):
                return t.Binary("/", self._float(left), self._float(right)), "f64"
            case Operation(op, (left, right)):
                (one, other), kind = self._alike(left, right)
                made = t.Binary("/" if op == "//" else op, one, other)
                return (t.Method(made, "floor") if op == "//" and kind == "f64" else made), kind
            case Operation(op, _):
                raise ValueError(f"no Rust for `{op}`")

    def _float(self, formula: Formula) -> t.Expr:
        return _as("f64", *self.expr(formula))

    def _signed(self, formula: Formula) -> t.Expr:
        return _as("i64", *self.expr(formula))

    def _alike(self, left: Formula, right: Formula) -> tuple[tuple[t.Expr, t.Expr], str]:
        (one, first), (other, second) = self.expr(left), self.expr(right)
        kind = max(first, second, key=("usize", "i64", "f64").index)
        return (_as(kind, one, first), _as(kind, other, second)), kind

    def _power(self, base: Formula, power: Formula) -> tuple[t.Expr, str]:
        expr, kind = self.expr(base)
        if kind == "usize" and isinstance(power, Constant) and isinstance(power.value, int):
            return t.Method(expr, "pow", (t.Path(str(power.value)),)), kind
        if power == Constant(0.5):
            return t.Method(_as("f64", expr, kind), "sqrt"), "f64"
        return t.Method(_as("f64", expr, kind), "powf", (self._float(power),)), "f64"


def _is_minus_one(formula: Formula) -> bool:
    return formula in (Constant(-1), Operation("neg", (Constant(1),)))


def _as(wanted: str, expr: t.Expr, kind: str) -> t.Expr:
    """Returns a number as one of another type; a literal is written as one."""
    if wanted == kind:
        return expr
    if isinstance(expr, t.Number) and isinstance(expr.value, int):
        return t.f64(expr.value) if wanted == "f64" else t.Number(expr.value, wanted)
    return t.Cast(expr, wanted)
