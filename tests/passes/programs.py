"""Random programs of views and in-place ops, as graphs that torch can run."""

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import strategies as st

from passes.interpreter import apply
from pycandle.ir.graph import Graph, ModuleCall, Node, Output, Value
from pycandle.ir.types import DTypeConstant, TensorType, TupleType

CERTAIN = (
    "alias.default", "detach.default", "dropout.default", "narrow.default", "permute.default",
    "select.int", "slice.Tensor", "squeeze.dim", "t.default", "to.dtype", "transpose.int",
    "unbind.int", "unsqueeze.default", "view.default", "split.Tensor", "diagonal.default",
)  # fmt: skip
UNCERTAIN = ("reshape.default", "contiguous.default", "expand.default", "flatten.using_ints")
FRESH = ("relu.default", "clone.default", "mul.Tensor", "_to_copy.default")
WRITES = (
    "relu_.default", "add_.Tensor", "mul_.Tensor", "copy_.default", "fill_.Scalar", "lt_.Scalar",
    "zero_.default", "sub_.Tensor",
)  # fmt: skip
RENAMES = ("unsqueeze_.default", "t_.default", "transpose_.default", "squeeze_.dim")
DTYPES = ("float32", "float64", "int64")


class Program:
    """A graph that grows while torch runs it."""

    def __init__(self, draw: st.DrawFn, ops: tuple[str, ...]) -> None:
        self.draw = draw
        self.ops = ops
        self.graph = Graph("forward", [], [], [], [], [ModuleCall("", "", 0, None)])
        self.tensors: dict[Value, torch.Tensor] = {}

    def value(self, name: str, result: torch.Tensor) -> Value:
        value = Value(name, type_of(result))
        self.tensors[value] = result
        return value

    def pick(self) -> Value:
        return self.draw(st.sampled_from(list(self.tensors)))

    def step(self) -> None:
        op = self.draw(st.sampled_from(self.ops))
        operand = self.pick()
        args = _arguments(self, op, self.tensors[operand])
        self.add(f"aten.{op}", [operand, *args])

    def add(self, target: str, args: list[Any]) -> None:
        def real(argument: Any) -> Any:
            if isinstance(argument, DTypeConstant):
                return getattr(torch, argument.name)
            return self.tensors.get(argument, argument) if isinstance(argument, Value) else argument

        before = {value: (t.clone(), t.shape) for value, t in self.tensors.items()}
        kwargs: dict[str, Any] = {}
        if target == "aten._to_copy.default":
            kwargs["dtype"] = args.pop()
        try:
            result = apply(target, [real(a) for a in args], {k: real(v) for k, v in kwargs.items()})
        except (RuntimeError, IndexError):
            assert all(torch.equal(self.tensors[v], old) for v, (old, _) in before.items())
            return
        name = f"v{len(self.graph.nodes)}"
        if isinstance(result, torch.Tensor):
            self.node(target, args, kwargs, self.value(name, result))
            return
        whole = Value(name, TupleType(tuple(type_of(item) for item in result)))
        self.node(target, args, kwargs, whole)
        for index, item in enumerate(result):
            part = self.value(f"{name}_{index}", item)
            self.node("operator.getitem", [whole, index], {}, part)

    def node(self, target: str, args: list[Any], kwargs: dict[str, Any], result: Value) -> None:
        result.node = Node(target, args, kwargs, result)
        self.graph.nodes.append(result.node)


def type_of(tensor: torch.Tensor) -> TensorType:
    """Returns the type of a tensor."""
    return TensorType(str(tensor.dtype).removeprefix("torch."), tuple(tensor.shape))


def _arguments(program: Program, op: str, x: torch.Tensor) -> list[Any]:
    """Draws what follows the first operand; torch refuses what does not fit."""
    draw = program.draw
    dim = st.integers(-x.dim(), max(x.dim() - 1, 0))
    index = st.integers(0, 2)
    stop = st.integers(-1, 5)
    size = int(x.numel())
    table: dict[str, Callable[[], list[Any]]] = {
        "dropout.default": lambda: [0.5, False],
        "narrow.default": lambda: [draw(dim), draw(index), draw(index)],
        "permute.default": lambda: [draw(st.permutations(range(x.dim())))],
        "select.int": lambda: [draw(dim), draw(st.integers(-2, 1))],
        "slice.Tensor": lambda: [draw(dim), draw(index), draw(stop), draw(st.integers(1, 2))],
        "squeeze.dim": lambda: [draw(dim)],
        "to.dtype": lambda: [DTypeConstant(type_of(x).dtype)],
        "transpose.int": lambda: [draw(dim), draw(dim)],
        "unbind.int": lambda: [draw(dim)],
        "unsqueeze.default": lambda: [draw(dim)],
        "view.default": lambda: [draw(st.sampled_from([[size], [1, size], [2, size // 2]]))],
        "reshape.default": lambda: [draw(st.sampled_from([[size], [1, size], [2, size // 2]]))],
        "expand.default": lambda: [[2, *x.shape]],
        "split.Tensor": lambda: [draw(st.integers(1, 2)), draw(dim)],
        "_to_copy.default": lambda: [DTypeConstant(draw(st.sampled_from(DTYPES)))],
        "fill_.Scalar": lambda: [draw(st.integers(-3, 3))],
        "lt_.Scalar": lambda: [draw(st.integers(-3, 3))],
        "unsqueeze_.default": lambda: [draw(dim)],
        "squeeze_.dim": lambda: [draw(dim)],
        "transpose_.default": lambda: [draw(dim), draw(dim)],
    }  # fmt: skip
    if op.split(".")[0] in ("mul", "add_", "mul_", "sub_", "copy_"):
        plain = st.integers(-3, 3)
        if op != "copy_.default" and draw(st.booleans()):
            return [draw(plain)]
        return [program.pick()]
    return table.get(op, list)()


@st.composite
def programs(draw: st.DrawFn, ops: tuple[str, ...]) -> tuple[Graph, list[torch.Tensor]]:
    """Draws a program, and inputs for it."""
    program = Program(draw, ops)
    shapes = [(2, 3), (3,), (2, 1, 2)]
    inputs = [
        torch.arange(torch.Size(shape).numel(), dtype=torch.float64).reshape(shape) - 2.0
        for shape in draw(st.lists(st.sampled_from(shapes), min_size=1, max_size=2))
    ]
    inputs = [x.to(getattr(torch, draw(st.sampled_from(DTYPES)))) for x in inputs]
    for index, tensor in enumerate(inputs):
        program.graph.inputs.append(program.value(f"x{index}", tensor.clone()))
    for _ in range(draw(st.integers(1, 9))):
        program.step()
    outputs = draw(st.lists(st.sampled_from(list(program.tensors)), min_size=1, max_size=3))
    program.graph.outputs = [Output(str(i), value) for i, value in enumerate(outputs)]
    return program.graph, inputs
