"""What is seen while a model is being exported: module calls, Python frames and variables.

Hooks and a function mode note their findings on the nodes that the tracer makes, in
`node.meta["custom"]`, which export copies into the final program. So a value is found again even
where export renames its node.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

import torch
import torch.fx.traceback as fx_traceback
from torch.fx.experimental.proxy_tensor import get_proxy_mode, get_proxy_slot
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from pycandle.manifest.schema import Atom, Leaf, Opaque, Tree
from pycandle.recorder.arguments import register_dataclass
from pycandle.recorder.conditions import Answer, answers
from pycandle.recorder.frames import (
    Position,
    call_position,
    forward_code,
    position,
    targets_of,
    variable_of,
)
from pycandle.recorder.long_sizes import require_short
from pycandle.recorder.sources import Line, is_internal
from pycandle.recorder.trees import output_paths, tree_of

NOTE = "pycandle"
"""The key of a node's note in `meta["custom"]`: an index into `Capture.notes`."""
VALUE = "pycandle_value"
"""The key in `meta` of the number by which hooks name the node's value."""
VARIABLE = "pycandle_variable"
"""The key in `meta` of the variable that the node's value is assigned to."""


class OpaqueOutput(Exception):
    """The model returns an object that is neither data nor a container of data."""


def check_output(output: Tree | None) -> None:
    """Raises OpaqueOutput if a leaf of an output is neither a tensor nor a plain value."""
    assert output is not None
    for path, leaf in output_paths(output):
        if isinstance(leaf, Opaque):
            raise OpaqueOutput(f"the output `{path}` is a `{leaf.cls}`")


@dataclass
class CallLog:
    """One call of a module while it is traced. Leaves of its trees are `Atom(node="#K")`."""

    module: str
    index: int
    parent: int | None
    inputs: dict[str, Tree] = field(default_factory=dict)
    output: Tree | None = None
    position: Position = field(default_factory=Position)
    function: int | None = None


@dataclass
class FunctionLog:
    """One call of a Python function while the model is traced."""

    code: CodeType
    call: int
    parent: int | None
    inputs: dict[str, Tree]
    variable: str | None


@dataclass
class Note:
    """Where an op was called."""

    call: int
    position: Position
    function: int | None


@dataclass
class Capture:
    """All that was seen during one export."""

    calls: list[CallLog] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    functions: list[FunctionLog] = field(default_factory=list)
    frames: dict[int, tuple[FrameType, int]] = field(default_factory=dict)
    """Functions by the identity of their frames, which are held so that none is reused."""
    values: list[Any] = field(default_factory=list)
    """What the leaves `#K` of the calls' trees stand for: node numbers or symbolic numbers."""
    fixed: dict[Any, int] = field(default_factory=dict)
    """The note of the op that fixed a symbol."""
    answers: list[Answer] = field(default_factory=list)
    """What the model's code found out about free sizes."""
    lengths: dict[Any, int] = field(default_factory=dict)
    """Of the expressions of sizes."""
    environment: Any = None
    """torch's account of the symbols."""
    open: list[int] = field(default_factory=list)
    codes: list[Any] = field(default_factory=list)

    def function(self, call: int, found: Position) -> int | None:
        """Returns the innermost function of a position; notes those that are seen first."""
        parent: int | None = None
        callers = [*found.functions[1:], None]
        for frame, caller in reversed(list(zip(found.functions, callers, strict=False))):
            known = self.frames.get(id(frame))
            if known is None:
                log = self._function(frame, call, parent, caller)
                self.functions.append(log)
                known = self.frames[id(frame)] = frame, len(self.functions) - 1
            parent = known[1]
        return parent

    def _function(
        self, frame: FrameType, call: int, parent: int | None, caller: FrameType | None
    ) -> FunctionLog:
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        held = frame.f_locals
        inputs = {
            name: tree_of(held[name], self.leaf)
            for name in names
            if name in held and not isinstance(held[name], torch.nn.Module)
        }
        around = caller if caller is not None else _caller(frame)
        variable = variable_of(around) if around is not None else None
        return FunctionLog(code, call, parent, inputs, variable)

    def note_fixed(self, values: Any) -> None:
        """Notes which symbols the last op has fixed."""
        if self.environment is None:
            modes = (getattr(item, "fake_mode", None) for item in tree_leaves(values))
            self.environment = next((mode.shape_env for mode in modes if mode is not None), None)
        known = getattr(self.environment, "replacements", {})
        if len(known) > len(self.fixed):
            for symbol in known:
                self.fixed.setdefault(symbol, len(self.notes) - 1)

    def where_fixed(self, symbol: Any) -> Line | None:
        """Returns the line of the model's code by which a symbol was fixed."""
        if symbol not in self.fixed:
            return None
        note = self.notes[self.fixed[symbol]]
        stack = note.position.stack
        call: int | None = note.call
        # The layers of torch show no code of the model: what called them does.
        while not stack and call is not None:
            stack, call = self.calls[call].position.stack, self.calls[call].parent
        return stack[0] if stack else None

    def leaf(self, value: Any) -> Tree | None:
        """Returns the leaf of a tensor or a symbolic number."""
        if isinstance(value, torch.Tensor):
            found = _node_number(value)
        elif isinstance(value, torch.SymInt | torch.SymFloat | torch.SymBool):
            found = value
        else:
            return None
        self.values.append(found)
        return Leaf(Atom(node=f"#{len(self.values) - 1}"))


