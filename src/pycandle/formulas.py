"""The language of formulas: numbers as functions of the settings that a model is built from.

    sum     = product (("+" | "-") product)*
    product = power (("*" | "/" | "//" | "%") power)*
    power   = unary ("**" unary)?
    unary   = "-" unary | atom
    atom    = NUMBER | SETTING | "(" sum ")" | FUNCTION "(" sum ("," sum)* ")"

A setting is its path, `rope_parameters.rope_theta` or `depths.2`. Values are integers and floats
with the meaning that Python gives them: `/` is a float, `//` and `int` round as in Python.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

Value: TypeAlias = "int | float"


@dataclass(frozen=True)
class Constant:
    """A number, 0 or more."""

    value: Value

    def __eq__(self, other: object) -> bool:
        """Tells 2 from 2.0."""
        return (
            isinstance(other, Constant)
            and self.value == other.value
            and type(self.value) is type(other.value)
        )

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True)
class Setting:
    """The value of a setting, by its path."""

    path: str


@dataclass(frozen=True)
class Operation:
    """An operator or a function, by its spelling; `neg` for a minus with one operand."""

    op: str
    args: tuple[Formula, ...]


Formula: TypeAlias = Constant | Setting | Operation


class FormulaError(ValueError):
    """A text that is no formula, or a formula that has no value."""


OPERATORS: dict[str, tuple[int, Callable[[Value, Value], Value]]] = {
    "+": (0, lambda a, b: a + b),
    "-": (0, lambda a, b: a - b),
    "*": (1, lambda a, b: a * b),
    "/": (1, lambda a, b: a / b),
    "//": (1, lambda a, b: a // b),
    "%": (1, lambda a, b: a % b),
    "**": (3, lambda a, b: a**b),
}
"""Each with how strongly it binds, and what it computes."""

FUNCTIONS: dict[str, Callable[..., Value]] = {
    "int": int,
    "float": float,
    "sqrt": math.sqrt,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "log": math.log,
    "max": max,
    "min": min,
}
LONGEST = 2_000
"""Characters."""
DEEPEST = 60
_NEGATION = 2
_TOKEN = re.compile(
    r"\s*(?:([0-9]+\.[0-9]*(?:e[-+]?[0-9]+)?|[0-9]+e[-+]?[0-9]+|[0-9]+)"
    r"|([A-Za-z_]\w*(?:\.\w+)*)|(\*\*|//|[-+*/%(),]))",
    re.ASCII,
)


@lru_cache(maxsize=8192)
def parse(text: str) -> Formula:
    """Returns the formula that a text is. Raises FormulaError."""
    if len(text) > LONGEST:
        raise FormulaError(f"a formula of {len(text)} characters; at most {LONGEST} are read")
    parser = _Parser(text)
    found = parser.operand(0)
    if parser.token:
        raise parser.error("an operator")
    return found


def evaluate(formula: Formula, settings: Mapping[str, Value]) -> Value:
    """Returns the value of a formula. Raises FormulaError where it has none."""
    match formula:
        case Constant(value):
            return value
        case Setting(path):
            if path not in settings:
                raise FormulaError(f"no setting `{path}`")
            return settings[path]
        case Operation(op, args):
            return apply(op, *(evaluate(arg, settings) for arg in args))


def apply(op: str, *values: Value) -> Value:
    """Returns what an operator or a function makes of numbers. Raises FormulaError."""
    try:
        if op == "neg":
            return -values[0]
        function = OPERATORS[op][1] if op in OPERATORS else FUNCTIONS[op]
        found: Any = function(*values)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise FormulaError(f"`{op}` of {values} has no value: {error}") from None
    # A root of a negative number is complex.
    if isinstance(found, complex) or found != found:
        raise FormulaError(f"`{op}` of {values} has no value")
    return found


def settings_of(formula: Formula) -> Iterator[str]:
    """Yields the paths of the settings in a formula, in order, repeats included."""
    match formula:
        case Constant():
            return
        case Setting(path):
            yield path
        case Operation(_, args):
            for arg in args:
                yield from settings_of(arg)


def size_of(formula: Formula) -> int:
    """Returns how many numbers, settings and operators a formula has."""
    if isinstance(formula, Operation):
        return 1 + sum(map(size_of, formula.args))
    return 1


def simplified(op: str, *args: Formula) -> Formula:
    """Returns an operation; one without effect is left out, one on constants computed."""
    if all(isinstance(arg, Constant) for arg in args):
        try:
            return constant(apply(op, *(arg.value for arg in args if isinstance(arg, Constant))))
        except FormulaError:
            return Operation(op, args)
    match op, *args:
        case ("*", whole, Constant(float(1.0))):
            return Operation("float", (whole,))
        case ("+" | "-", first, Constant(int(0))) | ("*" | "//", first, Constant(int(1))):
            return first
        case ("+", Constant(int(0)), second) | ("*", Constant(int(1)), second):
            return second
        case _:
            return Operation(op, args)


def folded(formula: Formula) -> Formula:
    """Returns a formula in which a whole number is multiplied once: `x * 2 * 2` is `x * 4`."""
    match formula:
        case Operation(
            "*", (Operation("*", (first, Constant(int() as one))), Constant(int() as two))
        ):
            return folded(Operation("*", (first, Constant(one * two))))
        case Operation(op, args):
            return Operation(op, tuple(map(folded, args)))
        case _:
            return formula


def constant(value: Value) -> Formula:
    """Returns the formula of a number, which may be negative."""
    return Operation("neg", (Constant(-value),)) if value < 0 else Constant(value)


def with_values(formula: Formula, known: Mapping[str, Value]) -> Formula:
    """Returns a formula with numbers in the place of some settings."""
    match formula:
        case Setting(path) if path in known:
            return constant(known[path])
        case Operation(op, args):
            return simplified(op, *(with_values(arg, known) for arg in args))
        case _:
            return formula


def render(formula: Formula) -> str:
    """Returns the text of a formula, with the parentheses that it needs; `parse` reads it back."""
    return _render(formula, 0)


def _render(formula: Formula, least: int) -> str:
    match formula:
        case Constant(value):
            return repr(value)
        case Setting(path):
            return path
        case Operation("neg", (inner,)):
            text = f"-{_render(inner, _NEGATION + 1)}"
            return f"({text})" if least > _NEGATION else text
        case Operation(op, (left, right)) if op in OPERATORS:
            strength = OPERATORS[op][0]
            first = _render(left, strength + (op == "**"))
            text = f"{first} {op} {_render(right, strength + 1)}"
            return f"({text})" if strength < least else text
        case Operation(op, args):
            return f"{op}({', '.join(_render(arg, 0) for arg in args)})"


class _Parser:
    """A position in a text, and the token there; the empty token is the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = 0
        self.depth = 0
        self.token = ""
        self.kind = 0
        self.advance()

    def advance(self) -> str:
        taken = self.token
        match = _TOKEN.match(self.text, self.end)
        if match is None:
            if self.text[self.end :].strip():
                raise self.error("a number, a setting or an operator")
            self.token, self.kind = "", 0
            return taken
        self.token, self.kind = match[match.lastindex or 0], match.lastindex or 0
        self.end = match.end()
        return taken

    def error(self, wanted: str) -> FormulaError:
        return FormulaError(f"`{self.text}`: expected {wanted} before character {self.end + 1}")

    def operand(self, binding: int) -> Formula:
        """Reads operators that bind at least as strongly as `binding`, and what they join."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"a formula nests deeper than {DEEPEST}")
        found = self.unary()
        while self.token in OPERATORS and OPERATORS[self.token][0] >= binding:
            op = self.advance()
            found = Operation(op, (found, self.operand(OPERATORS[op][0] + 1)))
        self.depth -= 1
        return found

    def unary(self) -> Formula:
        if self.token == "-":
            self.advance()
            return Operation("neg", (self.operand(_NEGATION + 1),))
        return self.atom()

    def atom(self) -> Formula:
        kind, token = self.kind, self.token
        if kind == 1:
            self.advance()
            return Constant(int(token) if token.isdigit() else float(token))
        if kind == 2:
            self.advance()
            return self.function(token) if self.token == "(" else Setting(token)
        if token == "(":
            self.advance()
            found = self.operand(0)
            self.expect(")")
            return found
        raise self.error("a number or a setting")

    def function(self, name: str) -> Formula:
        if name not in FUNCTIONS:
            raise self.error(f"a function, and not `{name}`,")
        self.expect("(")
        args = [self.operand(0)]
        while self.token == ",":
            self.advance()
            args.append(self.operand(0))
        self.expect(")")
        return Operation(name, tuple(args))

    def expect(self, token: str) -> None:
        if self.token != token:
            raise self.error(f"`{token}`")
        self.advance()
