"""An exported program as an entry of the manifest."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.utils._pytree as pytree
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind, OutputKind

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.manifest.schema import (
    Argument,
    Atom,
    Call,
    Entry,
    FunctionCall,
    Input,
    Item,
    Leaf,
    ListValue,
    Node,
    Opaque,
    ScalarValue,
    TensorValue,
    Tree,
    Value,
)
from pycandle.recorder.branches import CHOICES
from pycandle.recorder.capture import NOTE, VALUE, VARIABLE, CallLog, Capture, FunctionLog
from pycandle.recorder.casts import Program, program_of
from pycandle.recorder.export import Exported
from pycandle.recorder.higher_order import holds_a_program, refusal_of
from pycandle.recorder.index_bounds import index_bounds
from pycandle.recorder.sizes_of import recorded_sizes
from pycandle.recorder.sources import Line, Table, is_internal, portable_path
from pycandle.recorder.state import State
from pycandle.recorder.trees import NOT_PLAIN, argument_of, map_leaves, tree_of


@dataclass
class Tables:
    """Rows that entries share: frames of Python, and chains of them."""

    lines: Table[Line] = field(default_factory=Table[Line])
    stacks: Table[tuple[int, ...]] = field(default_factory=Table[tuple[int, ...]])

    def stack(self, lines: Iterable[Line]) -> int | None:
        """Returns the index of a chain; None for an empty one."""
        chain = tuple(self.lines.index(line) for line in lines)
        return self.stacks.index(chain) if chain else None


def entry_of(name: str, exported: Exported, state: State, tables: Tables, device: str) -> Entry:
    """Returns the entry of an exported program. Marks the state that it reads as used."""
    _refuse(exported.program)
    return _Reader(exported, state, tables, device).entry(name)


def program_in_other_dtype(program: ExportedProgram, exported: Exported, device: str) -> Program:
    """Returns the same model's program in another dtype, without the origins of its nodes."""
    sizes = recorded_sizes(program, exported.arguments, exported.recorded, Capture())
    other = dataclasses.replace(exported, program=program, sizes=sizes, capture=Capture())
    nodes = list(_Reader(other, State(), Tables(), device).ops(origins=False))
    return program_of(nodes, output_arguments(program))


def output_arguments(program: ExportedProgram) -> list[Argument]:
    """Returns the leaves of the output, in the order of flattening."""
    return [
        _output(item.arg)
        for item in program.graph_signature.output_specs
        if item.kind is OutputKind.USER_OUTPUT
    ]


def _output(arg: Any) -> Argument:
    if hasattr(arg, "value"):
        plain = argument_of(arg.value)
        assert plain is not NOT_PLAIN
        return plain
    return Atom(node=arg.name)


