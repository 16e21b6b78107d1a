"""Turns ops that write into their operand into ops that return a new value.

`x.relu_()` becomes `relu(x)`, and later reads of `x` read the result. Where `x` is a view, the
tensor it looks into is rebuilt around it, and so is every other view of that tensor that is still
read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.ir.graph import Graph, Node, Value
from pycandle.ir.overloads import functional_overload
from pycandle.ir.types import DTypeConstant, TensorType
from pycandle.passes.in_place_dtypes import computed_type
from pycandle.passes.interface_versions import InterfaceVersions
from pycandle.passes.scatter import Op, scatter
from pycandle.passes.sharing import (
    RENAMING,
    View,
    is_maybe_same_object,
    operand_of,
    part_of,
    view_of,
)
from pycandle.passes.writes import hidden_write


class Functionalize:
    """Replaces in-place ops; a write whose effect cannot be followed is refused."""

    name = "functionalize"

    def run(self, graph: Graph) -> bool:
        """Returns whether any op was replaced. Raises PyCandleError with all refused writes."""
        if not any(functional_overload(n.target) or hidden_write(n) for n in graph.nodes):
            return False
        _Functionalizer(graph).run()
        return True


@dataclass(eq=False)
class _Tensor:
    """A tensor of the program, with memory of its own or looking into another one's."""

    value: Value
    """What it holds now."""
    outer: _Tensor | None = None
    view: View | None = None
    inner: list[_Tensor] = field(default_factory=list["_Tensor"])
    """Those that look into this one."""
    last_read: int = -1


def _outward(tensor: _Tensor) -> list[_Tensor]:
    """Returns a tensor, the one it looks into, and so on to the owner of the memory."""
    chain = [tensor]
    while (outer := chain[-1].outer) is not None:
        chain.append(outer)
    return chain


def _family(tensor: _Tensor) -> list[_Tensor]:
    """Returns a tensor and all that look into it, in order of creation."""
    found = [tensor]
    for item in found:
        found.extend(item.inner)
    return found


@dataclass(frozen=True)
class _Split:
    """An op with several results, which are taken out one by one."""

    node: Node
    """With its operands as in the original graph."""
    held: dict[Value, Value]
    """What the operands held when it ran."""


