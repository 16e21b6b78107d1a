"""Regions: the tree of module calls and function calls that a graph's nodes stand in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pycandle.ir.graph import Graph, Node, Value
from pycandle.lowering.operand import Layout


@dataclass(frozen=True)
class Maybe:
    """An op that some instances of a class lack."""

    instead: Value
    """What stands for the result where it is missing."""
    ghost_of: Node | None = None
    """Where it is missing here: the op of an instance that has it."""


class Absent(Value):
    """An argument that a call leaves out and other calls of the module give."""


@dataclass(frozen=True)
class Default:
    """What a body computes where an argument is left out."""

    given: Value
    """The argument."""
    value: Value
    """The argument where it is given, else what is computed."""
    items: tuple[Item, ...]
    """What computes it, in order."""
    here: bool
    """Whether the body computes it; else the items are those of an instance that does."""


@dataclass(eq=False)
class Region:
    """One call of a module, or of a Python function within one."""

    kind: str
    """`module` or `function`."""
    name: str
    """The qualified name of the class, or of the function within its file."""
    path: str
    """The FQN of the module, for a function that of the module whose call it belongs to."""
    parent: Region | None
    index: int = 0
    """Counts the calls of the same module."""
    container: str | None = None
    variable: str | None = None
    """What Python assigns the result to."""
    file: str = ""
    line: tuple[str, int] | None = None
    items: list[Item] = field(default_factory=list["Item"])
    inputs: list[Value] = field(default_factory=list[Value])
    """Values made outside and read inside, state apart."""
    outputs: list[Value] = field(default_factory=list[Value])
    """Values made inside and read outside."""
    parameter: dict[Value, str] = field(default_factory=dict[Value, str])
    """The names of `forward`'s or the function's parameters, where they were recorded."""
    given: tuple[str, ...] = ()
    """The parameters that tensors were given for."""
    options: dict[str, object] = field(default_factory=dict[str, object])
    """The arguments that are no tensors, by the names of their parameters."""
    results: list[Value] = field(default_factory=list[Value])
    """What the call returned, as recorded, in order."""
    facts: dict[Value, Layout] = field(default_factory=dict[Value, Layout])
    """How each input lies in memory in every call of what this is a call of."""
    is_optional: bool = False
    """Whether other instances of the class around it lack this child."""
    ghost_of: Region | None = None
    """For a child that is missing here: the one that another instance has."""
    maybe: dict[Node, Maybe] = field(default_factory=dict["Node", Maybe])
    """Its ops that other instances of its class lack, or that only they have."""
    like: Region | None = None
    """The instance of its class that it was made like."""
    optional: dict[Value, Value] = field(default_factory=dict[Value, Value])
    """Inputs that some calls leave out, each with the result that stands for it from then on."""
    defaults: list[Default] = field(default_factory=list[Default])
    """What the body computes where such an input is left out."""
    height: int = 0

    def __repr__(self) -> str:
        return f"<{self.kind} {self.path or 'root'}: {self.name}>"

    def nodes(self) -> Iterator[Node]:
        """Yields the nodes of the region and of all regions in it."""
        for item in self.items:
            if isinstance(item, Region):
                yield from item.nodes()
            else:
                yield item

    def children(self) -> list[Region]:
        """Returns the regions directly inside."""
        return [item for item in self.items if isinstance(item, Region)]

    def own_nodes(self) -> list[Node]:
        """Returns the nodes that stand in the region itself."""
        return [item for item in self.items if isinstance(item, Node)]

    def relative(self, fqn: str) -> str | None:
        """Returns an FQN from this region's module on, or None for one outside of it."""
        if not self.path:
            return fqn
        if fqn.startswith(f"{self.path}."):
            return fqn[len(self.path) + 1 :]
        return None


Item: TypeAlias = Node | Region


def build_tree(graph: Graph, inlined: list[str]) -> Region:
    """Returns the root region, its items in an order in which everything is computed before use.

    `inlined` receives the FQNs of modules whose boundaries cannot be kept for that.
    """
    builder = _Builder(graph)
    for node in graph.nodes:
        builder.region(node.call, node.function).items.append(node)
    root = builder.region(_root_call(graph), None)
    _order(root, {node.result: i for i, node in enumerate(graph.nodes)}, inlined)
    return root