class _Reader:
    def __init__(self, exported: Exported, state: State, tables: Tables, device: str) -> None:
        self.exported = exported
        self.program = exported.program
        self.sizes = exported.sizes
        self.state = state
        self.tables = tables
        self.device = device
        self.nodes: dict[str, torch.fx.Node] = {
            node.name: node for node in self.program.graph.nodes
        }
        self.by_number: dict[int, str] = {
            node.meta[VALUE]: node.name for node in self.nodes.values() if VALUE in node.meta
        }

    def entry(self, name: str) -> Entry:
        reads = dict(self.state_reads())
        for canonical in reads.values():
            self.state.tensors[canonical].used = True
        return Entry(
            name=name,
            inputs=list(self.inputs()),
            state=reads,
            nodes=list(self.ops()),
            calls=[self.call(log) for log in self.exported.capture.calls],
            signature=self.signature(),
            output=self.output(),
            functions=[self.function(log) for log in self.exported.capture.functions],
            symbols=self.sizes.symbols,
            fixed=self.sizes.fixed,
            conditions=self.exported.conditions,
            notes=list(self.exported.notes),
        )

    def inputs(self) -> Iterator[Input]:
        bounds = index_bounds(self.program, self.sizes.names)
        for path, name in self.sizes.placeholders.items():
            node = self.nodes[name]
            value = self.value(node.meta["val"])
            assert isinstance(value, TensorValue)
            yield Input(name, path, value, used=bool(node.users), index_below=bounds.get(name))

    def state_reads(self) -> Iterator[tuple[str, str]]:
        for spec in self.program.graph_signature.input_specs:
            name = getattr(spec.arg, "name", "")
            if spec.kind is InputKind.USER_INPUT or not self.nodes[name].users:
                continue
            target = str(spec.target)
            if spec.kind is InputKind.CONSTANT_TENSOR:
                constant: Any = self.program.constants[target]
                yield name, self.state.add_constant(target, constant)
            else:
                yield name, self.state.canonical[target]

    def ops(self, *, origins: bool = True) -> Iterator[Node]:
        nodes = [node for node in self.nodes.values() if node.op == "call_function"]
        for node, following in zip(nodes, [*nodes[1:], None], strict=False):
            yield Node(
                name=node.name,
                target=target_name(node.target),
                args=[self.argument(arg) for arg in node.args],
                kwargs={name: self.argument(arg) for name, arg in node.kwargs.items()},
                value=self.value(node.meta.get("val")),
                **(self.origin(node, following) if origins else {}),
            )

    def origin(self, node: torch.fx.Node, following: torch.fx.Node | None) -> dict[str, Any]:
        """Returns the fields of a node that say where Python computes it."""
        noted = node
        if "_assert_tensor_metadata" in str(node.target) and following is not None:
            # torch notes on the assertion before a cast where its operand came from.
            noted = following
        note = noted.meta.get("custom", {}).get(NOTE)
        if note is None:
            return {}
        found = self.exported.capture.notes[note]
        return {
            "call": found.call,
            "frames": self.tables.stack(found.position.stack),
            "variable": node.meta.get(VARIABLE),
            "function": found.function,
        }

    def call(self, log: CallLog) -> Call:
        return Call(
            module=log.module,
            index=log.index,
            parent=log.parent,
            inputs={name: self.resolved(tree) for name, tree in log.inputs.items()},
            output=None if log.output is None else self.resolved(log.output),
            function=log.function,
            frames=self.tables.stack(log.position.stack),
            variable=log.position.variable,
        )

    def function(self, log: FunctionLog) -> FunctionCall:
        return FunctionCall(
            function=log.code.co_qualname,
            file=portable_path(log.code.co_filename),
            line=log.code.co_firstlineno,
            call=log.call,
            parent=log.parent,
            inputs={name: self.resolved(tree) for name, tree in log.inputs.items()},
            variable=log.variable,
        )

    def resolved(self, tree: Tree) -> Tree:
        """Returns a tree of the capture with the names of this program's nodes."""
        return map_leaves(tree, self.resolved_leaf)

    def resolved_leaf(self, leaf: Leaf) -> Tree:
        value = leaf.value
        if not isinstance(value, Atom) or value.node is None:
            return leaf
        found = self.exported.capture.values[int(value.node.removeprefix("#"))]
        if isinstance(found, torch.SymInt):
            size = self.sizes.names.size(found)
            return Leaf(size if isinstance(size, int) else Atom(size=size))
        if isinstance(found, int) and found in self.by_number:
            return Leaf(Atom(node=self.by_number[found]))
        return Opaque("torch.Tensor" if found is None or isinstance(found, int) else "float")

    def signature(self) -> dict[str, Tree]:
        by_identity = {
            id(tensor): self.sizes.placeholders[path]
            for path, tensor in self.exported.arguments.tensors.items()
        }

        def leaf(value: Any) -> Tree | None:
            name = by_identity.get(id(value))
            return None if name is None else Leaf(Atom(node=name))

        bound = self.exported.arguments.bound()
        return {name: tree_of(value, leaf) for name, value in bound.items()}

    def output(self) -> Tree:
        spec = self.program.call_spec.out_spec
        assert spec is not None
        leaves = [Leaf(value) for value in output_arguments(self.program)]
        value = pytree.tree_unflatten(leaves, spec)
        return tree_of(value, lambda item: item if isinstance(item, Leaf) else None)

    def argument(self, value: Any) -> Argument:
        if isinstance(value, list | tuple):
            return [self.item(item) for item in value]
        return self.item(value)

    def item(self, value: Any) -> Item:
        if isinstance(value, torch.fx.Node):
            return Atom(node=value.name)
        if isinstance(value, torch.SymInt):
            size = self.sizes.names.size(value)
            return size if isinstance(size, int) else Atom(size=size)
        if isinstance(value, torch.device):
            return Atom(device="model" if value.type == self.device else str(value))
        plain = argument_of(value)
        assert plain is not NOT_PLAIN, repr(value)
        assert not isinstance(plain, list)
        return plain

    def value(self, value: Any) -> Value | None:
        match value:
            case None:
                return None
            case list() | tuple():
                return ListValue([self.element(item) for item in value])
            case _:
                return self.element(value)

    def element(self, value: Any) -> TensorValue | ScalarValue | None:
        match value:
            case None:
                return None
            case torch.Tensor():
                shape = [self.sizes.names.size(size) for size in value.shape]
                return TensorValue(str(value.dtype).removeprefix("torch."), shape)
            case torch.SymInt():
                return ScalarValue("int", self.sizes.names.size(value))
            case bool() | torch.SymBool():
                return ScalarValue("bool")
            case int():
                return ScalarValue("int", value)
            case float() | torch.SymFloat():
                return ScalarValue("float")
            case _:
                raise TypeError(f"a node's value is a {type(value)}")


