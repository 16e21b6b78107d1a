"""Turns ops that write into their operand into ops that return a new value.

`x.relu_()` becomes `relu(x)`, and later reads of `x` read the result. Where `x` is a view, the
tensor it looks into is rebuilt around it, and so is every other view of that tensor that is still
read.
"""

from __future__ import annotations

import re
from collections import defaultdict

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.ir.graph import Argument, Graph, Node, Value

_IN_PLACE = re.compile(r"aten\.([a-z0-9_]*[a-z0-9])_\.(\w+)")
_IN_PLACE_OPERATOR = re.compile(r"aten\.__i([a-z]+)__\.(\w+)")

_VIEWS = frozenset(
    f"aten.{name}"
    for name in (
        "alias.default",
        "detach.default",
        "expand.default",
        "narrow.default",
        "permute.default",
        "select.int",
        "slice.Tensor",
        "squeeze.default",
        "squeeze.dim",
        "squeeze.dims",
        "t.default",
        "transpose.int",
        "unsqueeze.default",
        "view.default",
    )
)
"""Ops whose result always looks into their first operand."""

_MAYBE_VIEWS = frozenset(
    f"aten.{name}"
    for name in (
        "chunk.default",
        "contiguous.default",
        "diagonal.default",
        "expand_as.default",
        "flatten.using_ints",
        "reshape.default",
        "split.Tensor",
        "split_with_sizes.default",
        "to.device",
        "to.dtype",
        "to.dtype_layout",
        "type_as.default",
        "unbind.int",
        "unfold.default",
        "unflatten.int",
    )
)
"""Ops whose result may look into their first operand, or that have no way back from it here."""


class Functionalize:
    """Replaces in-place ops; a write whose effect cannot be followed is refused."""

    name = "functionalize"

    def run(self, graph: Graph) -> bool:
        """Returns whether any op was replaced. Raises PyCandleError with all refused writes."""
        if not any(_functional(node.target) for node in graph.nodes):
            return False
        _Functionalizer(graph).run()
        return True


def _functional(target: str) -> str | None:
    """Returns the overload that computes what an in-place one writes, or None."""
    if match := _IN_PLACE.fullmatch(target):
        return f"aten.{match[1]}.{match[2]}"
    if match := _IN_PLACE_OPERATOR.fullmatch(target):
        return f"aten.__{match[1]}__.{match[2]}"
    return None