def _root_call(graph: Graph) -> int:
    return next(i for i, call in enumerate(graph.calls) if call.parent is None)


class _Builder:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.modules: dict[int, Region] = {}
        self.functions: dict[int, Region] = {}

    def region(self, call: int, function: int | None) -> Region:
        """Returns the region of a function of a module call, or of the module call itself."""
        return self._module(call) if function is None else self._function(function)

    def _module(self, index: int) -> Region:
        if index not in self.modules:
            call = self.graph.calls[index]
            parent = None
            if call.parent is not None:
                parent = self.region(call.parent, call.function)
            region = Region(
                kind="module",
                name=call.cls,
                path=call.module,
                parent=parent,
                index=call.index,
                container=call.container,
                variable=call.variable,
                line=call.line,
                parameter={value: name for name, value in reversed(call.inputs)},
                given=_given(call.inputs),
                options=call.options,
                results=call.outputs,
            )
            self.modules[index] = region
            self._place(region)
        return self.modules[index]

    def _function(self, index: int) -> Region:
        if index not in self.functions:
            call = self.graph.functions[index]
            region = Region(
                kind="function",
                name=call.name,
                path=self.graph.calls[call.call].module,
                parent=self.region(call.call, call.parent),
                variable=call.variable,
                file=call.file,
                line=(call.file, call.line),
                parameter={value: name for name, value in reversed(call.inputs)},
                given=_given(call.inputs),
                options=call.options,
            )
            self.functions[index] = region
            self._place(region)
        return self.functions[index]

    def _place(self, region: Region) -> None:
        if region.parent is not None:
            region.parent.items.append(region)


def _given(inputs: list[tuple[str, Value]]) -> tuple[str, ...]:
    """Returns the parameters that tensors are given for, nested ones once."""
    return tuple(dict.fromkeys(name.partition(".")[0] for name, _ in inputs))


def dissolve(region: Region) -> None:
    """Puts the items of a region into its parent, in its place."""
    parent = region.parent
    assert parent is not None
    at = parent.items.index(region)
    parent.items[at : at + 1] = region.items
    for item in region.items:
        if isinstance(item, Region):
            item.parent = parent
    if region.variable and "," not in region.variable and len(region.outputs) == 1:
        # What the dissolved call was assigned to names the value that it returned, and not what
        # the body of another call calls it.
        value = region.outputs[0]
        maker = next((item for item in region.children() if value in item.outputs), None)
        if maker is None:
            value.variable = region.variable
        elif len(maker.outputs) == 1:
            maker.variable = region.variable


def _order(region: Region, position: dict[Value, int], inlined: list[str]) -> None:
    """Sorts items so that reads follow writes; a cycle dissolves the smallest region on it."""
    while (cycle := _sort(region, position)) is not None:
        smallest = min(cycle, key=lambda item: sum(1 for _ in item.nodes()))
        if smallest.kind == "module":
            inlined.append(smallest.path)
        dissolve(smallest)
    for child in region.children():
        _order(child, position, inlined)


def _sort(region: Region, position: dict[Value, int]) -> list[Region] | None:
    """Orders a region's items stably. Returns the regions of a cycle where there is one."""
    owner: dict[Value, int] = {}
    for index, item in enumerate(region.items):
        for node in item.nodes() if isinstance(item, Region) else (item,):
            owner[node.result] = index
    needs: list[set[int]] = []
    in_order = True
    for index, item in enumerate(region.items):
        found: set[int] = set()
        for node in item.nodes() if isinstance(item, Region) else (item,):
            found.update(owner[value] for value in node.inputs() if value in owner)
        found.discard(index)
        in_order = in_order and all(need < index for need in found)
        needs.append(found)
    if in_order:
        return None
    done: set[int] = set()
    order: list[int] = []
    waiting = list(range(len(region.items)))
    while waiting:
        ready = next((index for index in waiting if needs[index] <= done), None)
        if ready is None:
            on_cycle = [index for index in waiting if _needs_itself(index, needs, done)]
            return [item for i in on_cycle if isinstance(item := region.items[i], Region)]
        waiting.remove(ready)
        done.add(ready)
        order.append(ready)
    region.items = [region.items[index] for index in order]
    return None


