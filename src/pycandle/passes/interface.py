"""What a pass is."""

from typing import Protocol

from pycandle.ir.graph import Graph, Value


class Pass(Protocol):
    """Changes a graph in place and keeps what it computes. Valid before, valid after."""

    name: str
    """In kebab case, as `--no-pass` takes it."""

    def run(self, graph: Graph) -> bool:
        """Returns whether anything changed. Raises PyCandleError for what it must refuse."""
        ...


def rename(graph: Graph, renamed: dict[Value, Value]) -> None:
    """Reads another value wherever a renamed one is read, also in what modules take and return."""

    def final(value: Value) -> Value:
        while value in renamed:
            value = renamed[value]
        return value

    for node in graph.nodes:
        node.replace_inputs(final)
    for output in graph.outputs:
        output.value = final(output.value) if output.value is not None else None
    rename_interfaces(graph, renamed)


def rename_interfaces(graph: Graph, renamed: dict[Value, Value]) -> None:
    """Exchanges values in the recorded arguments and results of modules and functions."""

    def final(value: Value) -> Value:
        while value in renamed:
            value = renamed[value]
        return value

    for call in graph.calls:
        call.inputs = [(name, final(value)) for name, value in call.inputs]
        call.outputs = [final(value) for value in call.outputs]
    for function in graph.functions:
        function.inputs = [(name, final(value)) for name, value in function.inputs]