_numbers = iter(range(2**62))


def _caller(frame: FrameType) -> FrameType | None:
    """Returns the frame of the model's code that called a function, past decorators and torch."""
    found = frame.f_back
    while found is not None and is_internal(found.f_code.co_filename):
        found = found.f_back
    return found


def _node(value: Any) -> torch.fx.Node | None:
    """Returns the node that the tracer has for a tensor."""
    mode = get_proxy_mode()
    if mode is None or not isinstance(value, torch.Tensor):
        return None
    slot: Any = get_proxy_slot(value, mode.tracer, None)
    # Symbolic integers have thunks, and forcing one adds nodes to the graph: never touch those.
    proxy = getattr(slot, "proxy", slot)
    return proxy.node if isinstance(proxy, torch.fx.Proxy) else None


def _node_number(value: torch.Tensor) -> int | None:
    node = _node(value)
    return None if node is None else node.meta.setdefault(VALUE, next(_numbers))


class _Positions(TorchFunctionMode):
    """Notes for each op the call, the frames and the variable."""

    def __init__(self, capture: Capture, *, places: bool) -> None:
        super().__init__()
        self.capture = capture
        self.places = places

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        capture = self.capture
        if not capture.open or torch.compiler.is_dynamo_compiling():
            # Dynamo traces the branches of a `cond`; their ops are noted when they are exported.
            return func(*args, **(kwargs or {}))
        call = capture.open[-1]
        found = position(1, capture.codes[-1]) if self.places else Position()
        capture.notes.append(Note(call, found, capture.function(call, found)))
        with fx_traceback.annotate({NOTE: len(capture.notes) - 1}):
            result = func(*args, **(kwargs or {}))
        if found.variable is not None:
            _name_result(result, found.variable)
        capture.note_fixed((args, result))
        require_short((args, kwargs, result), capture.lengths, found.stack)
        return result