def _needs_itself(index: int, needs: list[set[int]], done: set[int]) -> bool:
    """Whether an item can only be computed after itself; what merely follows a cycle is not."""
    seen: set[int] = set()
    waiting = list(needs[index])
    while waiting:
        need = waiting.pop()
        if need == index:
            return True
        if need not in seen and need not in done:
            seen.add(need)
            waiting += needs[need]
    return False


def connect(root: Region, graph: Graph) -> None:
    """Finds the inputs and outputs of every region, and their heights and depths."""
    home: dict[Value, Region] = {}
    for region in walk(root):
        region.inputs, region.outputs = [], []
        for node in region.own_nodes():
            home[node.result] = region
    order = {node.result: i for i, node in enumerate(graph.nodes)}
    inputs: dict[Region, dict[Value, None]] = {}
    outputs: dict[Region, dict[Value, None]] = {}
    for node in graph.nodes:
        if node.result not in home:
            continue
        for value in node.inputs():
            if value.state is None:
                _carry(value, home[node.result], home, inputs, outputs)
    for output in graph.outputs:
        if output.value is not None and output.value.node is not None:
            region: Region | None = home[output.value]
            while region is not None:
                outputs.setdefault(region, {})[output.value] = None
                region = region.parent
    for region in walk(root):
        region.inputs = _by_parameter(region, list(inputs.get(region, {})))
        found = sorted(outputs.get(region, {}), key=lambda value: order.get(value, len(order)))
        region.outputs = _by_result(region, found)
    root.inputs = list(graph.inputs)
    root.outputs = [output.value for output in graph.outputs if output.value is not None]
    _measure(root)


def name_results(root: Region) -> None:
    """Gives what a call returns the name that its caller assigns it to, where it has none.

    The innermost caller names it, so that a body is the same whatever its callers' variables are.
    """
    for region in reversed(list(walk(root))):
        if len(region.outputs) == 1 and _is_name(region.variable):
            value = region.outputs[0]
            text = value.variable
            if text is None or text == "return" or not text.isidentifier():
                value.variable = region.variable


def _is_name(variable: str | None) -> bool:
    """Whether an assignment's target says what a value is: an item of a list says nothing."""
    return variable not in (None, "return") and "[" not in variable


def _carry(
    value: Value,
    reader: Region,
    home: dict[Value, Region],
    inputs: dict[Region, dict[Value, None]],
    outputs: dict[Region, dict[Value, None]],
) -> None:
    """Makes a value an output of the regions it leaves and an input of those it enters."""
    around: set[Region] = set()
    region: Region | None = home.get(value)
    while region is not None:
        around.add(region)
        region = region.parent
    meeting: Region | None = reader
    while meeting is not None and meeting not in around:
        inputs.setdefault(meeting, {})[value] = None
        meeting = meeting.parent
    region = home.get(value)
    while region is not None and region is not meeting:
        outputs.setdefault(region, {})[value] = None
        region = region.parent


def _by_parameter(region: Region, values: list[Value]) -> list[Value]:
    """Orders inputs as the parameters were recorded; what was not recorded follows."""
    order = {value: i for i, value in enumerate(reversed(region.parameter))}
    return sorted(values, key=lambda value: order.get(value, len(order)))


def _by_result(region: Region, values: list[Value]) -> list[Value]:
    """Orders outputs as the call returned them; what was not recorded follows."""
    order = {value: i for i, value in reversed(list(enumerate(region.results)))}
    return sorted(values, key=lambda value: order.get(value, len(order)))


def _measure(region: Region) -> int:
    region.height = max((_measure(child) + 1 for child in region.children()), default=0)
    return region.height


def walk(region: Region) -> Iterator[Region]:
    """Yields a region and all regions in it, outer ones first."""
    yield region
    for child in region.children():
        yield from walk(child)
