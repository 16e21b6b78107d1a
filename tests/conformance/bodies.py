"""A graph as the body of a Rust function, as the compiler prints it but for names and layers."""

from __future__ import annotations

from typing import Any

from ops.lowered import Body, size_expr
from pycandle.codegen.structure.layout import bind_argument
from pycandle.ir.graph import Graph, Node, Value
from pycandle.ir.types import TensorType
from pycandle.lowering import LOWERINGS
from pycandle.lowering.operand import Items, Layout, Lowered, Operand, Result, Several, Unsupported
from pycandle.lowering.refused import reason_of
from pycandle.passes import run_passes
from pycandle.rust import printer
from pycandle.rust import tree as t


class Refused(Exception):
    """A graph that the compiler refuses, with the reason."""


def body_of(graph: Graph) -> Body:
    """Returns the Rust of a graph, after the passes. Raises PyCandleError or Refused."""
    run_passes(graph)
    return _Printer(graph).body()


class _Printer:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.locals: dict[Value, t.Expr] = {}
        self.layouts: dict[Value, Layout] = {}
        self.parts: dict[Value, list[t.Expr]] = {}
        self.lines: list[str] = []
        self.kernels: set[str] = set()

    def body(self) -> Body:
        for index, value in enumerate(self.graph.inputs):
            self.lines.append(f"let x{index} = &inputs[{index}];")
            self.locals[value] = t.Local(f"x{index}", borrowed=True)
            # A caller may pass any view.
            self.layouts[value] = Layout.STRIDED
        for index, node in enumerate(self.graph.nodes):
            self.node(node, f"y{index}")
        results = [output.value for output in self.graph.outputs]
        kept = [value for value in results if value is not None]
        names = ", ".join(f"{printer.expr(self.locals[value])}.clone()" for value in kept)
        self.lines.append(f"Ok(vec![{names}])")
        text = "\n".join(self.lines)
        layouts = tuple(self.layouts[value] for value in kept)
        return Body(text, text, layouts, tuple(sorted(self.kernels)))

    def node(self, node: Node, name: str) -> None:
        if node.target == "operator.getitem":
            source, index = node.args
            assert isinstance(source, Value)
            assert isinstance(index, int)
            self.bind(node.result, self.parts[source][index], name)
            self.layouts.setdefault(node.result, self.layouts[source])
            return
        output = self.lower(node)
        match output:
            case Items(items):
                self.parts[node.result] = list(items)
                self.layouts[node.result] = Layout.STRIDED
            case Several(expr):
                count = len(getattr(node.result.type, "items", ()))
                names = [f"{name}_{i}" for i in range(count)]
                self.lines.append(f"let ({', '.join(names)}) = {printer.expr(expr)};")
                self.parts[node.result] = [t.Local(part) for part in names]
                self.layouts[node.result] = Layout.CONTIGUOUS
            case Lowered(expr, layout):
                self.layouts[node.result] = layout
                self.bind(node.result, expr, name)
            case expr:
                self.layouts[node.result] = Layout.CONTIGUOUS
                self.bind(node.result, expr, name)

    def bind(self, value: Value, expr: t.Expr, name: str) -> None:
        if isinstance(expr, t.Local):
            self.locals[value] = expr
            return
        self.lines.append(f"let {name} = {printer.expr(expr)};")
        self.locals[value] = t.Local(name)

    def lower(self, node: Node) -> Any:
        lowering = LOWERINGS.get(node.target)
        if lowering is None:
            reason = reason_of(node.target)
            because = f": it {reason}" if reason else ""
            raise Refused(f"no lowering for `{node.target}`{because}")
        result = Result(
            type=node.result.type,  # type: ignore[arg-type]
            sizes=size_expr,
            device=lambda: t.Local("device", borrowed=True),
            model_dtype=lambda: t.Local("dtype", copy=True),
            runtime=self.kernel,
        )
        try:
            args = [bind_argument(item, self.operand, size_expr) for item in node.args]
            kwargs = {k: bind_argument(v, self.operand, size_expr) for k, v in node.kwargs.items()}
            return lowering(args, kwargs, result)
        except Unsupported as error:
            raise Refused(f"`{node.target}`: {error}") from None

    def operand(self, value: Value) -> Operand:
        if not isinstance(value.type, TensorType):
            raise Unsupported("self", "several tensors", supported="one tensor")
        return Operand(self.locals[value], value.type, self.layouts[value], sizes=size_expr)

    def kernel(self, name: str) -> str:
        self.kernels.add(name)
        return f"runtime::{name}"