class _Functionalizer:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.tensors: dict[Value, _Tensor] = {}
        """By the value of the original graph; several values may be one tensor."""
        self.splits: dict[Value, _Split] = {}
        self.last_read: dict[Value, int] = {}
        self.nodes: list[Node] = []
        self.problems: list[Diagnostic] = []
        self.counts: dict[str, int] = defaultdict(int)
        self.names = {value.name for value in (*graph.inputs, *graph.state)}
        self.names.update(node.result.name for node in graph.nodes)

    def run(self) -> None:
        for position, node in enumerate(self.graph.nodes):
            for value in node.inputs():
                self.last_read[value] = position
        for output in self.graph.outputs:
            if output.value is not None:
                self.last_read[output.value] = len(self.graph.nodes)
        for value in (*self.graph.inputs, *self.graph.state):
            self._own(value)
        interfaces = InterfaceVersions(self.graph)
        for position, node in enumerate(self.graph.nodes):
            interfaces.enter(position, self._current)
            self._node(node, position)
            interfaces.leave(position, self._current)
        if self.problems:
            raise PyCandleError(self.problems)
        self.graph.nodes = self.nodes
        for output in self.graph.outputs:
            if output.value is not None:
                output.value = self._current(output.value)

    def _node(self, node: Node, position: int) -> None:
        written = node.args[0] if node.args else None
        functional = functional_overload(node.target)
        if hidden_write(node) or (functional is not None and written not in self.tensors):
            self._refuse(node, "writes to more than its first operand, or exchanges its memory")
            self._keep(node)
        elif functional is None or not isinstance(written, Value):
            self._keep(node)
        elif node.target in RENAMING:
            self._look_anew(node, written)
        else:
            self._write(node, functional, written, position)

    def _current(self, value: Value) -> Value:
        return self.tensors[value].value if value in self.tensors else value

    def _own(self, value: Value) -> None:
        self.tensors[value] = _Tensor(value, last_read=self.last_read.get(value, -1))

    def _look(self, value: Value, outer: Value, view: View) -> _Tensor:
        """Notes that a new value looks into an older one."""
        around = self.tensors[outer]
        tensor = _Tensor(value, around, view, last_read=self.last_read.get(value, -1))
        around.inner.append(tensor)
        self.tensors[value] = tensor
        return tensor

    def _keep(self, node: Node) -> None:
        """Keeps a node that writes nothing."""
        outer = node.args[0] if node.args else None
        if node.target == "operator.getitem" and outer in self.splits:
            self._take(node, self.splits[outer])
            return
        found = view_of(node)
        sources = [value for value in node.inputs() if value in self.tensors]
        original = Node(node.target, node.args, node.kwargs, node.result)
        node.replace_inputs(self._current)
        self.nodes.append(node)
        if not isinstance(node.result.type, TensorType):
            self.splits[node.result] = _Split(
                original, {value: self._current(value) for value in sources}
            )
            for value in sources:
                # The parts are taken out later, and look into the operand until then.
                tensor = self.tensors[value]
                tensor.last_read = max(tensor.last_read, self.last_read.get(node.result, -1))
        elif found is not None and found[0] in self.tensors:
            self._look(node.result, *found)
        else:
            self._own(node.result)

    def _take(self, node: Node, split: _Split) -> None:
        """Keeps a node that takes out one of several results."""
        index = node.args[1]
        assert isinstance(index, int)
        outer, view = operand_of(split.node, index), part_of(split.node, index, node)
        if outer is None or view is None:
            self.nodes.append(node)
            self._own(node.result)
            return
        tensor = self._look(node.result, outer, view)
        if self._current(outer) is split.held[outer]:
            self.nodes.append(node)
        elif view.certain:
            args = (self._current(outer), *view.rest)
            tensor.value = self._make(view.node, Op(view.target, args, view.kwargs), node.result)
        else:
            self._refuse(node, f"`{split.node.target}` may or may not share what was written since")

    def _look_anew(self, node: Node, written: Value) -> None:
        """`node` writes nothing, but makes its operand another view of the same memory."""
        tensor = self.tensors[written]
        near = [tensor, *tensor.inner]
        doubtful = any(item.view is not None and is_maybe_same_object(item.view) for item in near)
        if doubtful and node.target not in ("aten.detach_.default", "aten.requires_grad_.default"):
            self._refuse(node, "reshapes a tensor that may have a second name")
        names = [value for value, found in self.tensors.items() if found is tensor]
        node.target = RENAMING[node.target]
        self._keep(node)
        renamed = self.tensors[node.result]
        for value in names:
            self.tensors[value] = renamed
            renamed.last_read = max(renamed.last_read, self.last_read.get(value, -1))
        tensor.last_read = -1

    def _write(self, node: Node, functional: str, written: Value, position: int) -> None:
        """`node` writes to `written`, a value of the original graph."""
        tensor = self.tensors[written]
        owner = _outward(tensor)[-1].value
        if owner.state is not None:
            self._refuse(node, f"writes to the model's own `{owner.state}`")
            self.tensors[node.result] = tensor
            return
        computed = computed_type(functional, node)
        if computed is None:
            self._refuse(node, "the dtype that it computes in depends on the model's")
        node.target = functional
        node.replace_inputs(self._current)
        if computed is not None and computed != node.result.type:
            self._cast_back(node, computed)
        self.nodes.append(node)
        tensor.value = node.result
        self.tensors[node.result] = tensor
        tensor.last_read = max(tensor.last_read, self.last_read.get(node.result, -1))
        self._spread(node, tensor, position)

    def _cast_back(self, node: Node, computed: TensorType) -> None:
        """Computes in a dtype of its own first; the node becomes the cast to what it wrote to."""
        kind = node.result.type
        assert isinstance(kind, TensorType)
        value = self._make(node, Op(node.target, tuple(node.args), node.kwargs), node.result)
        value.type, value.variable = computed, None
        node.target, node.args, node.kwargs = (
            "aten.to.dtype",
            [value, DTypeConstant(kind.dtype)],
            {},
        )
        if kind.is_float:
            node.cast = "input_dtype" if kind.follows_model else "fixed"

    def _spread(self, node: Node, tensor: _Tensor, position: int) -> None:
        """Carries a write outward as far as it is seen, and from there to every reader."""
        chain = _outward(tensor)
        family = _family(chain[-1])
        readers = [item for item in family if item is not tensor and item.last_read > position]
        if not readers:
            return
        reach = max(_meeting(chain, reader) for reader in readers)
        for inner, outer in pairwise(chain[: reach + 1]):
            assert inner.view is not None
            made = scatter(inner.view, outer.value, inner.value)
            if made is None:
                self._refuse(node, _through(inner.view))
                return
            if isinstance(made, Op):
                made = self._make(inner.view.node, made, outer.value)
            outer.value = made
        fresh = set(chain[: reach + 1])
        for reader in readers:
            self._refresh(node, reader, fresh)

    def _refresh(self, node: Node, tensor: _Tensor, fresh: set[_Tensor]) -> None:
        """Takes the view again of what has changed."""
        if tensor in fresh:
            return
        outer, view = tensor.outer, tensor.view
        assert outer is not None
        assert view is not None
        fresh.add(tensor)
        self._refresh(node, outer, fresh)
        if not view.certain:
            self._refuse(node, _through(view))
            return
        op = Op(view.target, (outer.value, *view.rest), view.kwargs)
        tensor.value = self._make(view.node, op, tensor.value)

    def _make(self, like: Node, op: Op, shaped: Value) -> Value:
        """Appends a node in the place of `like`, whose result has the type of `shaped`."""
        base = like.result.name
        while True:
            self.counts[base] += 1
            name = f"{base}_after_{self.counts[base]}"
            if name not in self.names:
                break
        self.names.add(name)
        result = Value(name, shaped.type, variable=shaped.variable)
        cast = like.cast if like.target == op.target else None
        made = Node(
            op.target, list(op.args), dict(op.kwargs), result,
            like.call, like.sites, like.function, cast,
        )  # fmt: skip
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


def _meeting(chain: list[_Tensor], reader: _Tensor) -> int:
    """Returns where in a chain outward another tensor's chain joins it."""
    return chain.index(next(item for item in _outward(reader) if item in chain))


def _through(view: View) -> str:
    if view.certain:
        return f"writes through `{view.target}`"
    return f"writes to a tensor that `{view.target}` may or may not share"
