"""A sample as a graph of the compiler, by way of `torch.export`."""

from __future__ import annotations

import gc
import operator
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.export.graph_signature import InputKind, OutputKind

from conformance.samples import Sample
from pycandle.dtypes import DTYPES
from pycandle.importer.sizes import import_size
from pycandle.ir.graph import Argument, Graph, ModuleCall, Node, Output, Value
from pycandle.ir.sizes import Size
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType, ValueType
from pycandle.recorder.symbols import InexpressibleSize, SymbolNames


class NotExported(Exception):
    """A sample that has no graph, with the reason."""


def export(sample: Sample) -> tuple[Graph, list[torch.Tensor]]:
    """Returns the graph of a sample, and the tensors that its inputs stand for.

    Constants that the export lifted out of the op are inputs behind the sample's own.
    """
    return graph_of(program_of(sample, None), sample, None)


def program_of(sample: Sample, dynamic_shapes: Any) -> torch.export.ExportedProgram:
    """Returns PyTorch's export of a sample. Raises NotExported."""
    try:
        with warnings.catch_warnings(), _no_collection():
            warnings.simplefilter("ignore")
            return torch.export.export(
                sample.module.eval(),
                sample.tensors,
                dynamic_shapes=dynamic_shapes,
                strict=False,
            )
    except Exception as error:
        text = str(error).strip() or type(error).__name__
        raise NotExported(f"torch.export: {text.splitlines()[0][:150]}") from None


def graph_of(
    program: torch.export.ExportedProgram, sample: Sample, names: SymbolNames | None
) -> tuple[Graph, list[torch.Tensor]]:
    """Returns the graph of an export, and the tensors that its inputs stand for.

    `names` gives names to free sizes; without it, a graph has none. Raises NotExported.
    """
    return _Reader(program, names).graph(sample)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keeps the garbage of an export that failed from being collected while another one traces.

    It holds context managers whose exits are traced then: a graph within the other's graph.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Reader:
    def __init__(self, program: torch.export.ExportedProgram, names: SymbolNames | None) -> None:
        self.program = program
        self.names = names
        self.values: dict[str, Value] = {}
        self.sizes: dict[str, Size] = {}
        """Nodes that compute integers from sizes; they exist as expressions only."""
        self.dropped: set[str] = set()
        """Nodes that compute other numbers from sizes: fine while nothing reads them."""

    def graph(self, sample: Sample) -> tuple[Graph, list[torch.Tensor]]:
        found = {node.name: node.meta.get("val") for node in self.program.graph.nodes}
        own: list[Value] = []
        lifted: list[tuple[Value, torch.Tensor]] = []
        for spec in self.program.graph_signature.input_specs:
            if spec.kind is InputKind.USER_INPUT and not hasattr(spec.arg, "value"):
                value = Value(spec.arg.name, self.type(found.get(spec.arg.name)))
                own.append(value)
            else:
                constant = self.program.constants.get(str(spec.target))
                if not isinstance(constant, torch.Tensor):
                    raise NotExported(f"an input of {spec.kind}")
                value = Value(spec.arg.name, self.type(constant))
                lifted.append((value, constant.detach()))
            self.values[value.name] = value
        inputs = [*own, *(value for value, _ in lifted)]
        tensors = [*sample.tensors, *(constant for _, constant in lifted)]
        calls = (node for node in self.program.graph.nodes if node.op == "call_function")
        nodes = [made for node in calls if (made := self.node(node)) is not None]
        outputs = [self.output(spec) for spec in self.program.graph_signature.output_specs]
        module = ModuleCall("", "Sample", 0, None)
        return Graph("forward", inputs, [], nodes, outputs, [module]), tensors

    def output(self, spec: Any) -> Output:
        if spec.kind is not OutputKind.USER_OUTPUT or hasattr(spec.arg, "value"):
            raise NotExported(f"an output of {spec.kind}")
        if spec.arg.name not in self.values:
            raise NotExported("an output that is a number")
        return Output("output", self.values[spec.arg.name])

    def node(self, node: torch.fx.Node) -> Node | None:
        """Returns None for a number that is computed from sizes."""
        number = node.meta.get("val")
        if self.names is not None and isinstance(number, int | torch.SymInt):
            self.sizes[node.name] = self.size(number)
            return None
        if self.names is not None and isinstance(number, float | torch.SymFloat | torch.SymBool):
            self.dropped.add(node.name)
            return None
        target = "operator.getitem" if node.target is operator.getitem else str(node.target)
        result = Value(node.name, self.type(number))
        if any(item.name in self.dropped for item in node.all_input_nodes):
            if target.startswith("aten._assert"):
                return None
            raise NotExported("a float that is computed from sizes")
        args = [self.argument(item) for item in node.args]
        kwargs = {name: self.argument(item) for name, item in node.kwargs.items()}
        made = Node(target, args, kwargs, result)
        result.node = made
        self.values[node.name] = result
        return made

    def argument(self, item: Any) -> Argument:
        match item:
            case torch.fx.Node() if item.op == "get_attr":
                raise NotExported("a graph within the graph")
            case torch.fx.Node():
                return self.sizes.get(item.name, self.values.get(item.name))
            case list() | tuple():
                return [self.argument(part) for part in item]
            case torch.dtype():
                return DTypeConstant(str(item).removeprefix("torch."))
            case torch.device():
                return Keyword("device", str(item))
            case torch.layout():
                return Keyword("layout", str(item).removeprefix("torch."))
            case torch.memory_format():
                return Keyword("memory_format", str(item).removeprefix("torch."))
            case None | bool() | int() | float() | complex() | str():
                return item
            case _:
                raise NotExported(f"an argument of {type(item).__name__}")

    def type(self, value: Any) -> ValueType:
        match value:
            case torch.Tensor():
                dtype = str(value.dtype).removeprefix("torch.")
                if dtype not in DTYPES:
                    raise NotExported(f"a tensor of {dtype}, which manifests do not have")
                return TensorType(dtype, tuple(self.size(size) for size in value.shape))
            case list() | tuple():
                items = (self.type(x) if isinstance(x, torch.Tensor) else None for x in value)
                return TupleType(tuple(i if isinstance(i, TensorType) else None for i in items))
            case None:
                return TupleType(())
            case _:
                raise NotExported("a number that is not known before the model runs")

    def size(self, size: int | torch.SymInt) -> Size:
        if isinstance(size, int):
            return size
        if self.names is None:
            raise NotExported("a size that is not known before the model runs")
        try:
            return import_size(self.names.size(size))
        except InexpressibleSize as error:
            raise NotExported(f"the size {error}") from None