def target_name(target: Any) -> str:
    """Returns `aten.add.Tensor`, `operator.getitem`, `math.trunc`, `torch.sym_max` ..."""
    if isinstance(target, torch._ops.OpOverload):
        return str(target)
    for name, function in CHOICES.items():
        if target is function:
            return name
    module = target.__module__.removeprefix("_")
    return f"{module.split('.')[0]}.{target.__name__}"


def _refuse(program: ExportedProgram) -> None:
    """Refuses what the manifest has no form for, all at once."""
    problems = [problem for node in program.graph.nodes for problem in _problems(node)]
    for spec in program.graph_signature.output_specs:
        if spec.kind is OutputKind.BUFFER_MUTATION:
            problems.append(
                Diagnostic("mutated-state", f"the model writes to its buffer `{spec.target}`")
            )
    problems += _writes_to_state(program)
    if problems:
        raise PyCandleError(problems)


def _writes_to_state(program: ExportedProgram) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each op that writes to a tensor which the model owns."""
    owned = {
        spec.arg.name: str(spec.target)
        for spec in program.graph_signature.input_specs
        if spec.kind is not InputKind.USER_INPUT
    }
    for node in program.graph.nodes:
        if not isinstance(node.target, torch._ops.OpOverload):
            continue
        for argument, value in zip(node.target._schema.arguments, node.args, strict=False):
            alias = argument.alias_info
            name = owned.get(getattr(value, "name", ""))
            if alias is None or name is None:
                continue
            # What may be a view of the tensor counts as the tensor.
            owned[node.name] = name
            if alias.is_write:
                title = f"the model writes to its own tensor `{name}` while it runs"
                yield Diagnostic("mutated-state", title, place_of(node))


def _problems(node: torch.fx.Node) -> Iterator[Diagnostic]:
    if node.op in ("placeholder", "output"):
        return
    name = target_name(node.target) if callable(node.target) else str(node.target)
    if node.op != "call_function":
        return
    if holds_a_program(node):
        yield refusal_of(name, place_of(node))
        return
    for arg in pytree.tree_leaves((node.args, node.kwargs)):
        if isinstance(arg, torch.fx.Node | torch.SymInt | torch.device):
            continue
        if argument_of(arg) is NOT_PLAIN:
            kind = type(arg).__name__
            title = f"the op `{name}` has an argument of class `{kind}`"
            yield Diagnostic("unknown-argument", title, place_of(node))


def place_of(node: torch.fx.Node) -> Place | None:
    """Returns the Python line and the module of a node."""
    trace = node.meta.get("stack_trace") or ""
    found = re.findall(r'File "([^"]+)", line (\d+), in \S+(?:\n\s+(.*))?', trace)
    found = [item for item in found if not is_internal(item[0])]
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    module = f"in `{stack[-1][0]}`" if stack and stack[-1][0] else None
    if not found:
        return Place(detail=module) if module else None
    file, line, text = found[-1]
    return Place(portable_path(file), int(line), text or None, module)
