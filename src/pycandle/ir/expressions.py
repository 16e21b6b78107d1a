"""Reads types and arguments in the textual form of a graph."""

from __future__ import annotations

from dataclasses import dataclass, field

from pycandle.ir.graph import Argument, Value
from pycandle.ir.sizes import Operation, Size, Symbol
from pycandle.ir.spelling import BINDING, KEYWORD_KINDS, LONG_DTYPES, RESERVED
from pycandle.ir.tokens import Line
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType, ValueType

DEEPEST = 100
"""Nesting beyond this is refused, so that no text reaches Python's recursion limit."""


@dataclass
class Names:
    """What a word may mean in an argument."""

    values: dict[str, Value] = field(default_factory=dict[str, Value])
    """The values defined so far."""
    symbols: frozenset[str] = frozenset()
    """The symbols in the shapes of the inputs."""


def parse_type(line: Line) -> ValueType:
    """Reads `f32*[2, s0]` or `(f32[2], None)`."""
    if not line.accept("("):
        return _tensor_type(line)
    items: list[TensorType | None] = []
    while not line.accept(")"):
        if items:
            line.expect(",")
        items.append(None if line.accept("None") else _tensor_type(line))
    return TupleType(tuple(items))


def _tensor_type(line: Line) -> TensorType:
    if line.next.kind != "word" or line.next.text not in LONG_DTYPES:
        raise line.expected("a dtype, such as `f32` or `i64`")
    dtype = LONG_DTYPES[line.advance().text]
    follows = line.accept("*")
    line.expect("[")
    shape: list[Size] = []
    while not line.accept("]"):
        if shape:
            line.expect(",")
        shape.append(_Reader(line, None).size())
    return TensorType(dtype, tuple(shape), follows)


def parse_argument(line: Line, names: Names) -> Argument:
    """Reads what stands between the commas of a node's arguments."""
    return _Reader(line, names).argument()


def parse_value(line: Line, names: Names) -> Value:
    """Reads the name of a value that is defined."""
    line.accept("%")
    column = line.next.column
    name = line.identifier("the name of a value")
    if name not in names.values:
        raise line.error(f"nothing before defines the value `{name}`", column)
    return names.values[name]


class _Reader:
    """Reads one argument; without names every word is a symbol, as in a shape."""

    def __init__(self, line: Line, names: Names | None) -> None:
        self.line = line
        self.names = names
        self.depth = 0

    def size(self) -> Size:
        column = self.line.next.column
        return self._require_size(self.argument(), "expected a size", column)

    def _require_size(self, found: Argument, problem: str, column: int) -> Size:
        if isinstance(found, int | Symbol | Operation) and not isinstance(found, bool):
            return found
        raise self.line.error(problem, column)

    def argument(self, binding: int = 0) -> Argument:
        """Reads operators that bind at least as strongly as `binding`, and what they join."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.line.error(f"this nests deeper than {DEEPEST}")
        start = self.line.next.column
        found = self._atom()
        while self.line.next.kind == "mark" and BINDING.get(self.line.next.text, -1) >= binding:
            op = self.line.advance().text
            problem = f"`{op}` joins sizes only"
            left = self._require_size(found, problem, start)
            column = self.line.next.column
            right = self._require_size(self.argument(BINDING[op] + 1), problem, column)
            found = Operation(op, left, right)
        self.depth -= 1
        return found

    def _atom(self) -> Argument:
        line = self.line
        token = line.next
        match token.kind, token.text:
            case "string", _:
                return line.string()
            case (("int" | "float"), _):
                return self._number()
            case "mark", "-":
                return self._number()
            case "mark", "(":
                line.advance()
                found = self.size()
                line.expect(")")
                return found
            case "mark", "[":
                return self._list()
            case "mark", "%" if self.names is not None:
                return parse_value(line, self.names)
            case "mark", "$":
                line.advance()
                return Symbol(line.identifier("the name of a symbol"))
            case "word", text if text in RESERVED or line.follows("("):
                return self._reserved(text)
            case "word", _:
                return self._word()
            case _:
                raise line.expected("an argument" if self.names is not None else "a size")

    def _number(self) -> int | float:
        line = self.line
        sign = -1 if line.accept("-") else 1
        token = line.next
        if token.kind == "word" and token.text in ("inf", "nan"):
            line.advance()
            return sign * float(token.text)
        if token.kind not in ("int", "float"):
            raise line.expected("a number")
        line.advance()
        return sign * (int(token.text) if token.kind == "int" else float(token.text))

    def _list(self) -> list[Argument]:
        self.line.expect("[")
        items: list[Argument] = []
        while not self.line.accept("]"):
            if items:
                self.line.expect(",")
            items.append(self.argument())
        return items

    def _word(self) -> Argument:
        line, names = self.line, self.names
        column = line.next.column
        name = line.identifier("a name without dots")
        if names is None:
            return Symbol(name)
        value = names.values.get(name)
        if value is not None and name in names.symbols:
            problem = f"`{name}` is a value and a symbol: write `%{name}` or `${name}`"
            raise line.error(problem, column)
        if value is not None:
            return value
        if name in names.symbols:
            return Symbol(name)
        raise line.error(f"nothing before defines `{name}`, and no input has such a size", column)

    def _reserved(self, text: str) -> Argument:
        line = self.line
        match text:
            case "None" | "True" | "False":
                line.advance()
                return {"None": None, "True": True, "False": False}[text]
            case "inf" | "nan":
                return self._number()
            case _:
                return self._function()

    def _function(self) -> Argument:
        line = self.line
        column = line.next.column
        name = line.advance().text
        line.expect("(")
        found: Argument
        if name in ("max", "min"):
            left = self.size()
            line.expect(",")
            found = Operation(name, left, self.size())
        elif name == "complex":
            real = self._number()
            line.expect(",")
            found = complex(real, self._number())
        elif name == "dtype":
            found = DTypeConstant(line.name("a dtype"))
        elif name in KEYWORD_KINDS:
            found = Keyword(name, line.name(f"a {name}"))
        else:
            raise line.error(f"no argument has the form `{name}(..)`", column)
        line.expect(")")
        return found
