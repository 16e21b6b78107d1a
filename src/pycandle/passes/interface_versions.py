"""What modules and functions take and return, while the values change under them."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from pycandle.ir.graph import Graph, Value


class InterfaceVersions:
    """Reads the recorded arguments of a call when it starts, and its results when it ends."""

    def __init__(self, graph: Graph) -> None:
        """Finds the first and the last node of every call and every function."""
        self.graph = graph
        first: dict[tuple[str, int], int] = {}
        last: dict[tuple[str, int], int] = {}
        for position, node in enumerate(graph.nodes):
            for key in self._around(node.call, node.function):
                first.setdefault(key, position)
                last[key] = position
        self.entered: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self.left: dict[int, list[int]] = defaultdict(list)
        for key, position in first.items():
            self.entered[position].append(key)
        for (kind, index), position in last.items():
            if kind == "call":
                self.left[position].append(index)

    def _around(self, call: int | None, function: int | None) -> Iterator[tuple[str, int]]:
        while function is not None:
            yield "function", function
            function = self.graph.functions[function].parent
        while call is not None:
            yield "call", call
            caller = self.graph.calls[call].function
            while caller is not None:
                yield "function", caller
                caller = self.graph.functions[caller].parent
            call = self.graph.calls[call].parent

    def enter(self, position: int, current: Callable[[Value], Value]) -> None:
        """Reads the arguments of what the node at a position is the first of."""
        for kind, index in self.entered.get(position, ()):
            if kind == "call":
                call = self.graph.calls[index]
                call.inputs = [(name, current(value)) for name, value in call.inputs]
            else:
                function = self.graph.functions[index]
                function.inputs = [(name, current(value)) for name, value in function.inputs]

    def leave(self, position: int, current: Callable[[Value], Value]) -> None:
        """Reads the results of what the node at a position is the last of."""
        for index in self.left.get(position, ()):
            call = self.graph.calls[index]
            call.outputs = [current(value) for value in call.outputs]