class _Functionalizer:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.newest: dict[Value, Value] = {}
        """The value to read in place of one that was written to."""
        self.parent: dict[Value, Value] = {}
        """The tensor that a view looks into."""
        self.last_read: dict[Value, int] = {}
        self.nodes: list[Node] = []
        self.problems: list[Diagnostic] = []
        self.counts: dict[str, int] = defaultdict(int)

    def run(self) -> None:
        for position, node in enumerate(self.graph.nodes):
            for value in node.inputs():
                self.last_read[value] = position
        for output in self.graph.outputs:
            if output.value is not None:
                self.last_read[output.value] = len(self.graph.nodes)
        for position, node in enumerate(self.graph.nodes):
            written = node.args[0] if node.args else None
            functional = _functional(node.target)
            if functional is None or not isinstance(written, Value):
                self._keep(node)
            else:
                self._write(node, functional, written, position)
        if self.problems:
            raise PyCandleError(self.problems)
        self.graph.nodes = self.nodes
        for output in self.graph.outputs:
            if output.value is not None:
                output.value = self._current(output.value)

    def _current(self, value: Value) -> Value:
        while value in self.newest:
            value = self.newest[value]
        return value

    def _keep(self, node: Node) -> None:
        first = node.args[0] if node.args else None
        node.replace_inputs(self._current)
        self.nodes.append(node)
        looks_into = node.target in _VIEWS or node.target in _MAYBE_VIEWS
        if (looks_into or node.target == "operator.getitem") and isinstance(first, Value):
            self.parent[node.result] = first

    def _write(self, node: Node, functional: str, written: Value, position: int) -> None:
        """`node` writes to `written`, a value of the original graph."""
        if functional == "aten.detach.default":
            node.target = functional
            self._keep(node)
            return
        root = self._root(written)
        if root.state is not None:
            self._refuse(node, f"writes to the model's own `{root.state}`")
            return
        node.target = functional
        node.replace_inputs(self._current)
        self.nodes.append(node)
        before = self._chain(written)
        self.newest[self._current(written)] = node.result
        self._alias(written, node.result)
        aliases = [
            value
            for value in [root, *self.parent]
            if value is not written
            and value is not node.result
            and self._root(value) is root
            and self.last_read.get(value, -1) > position
        ]
        if aliases:
            self._rebuild(node, written, before, aliases)

    def _alias(self, written: Value, result: Value) -> None:
        """The result of a write is the tensor it wrote to: it looks where that looked."""
        if written in self.parent:
            self.parent[result] = self.parent[written]

    def _root(self, value: Value) -> Value:
        while value in self.parent:
            value = self.parent[value]
        return value

    def _chain(self, value: Value) -> list[Value]:
        """Returns the views from the root's first view down to the value."""
        chain = []
        while value in self.parent:
            chain.append(value)
            value = self.parent[value]
        return chain[::-1]

    def _rebuild(self, node: Node, written: Value, views: list[Value], stale: list[Value]) -> None:
        """Carries a write to the root, and from there to every view that is still read."""
        involved = {*views, *(view for value in stale for view in self._chain(value))}
        unsure = [
            value
            for value in involved
            if value.node is None
            or (value.node.target not in _VIEWS and _functional(value.node.target) is None)
        ]
        for value in unsure:
            target = value.node.target if value.node else "an input"
            self._refuse(node, f"writes to a tensor that `{target}` may or may not share")
        if unsure:
            return
        root = self._root(written)
        value = self._current(written)
        for view in reversed(views):
            assert view.node is not None
            outer = self._current(self.parent[view])
            rebuilt = self._scatter(view.node, outer, value)
            if rebuilt is None:
                self._refuse(node, f"writes through `{view.node.target}`")
                return
            self.newest[outer] = rebuilt
            value = rebuilt
        current = {root: self._current(root)}
        for stale_value in stale:
            for view in self._chain(stale_value):
                if view in current or view in views:
                    continue
                assert view.node is not None
                outer = current.get(self.parent[view]) or self._current(self.parent[view])
                args: list[Argument] = [outer, *view.node.args[1:]]
                again = self._copy(view.node, view.node.target, args, view)
                self.newest[self._current(view)] = again
                current[view] = again

    def _scatter(self, view: Node, outer: Value, value: Value) -> Value | None:
        """Returns `outer` with the part that `view` shows replaced by `value`."""
        rest = view.args[1:]
        match view.target:
            case "aten.select.int":
                return self._copy(view, "aten.select_scatter.default", [outer, value, *rest], outer)
            case "aten.slice.Tensor":
                return self._copy(view, "aten.slice_scatter.default", [outer, value, *rest], outer)
            case "aten.transpose.int" | "aten.t.default":
                return self._copy(view, view.target, [value, *rest], outer)
            case "aten.unsqueeze.default":
                return self._copy(view, "aten.squeeze.dim", [value, *rest], outer)
            case "aten.squeeze.dim":
                return self._copy(view, "aten.unsqueeze.default", [value, *rest], outer)
            case "aten.view.default":
                shape: list[Argument] = list(getattr(outer.type, "shape", ()))
                return self._copy(view, "aten.reshape.default", [value, shape], outer)
            case "aten.alias.default" | "aten.detach.default":
                return value
            case _:
                return None

    def _copy(self, like: Node, target: str, args: list[Argument], shaped: Value) -> Value:
        """Appends a node in the place of `like`, whose result has the type of `shaped`."""
        base = like.result.name
        self.counts[base] += 1
        result = Value(f"{base}_after_{self.counts[base]}", shaped.type, variable=shaped.variable)
        made = Node(target, args, {}, result, like.call, like.sites, like.function)
        made.kwargs = dict(like.kwargs) if target == like.target else {}
        result.node = made
        self.nodes.append(made)
        return result

    def _refuse(self, node: Node, label: str) -> None:
        site = node.sites[0] if node.sites else None
        place = Place(site.file, site.line, site.text) if site else None
        self.problems.append(
            Diagnostic(
                "write-to-view",
                f"`{node.target}` has an effect that cannot be followed",
                place,
                label=label,
                hint="write to a copy, `x = x.clone()`, or use the op that returns a new tensor",
            )
        )
