"""How a model computes the tensors that no checkpoint holds, as a small program.

It is an entry without inputs: its outputs are the tensors, by canonical name, and each node stands
in the module that owns the tensor which it is computed for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import torch
from torch.utils._pytree import tree_map

from pycandle.learning.structure import pattern_of
from pycandle.manifest.schema import (
    Argument,
    Atom,
    Call,
    Entry,
    Item,
    Leaf,
    ListValue,
    Mapping,
    Node,
    TensorValue,
    Tree,
)
from pycandle.recorder.program import Tables, target_name
from pycandle.recorder.state import Owned, State
from pycandle.recorder.steps import Made, Step, made_by
from pycandle.recorder.trees import NOT_PLAIN, argument_of

ENTRY = "__init__"
"""The name of the entry: no method that can be recorded has it."""
MOST_STEPS = 64
"""Of one tensor."""


def recipes_of(
    state: State,
    modules: Collection[str],
    tables: Tables,
    left_out: Collection[str] = (),
) -> Entry:
    """Returns the recipes of the tensors that the recorded entries read.

    `modules`: the paths of all modules; `left_out`: patterns of names that are to have none.
    """
    writer = _Writer(modules, tables)
    for owned in state.tensors.values():
        if owned.kind not in ("non_persistent_buffer", "constant") or not owned.used:
            continue
        made = made_by(owned.tensor)
        if made is None or pattern_of(owned.name) in left_out:
            continue
        if sum(1 for _ in _steps(made)) > MOST_STEPS or not _is_proved(made, owned):
            continue
        try:
            writer.add(owned.name, made)
        except _NoForm:
            continue
    return Entry(
        name=ENTRY,
        inputs=[],
        state={},
        nodes=writer.nodes,
        calls=writer.calls,
        signature={},
        output=Mapping(writer.outputs),
    )


def unlike_recipes(one: Entry, other: Entry) -> set[str]:
    """Returns the patterns of the names of tensors of which two recordings say not the same."""
    ours, theirs = (dict(_by_output(entry)) for entry in (one, other))
    names = ours.keys() | theirs.keys()
    return {pattern_of(name) for name in names if _ops(ours.get(name)) != _ops(theirs.get(name))}


def without_recipes(entry: Entry, patterns: Collection[str]) -> Entry:
    """Returns recipes without those of the tensors whose names have a pattern."""
    kept = {name: nodes for name, nodes in _by_output(entry) if pattern_of(name) not in patterns}
    assert isinstance(entry.output, Mapping)
    outputs = {name: leaf for name, leaf in entry.output.fields.items() if name in kept}
    nodes = [node for nodes in kept.values() for node in nodes]
    return msgspec.structs.replace(entry, nodes=nodes, output=Mapping(outputs))


def _by_output(entry: Entry) -> Iterator[tuple[str, list[Node]]]:
    """Yields the nodes of each tensor, which stand together and end with its own."""
    assert isinstance(entry.output, Mapping)
    places = {node.name: place for place, node in enumerate(entry.nodes)}
    begin = 0
    for name, leaf in entry.output.fields.items():
        assert isinstance(leaf, Leaf)
        assert isinstance(leaf.value, Atom)
        end = places[leaf.value.node or ""] + 1
        yield name, entry.nodes[begin:end]
        begin = end


def _ops(nodes: list[Node] | None) -> list[Any]:
    """Returns what nodes compute, whatever they are called."""
    places = {node.name: place for place, node in enumerate(nodes or ())}

    def plain(argument: Argument) -> Any:
        if isinstance(argument, list):
            return [plain(item) for item in argument]
        if isinstance(argument, Atom) and argument.node is not None:
            return ("node", places[argument.node])
        return type(argument), argument

    return [
        (
            node.target,
            [plain(argument) for argument in node.args],
            {name: plain(argument) for name, argument in node.kwargs.items()},
            node.value,
        )
        for node in nodes or ()
    ]


class _NoForm(Exception):
    """A step that a manifest has no form for, or too many of them."""


def _is_proved(made: Made, owned: Owned) -> bool:
    """Whether the steps, run again, give the data that the tensor has, bit for bit."""
    value = owned.value()
    if made.step.results[made.index or 0] != (owned.tensor.dtype, tuple(owned.tensor.shape)):
        return False
    if value is None:
        # Of another configuration than the recorded one, whose data may be too large to keep.
        return True
    results: dict[Step, Any] = {}

    def real(item: Any) -> Any:
        if isinstance(item, Made):
            found = results[item.step]
            return found if item.index is None else found[item.index]
        if isinstance(item, torch.device) and item.type == "meta":
            return torch.device("cpu")
        return item

    def is_made(item: Any) -> bool:
        return isinstance(item, Made)

    with torch.no_grad():
        for step in _steps(made):
            args, kwargs = tree_map(real, (step.args, step.kwargs), is_leaf=is_made)
            results[step] = step.target(*args, **kwargs)
    return _is_same(real(made), value)


def _is_same(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    both_nan = (one != one) & (other != other)
    return bool(((one == other) | both_nan).all())


def _steps(made: Made) -> Iterator[Step]:
    """Yields the steps of a tensor, each after those whose results it takes."""
    done: set[Step] = set()
    open_: list[tuple[Step, bool]] = [(made.step, False)]
    while open_:
        step, is_ready = open_.pop()
        if step in done:
            continue
        if is_ready:
            done.add(step)
            yield step
            continue
        open_.append((step, True))
        open_ += [(item.step, False) for item in reversed(list(_operands(step)))]


def _operands(step: Step) -> Iterator[Made]:
    for argument in (*step.args, *step.kwargs.values()):
        for item in argument if isinstance(argument, list | tuple) else (argument,):
            if isinstance(item, Made):
                yield item


@dataclass
class _Writer:
    """Writes steps as nodes, each tensor's by themselves."""

    modules: Collection[str]
    tables: Tables
    nodes: list[Node] = field(default_factory=list[Node])
    calls: list[Call] = field(default_factory=lambda: [Call("", 0)])
    outputs: dict[str, Tree] = field(default_factory=dict[str, Tree])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    names: dict[tuple[Step, int | None], str] = field(
        default_factory=dict[tuple[Step, int | None], str]
    )
    """Of the nodes of one tensor."""

    def add(self, name: str, made: Made) -> None:
        """Adds a tensor; raises _NoForm, and is then as it was."""
        before = len(self.nodes), dict(self.counts)
        self.names.clear()
        call = self._call(name)
        try:
            for step in _steps(made):
                self._write(step, call)
        except _NoForm:
            del self.nodes[before[0] :]
            self.counts = before[1]
            raise
        self.outputs[name] = Leaf(self._reference(made, call))

    def _write(self, step: Step, call: int) -> None:
        values = [
            TensorValue(str(dtype).removeprefix("torch."), list(shape))
            for dtype, shape in step.results
        ]
        target = target_name(step.target)
        args = [self._argument(item, call) for item in step.args]
        kwargs = {key: self._argument(item, call) for key, item in step.kwargs.items()}
        self.names[step, None] = self._name(target)
        node = Node(
            self.names[step, None],
            target,
            args,
            kwargs,
            values[0] if _returns_one(step.target) else ListValue(list(values)),
            call=call,
            frames=self.tables.stack(step.position.stack),
            variable=step.position.variable,
        )
        self.nodes.append(node)

    def _argument(self, value: Any, call: int) -> Argument:
        if isinstance(value, list | tuple):
            return [self._item(item, call) for item in value]
        return self._item(value, call)

    def _item(self, value: Any, call: int) -> Item:
        if isinstance(value, Made):
            return self._reference(value, call)
        if isinstance(value, torch.device):
            return Atom(device="model" if value.type == "meta" else str(value))
        plain = argument_of(value)
        if plain is NOT_PLAIN or isinstance(plain, list):
            raise _NoForm
        return plain

    def _reference(self, made: Made, call: int) -> Atom:
        """Returns what names a result; one of several has a node of its own."""
        key = made.step, made.index
        if key not in self.names:
            self.names[key] = self._name("operator.getitem")
            whole = Atom(node=self.names[made.step, None])
            dtype, shape = made.step.results[made.index or 0]
            value = TensorValue(str(dtype).removeprefix("torch."), list(shape))
            args: list[Argument] = [whole, made.index]
            self.nodes.append(
                Node(self.names[key], "operator.getitem", args, value=value, call=call)
            )
        return Atom(node=self.names[key])

    def _name(self, target: str) -> str:
        """Returns `arange`, `arange_1` ..."""
        base = target.split(".")[1]
        count = self.counts.get(base, 0)
        self.counts[base] = count + 1
        return f"{base}_{count}" if count else base

    def _call(self, name: str) -> int:
        """Returns the call of the module that owns a tensor; adds those of the modules around."""
        path = name.rpartition(".")[0]
        parts = path.split(".") if path in self.modules and path else []
        found = 0
        for end in range(1, len(parts) + 1):
            inner = ".".join(parts[:end])
            known = next((i for i, call in enumerate(self.calls) if call.module == inner), None)
            if known is None:
                known = len(self.calls)
                self.calls.append(Call(inner, 0, parent=found))
            found = known
        return found


def _returns_one(op: Any) -> bool:
    """Whether an op returns a tensor, and not a list or a tuple of them."""
    returns = op._schema.returns
    return len(returns) == 1 and str(returns[0].type) == "Tensor"
