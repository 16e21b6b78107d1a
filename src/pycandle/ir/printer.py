"""The textual form of a graph, for tests, for people and for reports of bugs.

    graph(x: f32*[s0, 4]):
      state p_weight: f32*[4, 4] = proj.weight
      h: f32*[s0, 4] = aten.linear.default(x, p_weight) as "hidden" @ proj#1
      return h

      call 0: ""#0 net.Net (x=x) -> h
      call 1: proj#0 torch.nn.Linear of 0 (input=x) -> h

A `*` marks a dtype that follows the model's. `@ proj#1` is call 1, of the module `proj`, and
`in rotate#0` is function 0; a node without either stands in call 0 and in no function.
The Python lines of nodes are not part of the form, nor is what calls recorded of values that no
node computes any more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from pycandle.ir.graph import Argument, FunctionCall, Graph, ModuleCall, Node, Output, Value
from pycandle.ir.sizes import Operation, Size, Symbol, symbols_of
from pycandle.ir.spelling import (
    BINDING,
    IDENTIFIER,
    KEYWORD_KINDS,
    RESERVED,
    SHORT_DTYPES,
    quote,
    word,
)
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType, ValueType


def print_graph(graph: Graph) -> str:
    """Returns the text of a graph, with a final newline; `parse_graph` reads it back."""
    return "\n".join(_Printer(graph).lines()) + "\n"


def print_type(kind: ValueType) -> str:
    """Returns the text of a type: `f32*[2, s0]`, `(f32[2], None)`."""
    return _Spelling((), ()).type(kind)


def _symbols_in(argument: Argument) -> Iterator[str]:
    if isinstance(argument, list):
        for item in argument:
            yield from _symbols_in(item)
    elif isinstance(argument, Symbol | Operation):
        yield from symbols_of(argument)


def symbols_of_type(kind: ValueType) -> Iterator[str]:
    """Yields the symbols in the shapes of a type, repeats included."""
    items = (kind,) if isinstance(kind, TensorType) else kind.items
    for item in items:
        for size in item.shape if item is not None else ():
            yield from symbols_of(size)


def declared_symbols(inputs: Iterable[Value]) -> frozenset[str]:
    """Returns the symbols that an argument may name plainly: those in the shapes of the inputs."""
    return frozenset(name for value in inputs for name in symbols_of_type(value.type))


class _Spelling:
    """How values and symbols are written where both could stand."""

    def __init__(self, values: Iterable[str], declared: Iterable[str]) -> None:
        self.values = frozenset(values)
        self.declared = frozenset(declared)
        self.symbols = self.declared

    def value(self, value: Value) -> str:
        return self._name("%", value.name, plain=value.name not in self.symbols)

    def symbol(self, name: str, *, in_type: bool = False) -> str:
        plain = in_type or (name in self.declared and name not in self.values)
        return self._name("$", name, plain=plain)

    @staticmethod
    def _name(mark: str, name: str, *, plain: bool) -> str:
        if not IDENTIFIER.fullmatch(name):
            return f"{mark}{quote(name)}"
        return name if plain and name not in RESERVED else f"{mark}{name}"

    def size(self, size: Size, binding: int = 0, *, in_type: bool = False) -> str:
        match size:
            case int():
                return str(size)
            case Symbol(name):
                return self.symbol(name, in_type=in_type)
            case Operation("max" | "min" as op, left, right):
                parts = (self.size(item, in_type=in_type) for item in (left, right))
                return f"{op}({', '.join(parts)})"
            case Operation(op, left, right):
                own = BINDING[op]
                first = self.size(left, own, in_type=in_type)
                second = self.size(right, own + 1, in_type=in_type)
                text = f"{first} {op} {second}"
                return f"({text})" if own < binding else text

    def type(self, kind: ValueType) -> str:
        if isinstance(kind, TupleType):
            items = ["None" if item is None else self.type(item) for item in kind.items]
            return f"({', '.join(items)})"
        shape = ", ".join(self.size(size, in_type=True) for size in kind.shape)
        return f"{SHORT_DTYPES[kind.dtype]}{'*' if kind.follows_model else ''}[{shape}]"

    def argument(self, argument: Argument) -> str:
        match argument:
            case None | bool():
                return str(argument)
            case float() | complex():
                return _number(argument)
            case str():
                return quote(argument)
            case int() | Symbol() | Operation():
                return self.size(argument)
            case Value():
                return self.value(argument)
            case DTypeConstant(name):
                return f"dtype({word(name)})"
            case Keyword(kind, name):
                if kind not in KEYWORD_KINDS:
                    raise ValueError(f"no keyword `{kind}`")
                return f"{kind}({word(name)})"
            case list():
                return f"[{', '.join(self.argument(item) for item in argument)}]"


def _number(number: float | complex) -> str:
    if isinstance(number, complex):
        return f"complex({_number(number.real)}, {_number(number.imag)})"
    return "nan" if math.isnan(number) else repr(number)


class _Printer:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        values = [*graph.inputs, *graph.state, *(node.result for node in graph.nodes)]
        self.known = frozenset(values)
        self.spell = _Spelling((value.name for value in values), declared_symbols(graph.inputs))
        everywhere = [name for value in values for name in symbols_of_type(value.type)]
        for node in graph.nodes:
            for argument in (*node.args, *node.kwargs.values()):
                everywhere += _symbols_in(argument)
        self.spell.symbols = frozenset(everywhere)

    def lines(self) -> Iterator[str]:
        graph = self.graph
        name = "" if graph.name == "forward" else f" {word(graph.name)}"
        result = f" -> {word(graph.output_class)}" if graph.output_class is not None else ""
        yield f"graph{name}({', '.join(self._declared(value) for value in graph.inputs)}){result}:"
        for value in graph.state:
            source = f" = {word(value.state)}" if value.state is not None else ""
            yield f"  state {self._declared(value)}{source}"
        for node in graph.nodes:
            yield f"  {self._node(node)}"
        outputs = ", ".join(self._output(output) for output in graph.outputs)
        yield f"  return {outputs}".rstrip()
        yield from self._table()

    def _table(self) -> Iterator[str]:
        """Yields the calls and functions; a lone root that says nothing goes without."""
        calls, functions = self.graph.calls, self.graph.functions
        if len(calls) == 1 and not functions and _is_bare(calls[0]):
            return
        yield ""
        if not calls:
            yield "  no calls"
        for index, call in enumerate(calls):
            yield f"  call {index}: {self._call(call)}"
        for index, function in enumerate(functions):
            yield f"  function {index}: {self._function(function)}"

    def _declared(self, value: Value) -> str:
        return f"{self.spell.value(value)}: {self.spell.type(value.type)}{_variable(value)}"

    def _node(self, node: Node) -> str:
        parts = [self.spell.argument(argument) for argument in node.args]
        parts += [f"{word(k)}={self.spell.argument(v)}" for k, v in node.kwargs.items()]
        text = f"{self.spell.value(node.result)}: {self.spell.type(node.result.type)} = "
        text += f"{word(node.target)}({', '.join(parts)}){_variable(node.result)}"
        if node.cast is not None:
            text += f" cast {word(node.cast)}"
        if node.call != 0:
            text += f" @ {word(self.graph.calls[node.call].module)}#{node.call}"
        return text + self._inside(node.function)

    def _inside(self, function: int | None) -> str:
        if function is None:
            return ""
        return f" in {word(self.graph.functions[function].name)}#{function}"

    def _output(self, output: Output) -> str:
        value = "None" if output.value is None else self.spell.value(output.value)
        return value if output.path == "output" else f"{word(output.path)}={value}"

    def _call(self, call: ModuleCall) -> str:
        text = f"{word(call.module)}#{call.index} {word(call.cls)}"
        if call.parent is not None:
            text += f" of {call.parent}"
        text += self._inside(call.function)
        if call.container is not None:
            text += f" holds {word(call.container)}"
        outputs = [self.spell.value(value) for value in call.outputs if value in self.known]
        text += self._inputs(call.inputs)
        text += f" -> {', '.join(outputs)}" if outputs else ""
        text += f" as {quote(call.variable)}" if call.variable is not None else ""
        return text + (f" at {quote(call.line[0])}:{call.line[1]}" if call.line else "")

    def _function(self, function: FunctionCall) -> str:
        text = f"{word(function.name)} of {function.call}{self._inside(function.parent)}"
        text += self._inputs(function.inputs)
        text += f" as {quote(function.variable)}" if function.variable is not None else ""
        return f"{text} at {quote(function.file)}:{function.line}"

    def _inputs(self, inputs: list[tuple[str, Value]]) -> str:
        found = [
            f"{word(name)}={self.spell.value(value)}"
            for name, value in inputs
            if value in self.known
        ]
        return f" ({', '.join(found)})" if found else ""


def _variable(value: Value) -> str:
    return f" as {quote(value.variable)}" if value.variable is not None else ""


def _is_bare(call: ModuleCall) -> bool:
    """Whether a call is the root that a text without calls stands for."""
    recorded = (call.inputs, call.outputs, call.container, call.function, call.variable, call.line)
    return (call.module, call.cls, call.index, call.parent) == ("", "", 0, None) and not any(
        item is not None and item != [] for item in recorded
    )