class LiteralsOnCpu(TorchFunctionMode):
    """Makes literals for the meta device on the CPU, because there they have data.

    They are `torch.tensor([...])`, and lists of numbers as indices.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if torch.compiler.is_dynamo_compiling():
            return func(*args, **kwargs)
        if func in (torch.Tensor.__getitem__, torch.Tensor.__setitem__) and args[0].is_meta:
            return func(args[0], _index_on_cpu(args[1]), *args[2:])
        if func is torch.tensor and not any(map(_is_traced, tree_leaves((args, kwargs)))):
            device = torch.device(kwargs.get("device") or torch.get_default_device())
            if device.type == "meta":
                return func(*args, **{**kwargs, "device": "cpu"}).to(device)
        return func(*args, **kwargs)


def _index_on_cpu(index: Any) -> Any:
    """Returns an index with the lists of numbers in it as tensors on the CPU."""
    if isinstance(index, tuple):
        return tuple(map(_index_on_cpu, index))
    if isinstance(index, list) and index and all(type(item) in (int, bool) for item in index):
        return torch.tensor(index, device="cpu")
    return index


def _is_traced(value: Any) -> bool:
    return isinstance(value, torch.Tensor | torch.SymInt | torch.SymFloat | torch.SymBool)


def _name_result(result: Any, variable: str) -> None:
    if isinstance(result, torch.Tensor):
        _name(_node(result), variable)
    elif isinstance(result, tuple | list):
        nodes = [_node(item) for item in result]
        names = targets_of(variable)
        for node, name in zip(nodes, names, strict=False):
            if len(names) == len(nodes):
                _name(node, name)
        producers = [node.args[0] for node in nodes if node is not None and node.args]
        producer = producers[0] if producers else None
        if isinstance(producer, torch.fx.Node) and all(item is producer for item in producers):
            _name(producer, variable)


def _name(node: torch.fx.Node | None, variable: str) -> None:
    # An op that returns its input makes no node: the value keeps its first name.
    if node is not None and node.op == "call_function":
        node.meta.setdefault(VARIABLE, variable)


class _Hooks:
    """Notes each call of one module."""

    def __init__(self, capture: Capture, path: str, method: Any, *, places: bool) -> None:
        self.capture = capture
        self.path = path
        self.places = places
        self.signature = inspect.signature(method)
        self.code = forward_code(method)
        self.count = 0

    def before(self, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if torch.compiler.is_dynamo_compiling():
            return
        capture = self.capture
        call = CallLog(self.path, self.count, capture.open[-1] if capture.open else None)
        if call.parent is not None and self.places:
            call.position = call_position(capture.codes[-1])
            call.function = capture.function(call.parent, call.position)
        self.count += 1
        capture.calls.append(call)
        capture.open.append(len(capture.calls) - 1)
        capture.codes.append(self.code)
        try:
            bound = self.signature.bind(*args, **kwargs).arguments
        except TypeError:
            # `forward` itself is about to raise the better message.
            return
        call.inputs = {name: tree_of(value, capture.leaf) for name, value in bound.items()}

    def after(self, module: Any, args: Any, kwargs: Any, output: Any) -> None:
        if torch.compiler.is_dynamo_compiling():
            return
        capture = self.capture
        call = capture.open.pop()
        capture.codes.pop()
        if not capture.open:
            register_dataclass(output)
        capture.calls[call].output = tree_of(output, capture.leaf)
        if not capture.open:
            check_output(capture.calls[call].output)


@contextmanager
def capturing(model: torch.nn.Module, *, places: bool = True) -> Iterator[Capture]:
    """Notes into the capture what a model does while it is exported in this context.

    `places`: whether lines and variables of Python are noted, and not the module calls alone.
    """
    capture = Capture()
    handles: list[Any] = []
    try:
        for path, module in model.named_modules():
            hooks = _Hooks(capture, path, module.forward, places=places)
            handles.append(
                module.register_forward_pre_hook(hooks.before, with_kwargs=True, prepend=True)
            )
            handles.append(module.register_forward_hook(hooks.after, with_kwargs=True))
        with (
            fx_traceback.preserve_node_meta(),
            _Positions(capture, places=places),
            answers() as found,
        ):
            capture.answers = found
            yield capture
    finally:
        capture.frames.clear()
        for handle in handles:
            handle.remove()
