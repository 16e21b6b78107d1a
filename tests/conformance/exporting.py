"""A sample as a graph of the compiler, by way of `torch.export`."""

from __future__ import annotations

import operator
import warnings
from typing import Any

import torch
from torch.export.graph_signature import InputKind, OutputKind

from conformance.samples import Sample
from pycandle.dtypes import DTYPES
from pycandle.ir.graph import Argument, Graph, ModuleCall, Node, Output, Value
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType, ValueType


class NotExported(Exception):
    """A sample that has no graph, with the reason."""


def export(sample: Sample) -> tuple[Graph, list[torch.Tensor]]:
    """Returns the graph of a sample, and the tensors that its inputs stand for.

    Constants that the export lifted out of the op are inputs behind the sample's own.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.export.export(sample.module.eval(), sample.tensors, strict=False)
    except Exception as error:
        raise NotExported(f"torch.export: {str(error).splitlines()[0][:150]}") from None
    return _Reader(program).graph(sample)


class _Reader:
    def __init__(self, program: torch.export.ExportedProgram) -> None:
        self.program = program
        self.values: dict[str, Value] = {}

    def graph(self, sample: Sample) -> tuple[Graph, list[torch.Tensor]]:
        own: list[Value] = []
        lifted: list[tuple[Value, torch.Tensor]] = []
        for spec in self.program.graph_signature.input_specs:
            if spec.kind is InputKind.USER_INPUT and not hasattr(spec.arg, "value"):
                value = Value(spec.arg.name, _type(sample.tensors[len(own)]))
                own.append(value)
            else:
                constant = self.program.constants.get(str(spec.target))
                if not isinstance(constant, torch.Tensor):
                    raise NotExported(f"an input of {spec.kind}")
                value = Value(spec.arg.name, _type(constant))
                lifted.append((value, constant.detach()))
            self.values[value.name] = value
        inputs = [*own, *(value for value, _ in lifted)]
        tensors = [*sample.tensors, *(constant for _, constant in lifted)]
        nodes = [self.node(n) for n in self.program.graph.nodes if n.op == "call_function"]
        outputs = [self.output(spec) for spec in self.program.graph_signature.output_specs]
        calls = [ModuleCall("", "Sample", 0, None)]
        return Graph("forward", inputs, [], nodes, outputs, calls), tensors

    def output(self, spec: Any) -> Output:
        if spec.kind is not OutputKind.USER_OUTPUT or hasattr(spec.arg, "value"):
            raise NotExported(f"an output of {spec.kind}")
        return Output("output", self.values[spec.arg.name])

    def node(self, node: torch.fx.Node) -> Node:
        target = "operator.getitem" if node.target is operator.getitem else str(node.target)
        result = Value(node.name, _type(node.meta.get("val")))
        args = [self.argument(item) for item in node.args]
        kwargs = {name: self.argument(item) for name, item in node.kwargs.items()}
        made = Node(target, args, kwargs, result)
        result.node = made
        self.values[node.name] = result
        return made

    def argument(self, item: Any) -> Argument:
        match item:
            case torch.fx.Node():
                return self.values[item.name]
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


def _type(value: Any) -> ValueType:
    match value:
        case torch.Tensor():
            if not all(isinstance(size, int) for size in value.shape):
                raise NotExported("a size that is not known before the model runs")
            dtype = str(value.dtype).removeprefix("torch.")
            if dtype not in DTYPES:
                raise NotExported(f"a tensor of {dtype}, which manifests do not have")
            return TensorType(dtype, tuple(value.shape))
        case list() | tuple():
            items = (_type(item) if isinstance(item, torch.Tensor) else None for item in value)
            return TupleType(tuple(i if isinstance(i, TensorType) else None for i in items))
        case None:
            return TupleType(())
        case _:
            raise NotExported("a number that is not known before the model runs")
