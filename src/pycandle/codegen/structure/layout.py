"""Finds how each value lies in memory, and every op that has no lowering, in one dry run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pycandle.errors import Diagnostic, Place
from pycandle.ir.graph import Argument, Graph, Node, Value
from pycandle.ir.sizes import Operation, Size, Symbol
from pycandle.ir.types import TensorType, TupleType
from pycandle.lowering import LOWERINGS
from pycandle.lowering.argument_kinds import misfits
from pycandle.lowering.layers import find_layer
from pycandle.lowering.operand import (
    Items,
    Layout,
    ListOperand,
    Lowered,
    Operand,
    Result,
    Several,
    SizeOperand,
    Unsupported,
)
from pycandle.lowering.pairs import is_complex
from pycandle.lowering.refused import reason_of
from pycandle.rust import tree as t

GETITEM = "operator.getitem"


@dataclass
class Layouts:
    """What the dry run found."""

    of: dict[Value, Layout] = field(default_factory=dict[Value, Layout])
    items: dict[tuple[Value, int], Layout] = field(
        default_factory=dict["tuple[Value, int]", Layout]
    )
    """For ops whose results are views of their own: `split`, `unbind`."""
    problems: list[Diagnostic] = field(default_factory=list[Diagnostic])


def dry_result(kind: TensorType | TupleType, runtime: Callable[[str], str] | None = None) -> Result:
    """Returns a result for a lowering whose Rust is thrown away."""
    return Result(
        type=kind,
        sizes=dry_size,
        device=lambda: t.path("device"),
        model_dtype=lambda: t.path("dtype"),
        runtime=runtime or (lambda name: f"runtime::{name}"),
    )


def dry_size(size: Size) -> t.Expr:
    """Returns a size whose Rust is thrown away."""
    return t.usize(size) if isinstance(size, int) else t.Local("size", copy=True)


def bind_argument(
    argument: Argument,
    operand: Callable[[Value], Operand | ListOperand],
    size: Callable[[Size], t.Expr],
) -> Any:
    """Returns an argument as lowerings take it."""
    if isinstance(argument, Value):
        return operand(argument)
    if isinstance(argument, Symbol | Operation):
        return SizeOperand(argument, size)
    if isinstance(argument, list):
        return [bind_argument(item, operand, size) for item in argument]
    return argument


def find_layouts(graph: Graph) -> Layouts:
    """Lowers every node for its layout. Collects what is refused over the whole graph."""
    found = Layouts()
    for value in graph.inputs:
        # A caller may pass any view.
        found.of[value] = Layout.STRIDED
    for value in graph.state:
        found.of[value] = Layout.CONTIGUOUS
    found.problems += _complex_boundaries(graph)
    for node in graph.nodes:
        _visit(node, found, graph)
    return found


def _complex_boundaries(graph: Graph) -> Iterator[Diagnostic]:
    """Yields the complex tensors of a model's surface, which no caller and no file hands over."""
    named = [(f"input `{value.name}`", value) for value in graph.inputs]
    named += [(f"tensor `{value.state}`", value) for value in graph.state]
    named += [(f"output `{output.path}`", output.value) for output in graph.outputs if output.value]
    for name, value in named:
        if isinstance(value.type, TensorType) and is_complex(value.type):
            yield Diagnostic(
                "unsupported-dtype",
                f"the {name} is {describe(value)}: complex numbers stay inside",
                Place(detail=name),
                hint="take or return `torch.view_as_real` of it",
            )


def _visit(node: Node, found: Layouts, graph: Graph) -> None:
    source = node.args[0] if node.args else None
    if node.target == GETITEM and isinstance(source, Value) and isinstance(node.args[1], int):
        found.of[node.result] = found.items.get(
            (source, node.args[1]), found.of.get(source, Layout.CONTIGUOUS)
        )
        return

    def operand(value: Value) -> Operand:
        kind = value.type
        if not isinstance(kind, TensorType):
            raise Unsupported("self", "several tensors", supported="one tensor")
        return Operand(
            t.Local("x"),
            kind,
            found.of[value],
            sizes=dry_size,
            is_state=value.state is not None,
        )

    try:
        args = [bind_argument(item, operand, dry_size) for item in node.args]
        kwargs = {k: bind_argument(v, operand, dry_size) for k, v in node.kwargs.items()}
        if find_layer(node.target, args, kwargs) is not None:
            found.of[node.result] = Layout.CONTIGUOUS
            return
        lowering = LOWERINGS.get(node.target)
        if lowering is None:
            found.problems.append(unsupported_op(node, graph))
            found.of[node.result] = Layout.CONTIGUOUS
            return
        output = lowering(args, kwargs, dry_result(node.result.type))
    except Unsupported as error:
        found.problems.append(unsupported_argument(node, error, graph))
        found.of[node.result] = Layout.CONTIGUOUS
        return
    layout = Layout.CONTIGUOUS
    match output:
        case Lowered(_, layout):
            pass
        case Items():
            for index in range(len(output.items)):
                found.items[node.result, index] = Layout.STRIDED
        case Several():
            pass
        case _:
            pass
    found.of[node.result] = layout


def describe(value: Value) -> str:
    """Returns dtype and shape, `float32[2, s0]`."""
    if isinstance(value.type, TensorType):
        return f"{value.type.dtype}[{', '.join(map(str, value.type.shape))}]"
    return f"({len(value.type.items)} results)"


def place_of(node: Node, graph: Graph) -> Place:
    """Returns the Python line of a node, or that of the module call it belongs to."""
    call = graph.calls[node.call]
    detail = f"in `{call.module}`" if call.module else None
    if node.sites:
        site = node.sites[0]
        return Place(site.file, site.line, site.text, detail=detail)
    file, line = call.line or (None, None)
    return Place(file, line, detail=detail)


def unsupported_op(node: Node, graph: Graph) -> Diagnostic:
    """Says that an op has no lowering."""
    operands = ", ".join(describe(value) for value in node.inputs())
    reason = reason_of(node.target)
    return Diagnostic(
        "unsupported-op",
        f"no lowering for `{node.target}`" + (f": it {reason}" if reason else ""),
        place_of(node, graph),
        label=f"takes {operands or 'nothing'}, returns {describe(node.result)}",
        hint=None if reason else "`pycandle ops` lists the ops that are supported",
    )


def unsupported_argument(node: Node, error: Unsupported, graph: Graph) -> Diagnostic:
    """Says that a lowering refused an argument."""
    return Diagnostic(
        "unsupported-argument",
        f"`{node.target}` with `{error.argument}` = {error.value}",
        place_of(node, graph),
        label=f"supported: {error.supported}",
    )


def find_misfits(graph: Graph) -> Iterator[Diagnostic]:
    """Yields what an op is given or gives that is of another kind than its schema says."""
    for node in graph.nodes:
        for name, value, kind in misfits(node):
            given = describe(value) if isinstance(value, Value) else repr(value)
            yield Diagnostic(
                "contradictory-manifest",
                f"`{node.target}` takes {kind} as `{name}`"
                if name != "result"
                else f"`{node.target}` returns {kind}",
                place_of(node, graph),
                label=f"`{node.result.name}` in `{graph.name}` has {given}",
                hint="record the model again",
            )
