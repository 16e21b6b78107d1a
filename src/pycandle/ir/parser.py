"""Reads the textual form of a graph; see `ir.printer` for what it looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pycandle.ir.expressions import Names, parse_argument, parse_type, parse_value
from pycandle.ir.graph import FunctionCall, Graph, ModuleCall, Node, Output, Value
from pycandle.ir.printer import declared_symbols
from pycandle.ir.spelling import RESERVED
from pycandle.ir.tokens import Line


def parse_graph(text: str, *, file: str = "graph") -> Graph:
    """Returns the graph that a text describes.

    Raises PyCandleError at the first mistake, with its line and column; `file` is what it calls
    the text.
    """
    lines = [
        Line(file, number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise Line(file, 1, "").expected("`graph`")
    return _Parser(lines).run()


@dataclass(frozen=True)
class _Reference:
    """A module call or a function that a line names before the table that has it."""

    line: Line
    column: int
    kind: str
    name: str
    index: int


class _Parser:
    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.names = Names()
        self.graph = Graph("forward", [], [], [], [], [])
        self.references: list[_Reference] = []

    def run(self) -> Graph:
        rest = iter(self.lines)
        self._header(next(rest))
        for line in rest:
            if self._statement(line):
                break
        else:
            last = self.lines[-1]
            raise last.error("the graph has no `return`", len(last.text) + 1)
        self._table(rest)
        for reference in self.references:
            self._check(reference)
        return self.graph

    def _header(self, line: Line) -> None:
        line.expect("graph")
        if not line.accept("("):
            self.graph.name = line.name("a name or `(`")
            line.expect("(")
        for _ in _until(line, ")"):
            self.graph.inputs.append(self._declared(line))
        self.names.symbols = declared_symbols(self.graph.inputs)
        if line.accept("->"):
            self.graph.output_class = line.name("the class of the result")
        line.expect(":")
        line.end()

    def _statement(self, line: Line) -> bool:
        """Reads state, a node or the outputs; returns whether it was the outputs."""
        is_definition = line.follows(":")
        if not is_definition and line.accept("return"):
            self.graph.outputs = list(self._outputs(line))
            line.end()
            return True
        if not is_definition and line.accept("state"):
            self._state(line)
        else:
            self._node(line)
        line.end()
        return False

    def _defined(self, line: Line) -> Value:
        """Reads `name: type` of a new value."""
        column = line.next.column
        marked = line.accept("%")
        name = line.identifier("`state`, `return` or the name of a value")
        if not marked and name in RESERVED:
            raise line.error(f"`{name}` has a meaning of its own: write `%{name}`", column)
        if name in self.names.values:
            raise line.error(f"a second value `{name}`", column)
        line.expect(":")
        return Value(name, parse_type(line))

    def _declared(self, line: Line) -> Value:
        value = self._defined(line)
        value.variable = line.string() if line.accept("as") else None
        self.names.values[value.name] = value
        return value

    def _state(self, line: Line) -> None:
        if self.graph.nodes:
            raise line.error("state stands before the nodes")
        value = self._declared(line)
        value.state = line.name("an FQN") if line.accept("=") else None
        self.graph.state.append(value)

    def _node(self, line: Line) -> None:
        result = self._defined(line)
        line.expect("=")
        node = Node(line.name("an op"), [], {}, result)
        result.node = node
        line.expect("(")
        for _ in _until(line, ")"):
            self._argument(node, line)
        result.variable = line.string() if line.accept("as") else None
        node.cast = line.name("`input_dtype` or `fixed`") if line.accept("cast") else None
        node.call = self._reference(line, "call") if line.accept("@") else 0
        node.function = self._inside(line)
        self.names.values[result.name] = result
        self.graph.nodes.append(node)

    def _argument(self, node: Node, line: Line) -> None:
        if not line.follows("="):
            if node.kwargs:
                raise line.error("a plain argument behind a named one")
            node.args.append(parse_argument(line, self.names))
            return
        column = line.next.column
        name = line.name("the name of an argument")
        line.expect("=")
        if name in node.kwargs:
            raise line.error(f"a second argument `{name}`", column)
        node.kwargs[name] = parse_argument(line, self.names)

    def _outputs(self, line: Line) -> Iterator[Output]:
        while line.next.kind:
            path = "output"
            if line.follows("="):
                path = line.name("the path of an output")
                line.expect("=")
            value = None if line.accept("None") else parse_value(line, self.names)
            yield Output(path, value)
            if line.next.kind:
                line.expect(",")

    def _table(self, lines: Iterator[Line]) -> None:
        """Reads the calls and functions; a text without them has a root that says nothing."""
        found = False
        for line in lines:
            found = True
            if line.accept("no"):
                line.expect("calls")
            elif line.accept("function"):
                self._numbered(line, len(self.graph.functions))
                self.graph.functions.append(self._function(line))
            else:
                line.expect("call")
                self._numbered(line, len(self.graph.calls))
                self.graph.calls.append(self._call(line))
            line.end()
        if not found:
            self.graph.calls.append(ModuleCall("", "", 0, None))

    def _numbered(self, line: Line, expected: int) -> None:
        column = line.next.column
        if line.integer() != expected:
            raise line.error(f"number {expected} comes next", column)
        line.expect(":")

    def _call(self, line: Line) -> ModuleCall:
        module = line.name("the FQN of a module")
        line.expect("#")
        index = line.integer()
        call = ModuleCall(module, line.name("the class of the module"), index, None)
        call.parent = line.integer() if line.accept("of") else None
        call.function = self._inside(line)
        call.container = line.name("a kind of container") if line.accept("holds") else None
        call.inputs = self._inputs(line)
        if line.accept("->"):
            call.outputs.append(parse_value(line, self.names))
            while line.accept(","):
                call.outputs.append(parse_value(line, self.names))
        call.variable = line.string() if line.accept("as") else None
        call.line = self._place(line) if line.accept("at") else None
        return call

    def _function(self, line: Line) -> FunctionCall:
        name = line.name("the name of a function")
        line.expect("of")
        call = FunctionCall(name, "", 0, line.integer(), self._inside(line))
        call.inputs = self._inputs(line)
        call.variable = line.string() if line.accept("as") else None
        line.expect("at")
        call.file, call.line = self._place(line)
        return call

    def _inputs(self, line: Line) -> list[tuple[str, Value]]:
        found: list[tuple[str, Value]] = []
        if line.accept("("):
            for _ in _until(line, ")"):
                name = line.name("the name of a parameter")
                line.expect("=")
                found.append((name, parse_value(line, self.names)))
        return found

    @staticmethod
    def _place(line: Line) -> tuple[str, int]:
        file = line.string()
        line.expect(":")
        return file, line.integer()

    def _inside(self, line: Line) -> int | None:
        return self._reference(line, "function") if line.accept("in") else None

    def _reference(self, line: Line, kind: str) -> int:
        column = line.next.column
        name = line.name(f"the name of a {kind}")
        line.expect("#")
        index = line.integer()
        self.references.append(_Reference(line, column, kind, name, index))
        return index

    def _check(self, reference: _Reference) -> None:
        """Raises an error where a reference and the tables differ."""
        calls = [call.module for call in self.graph.calls]
        functions = [function.name for function in self.graph.functions]
        names = calls if reference.kind == "call" else functions
        index = reference.index
        if index >= len(names):
            problem = f"there is no {reference.kind} {index}"
            raise reference.line.error(problem, reference.column)
        if names[index] != reference.name:
            problem = f"{reference.kind} {index} is `{names[index]}`, not `{reference.name}`"
            raise reference.line.error(problem, reference.column)


def _until(line: Line, end: str) -> Iterator[None]:
    """Yields before each item of a list; commas part them, and `end` ends them."""
    first = True
    while not line.accept(end):
        if not first:
            line.expect(",")
        first = False
        yield
