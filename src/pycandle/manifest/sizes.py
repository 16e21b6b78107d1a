"""The language of sizes: integers, or expressions over symbols such as ``"2*s0 + 1"``.

    sum     = product (("+" | "-") product)*
    product = unary (("*" | "//" | "%") unary)*
    unary   = "-" unary | atom
    atom    = INTEGER | SYMBOL | "(" sum ")" | FUNCTION "(" sum "," sum ("," sum)* ")"

The functions are `Max` and `Min` (two arguments or more) and `Mod` (two; another way to write `%`).
`//` rounds down and `%` has the sign of its right operand, as in Python.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal["+", "-", "*", "//", "%", "neg", "Max", "Min"]


@dataclass(frozen=True)
class Integer:
    """A literal, 0 or more."""

    value: int


@dataclass(frozen=True)
class Symbol:
    """A free size."""

    name: str


@dataclass(frozen=True)
class Operation:
    """`+`, `*`, `Max`, `Min` take two arguments or more; `-`, `//`, `%` two; `neg` one."""

    op: Operator
    args: tuple["Expr", ...]


Expr: TypeAlias = Integer | Symbol | Operation


class SizeError(ValueError):
    """A size that is not an expression, or that has no value."""


LARGEST = 2**63 - 1
"""Sizes are signed 64-bit integers in torch."""
DEEPEST = 100
"""Nesting beyond this is refused, so that no input reaches Python's recursion limit."""
LONGEST = 10_000
"""Characters."""

_TOKEN = re.compile(r"\s*(?:([0-9]+)|([A-Za-z_][A-Za-z0-9_]*)|(//|[-+*%(),]))", re.ASCII)
_FUNCTIONS: dict[str, Operator] = {"Max": "Max", "Min": "Min", "Mod": "%"}
_LEVELS: tuple[dict[str, Operator], ...] = (
    {"+": "+", "-": "-"},
    {"*": "*", "//": "//", "%": "%"},
)


@lru_cache(maxsize=65536)
def parse(text: str) -> Expr:
    """Returns the tree of an expression, or raises SizeError with the column of the mistake."""
    if len(text) > LONGEST:
        raise SizeError(f"a size of {len(text)} characters; at most {LONGEST} are read")
    parser = _Parser(text)
    tree = parser.chain(0, 0)
    if parser.token != "":
        raise parser.error("an operator")
    return tree


def evaluate(size: int | str, symbols: Mapping[str, int]) -> int:
    """Returns the value of a size; SizeError for an unknown symbol or a division by zero."""
    return size if isinstance(size, int) else evaluate_tree(parse(size), symbols)


def evaluate_tree(tree: Expr, symbols: Mapping[str, int]) -> int:
    """Returns the value of a parsed size."""
    match tree:
        case Integer(value):
            return value
        case Symbol(name):
            if name not in symbols:
                raise SizeError(f"no symbol `{name}`")
            return symbols[name]
        case Operation(op, args):
            return reduce(
                lambda left, right: _apply(op, left, right),
                (evaluate_tree(arg, symbols) for arg in args),
                *((0,) if op == "neg" else ()),
            )


def holds(left: int | str, relation: str, right: int | str, symbols: Mapping[str, int]) -> bool:
    """Whether two sizes compare as they should. Raises as `evaluate` does."""
    return _RELATIONS[relation](evaluate(left, symbols), evaluate(right, symbols))


_RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
}


def symbols_of(size: int | str) -> tuple[str, ...]:
    """Returns the symbols of a size, each once, in order of appearance."""
    return () if isinstance(size, int) else tuple(dict.fromkeys(_symbols(parse(size))))


def render(tree: Expr) -> str:
    """Returns the text of a tree, with the fewest parentheses; `parse` of it is the tree."""
    return _render(tree, 0)


def _apply(op: Operator, left: int, right: int) -> int:
    match op:
        case "+":
            return left + right
        case "-" | "neg":
            return left - right
        case "*":
            return left * right
        case "Max":
            return max(left, right)
        case "Min":
            return min(left, right)
        case "//" | "%":
            if right == 0:
                raise SizeError(f"`{left} {op} 0` has no value")
            return left // right if op == "//" else left % right


def _symbols(tree: Expr) -> list[str]:
    match tree:
        case Integer():
            return []
        case Symbol(name):
            return [name]
        case Operation(_, args):
            return [name for arg in args for name in _symbols(arg)]


_STRENGTH: dict[Operator, int] = {"+": 0, "-": 0, "*": 1, "//": 1, "%": 1, "neg": 2}


def _render(tree: Expr, least: int) -> str:
    """Returns the text; in parentheses where the tree binds weaker than `least`."""
    match tree:
        case Integer(value):
            return str(value)
        case Symbol(name):
            return name
        case Operation("Max" | "Min" as op, args):
            return f"{op}({', '.join(_render(arg, 0) for arg in args)})"
        case Operation("neg", args):
            return f"-{_render(args[0], 2)}"
        case Operation(op, args):
            strength = _STRENGTH[op]
            between = op if op == "*" else f" {op} "
            # A chain of one operator is one tree: the same one as a first argument keeps its own.
            first = _render(args[0], strength + (_is_chain(op, args[0])))
            rest = [_render(arg, strength + 1) for arg in args[1:]]
            text = between.join([first, *rest])
            return f"({text})" if strength < least else text


def _is_chain(op: Operator, first: Expr) -> bool:
    return op in ("+", "*") and isinstance(first, Operation) and first.op == op


class _Parser:
    """A position in a text, and the token there; the empty token is the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = self.end = 0
        self.token = ""
        self.advance()

    def error(self, expected: str) -> SizeError:
        found = f"`{self.token}`" if self.token else "the end"
        return SizeError(
            f"`{self.text}` is not a size: {found} at column {self.start + 1}, expected {expected}"
        )

    def advance(self) -> None:
        found = _TOKEN.match(self.text, self.end)
        if found is not None:
            self.token = found[found.lastindex or 0]
            self.start, self.end = found.end() - len(self.token), found.end()
        elif self.text[self.end :].strip():
            self.start, self.token = self.end, self.text[self.end :].strip()[0]
            raise self.error("a number, a symbol or an operator")
        else:
            self.start, self.token = len(self.text), ""

    def chain(self, level: int, depth: int) -> Expr:
        if depth > DEEPEST:
            raise SizeError(f"a size nests deeper than {DEEPEST}")
        if level == len(_LEVELS):
            return self.unary(depth)
        tree = self.chain(level + 1, depth)
        grows = False
        links = 0
        while (op := _LEVELS[level].get(self.token)) is not None:
            self.advance()
            right = self.chain(level + 1, depth)
            if grows and isinstance(tree, Operation) and tree.op == op in ("+", "*"):
                tree = Operation(op, (*tree.args, right))
            else:
                tree, links = Operation(op, (tree, right)), links + 1
                if depth + links > DEEPEST:
                    raise SizeError(f"a size nests deeper than {DEEPEST}")
            grows = True
        return tree

    def unary(self, depth: int) -> Expr:
        if self.token != "-":
            return self.atom(depth)
        self.advance()
        if depth > DEEPEST:
            raise SizeError(f"a size nests deeper than {DEEPEST}")
        return Operation("neg", (self.unary(depth + 1),))

    def atom(self, depth: int) -> Expr:
        token = self.token
        if token.isdecimal():
            value = int(token) if len(token) <= 19 else LARGEST + 1
            if value > LARGEST:
                raise SizeError(f"`{token}` is larger than a size can be")
            self.advance()
            return Integer(value)
        if token in _FUNCTIONS:
            return self.function(_FUNCTIONS[token], depth)
        if token == "(":
            self.advance()
            tree = self.chain(0, depth + 1)
            self.expect(")")
            return tree
        if token == "" or not (token[0].isalpha() or token[0] == "_"):
            raise self.error("a number or a symbol")
        self.advance()
        return Symbol(token)

    def function(self, op: Operator, depth: int) -> Expr:
        self.advance()
        self.expect("(")
        args = [self.chain(0, depth + 1)]
        while self.token == "," and not (op == "%" and len(args) == 2):
            self.advance()
            args.append(self.chain(0, depth + 1))
        if len(args) < 2:
            raise self.error("`,`: the function takes two arguments or more")
        self.expect(")")
        return Operation(op, tuple(args))

    def expect(self, token: str) -> None:
        if self.token != token:
            raise self.error(f"`{token}`")
        self.advance()
