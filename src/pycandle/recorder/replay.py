"""Runs a manifest in torch, node by node, without the model's Python code."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

import torch

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.manifest.schema import (
    Argument,
    Atom,
    Call,
    Condition,
    Entry,
    Input,
    Leaf,
    Manifest,
    Node,
    Tree,
)
from pycandle.manifest.sizes import SizeError, evaluate, holds
from pycandle.recorder.stand_ins import LIBRARIES, STAND_INS
from pycandle.recorder.trees import output_paths

OnCall = Callable[[int, Mapping[str, torch.Tensor]], None]
"""Gets the index of a module call and its outputs by path. Later ops may write to the tensors."""

CHECKS = frozenset(
    {
        "aten._assert_tensor_metadata.default",
        "aten._assert_scalar.default",
        "aten._assert_async.msg",
        "aten.sym_constrain_range_for_size.default",
        "aten.sym_constrain_range.default",
    }
)
"""Ops that compute nothing. They name the recorded dtypes, and a replay may have others."""


def replay(
    manifest: Manifest,
    entry: str,
    state: Mapping[str, torch.Tensor],
    inputs: Mapping[str, torch.Tensor],
    *,
    dtype: torch.dtype | None = None,
    on_call: OnCall | None = None,
) -> dict[str, torch.Tensor]:
    """Returns the outputs of an entry by path, bit for bit those of the model.

    `state` has canonical names and is read when a node needs it, so it may be larger than memory.
    `dtype` replaces every float dtype: of state, of inputs and of the graph's arguments.
    """
    found = get_entry(manifest, entry)
    symbols = check_inputs(found, inputs, dtype)
    device = next((tensor.device for tensor in inputs.values()), torch.device("cpu"))
    run = _Run(found, state, symbols, device, dtype)
    for item in found.inputs:
        # Nodes may write to their operands, and the caller's tensors stay as they are.
        run.values[item.node] = run.cast(inputs[item.path].detach().clone())
    schedule = _schedule(found, with_calls=on_call is not None)
    with torch.no_grad(), _default_dtype(dtype):
        for index, node in enumerate(found.nodes):
            run.step(node)
            for call in schedule.calls.get(index, ()) if on_call else ():
                assert on_call is not None
                on_call(call, run.outputs(found.calls[call].output))
            for name in schedule.last_uses.get(index, ()):
                run.values.pop(name, None)
        return run.outputs(found.output)


def replay_recipes(
    manifest: Manifest, *, dtype: torch.dtype | None = None
) -> dict[str, torch.Tensor]:
    """Returns the tensors that the model computes while it is built, by canonical name.

    `dtype` replaces every float dtype.
    """
    if manifest.recipes is None:
        return {}
    run = _Run(manifest.recipes, {}, {}, torch.device("cpu"), dtype)
    with torch.no_grad(), _default_dtype(dtype):
        for node in manifest.recipes.nodes:
            run.step(node)
        return run.outputs(manifest.recipes.output)


def get_entry(manifest: Manifest, name: str) -> Entry:
    """Returns an entry by name, or refuses with the names that there are."""
    for entry in manifest.entries:
        if entry.name == name:
            return entry
    names = ", ".join(f"`{entry.name}`" for entry in manifest.entries)
    raise refusal("no-such-entry", f"the manifest has no entry `{name}`", hint=f"it has {names}")


def check_inputs(
    entry: Entry, inputs: Mapping[str, torch.Tensor], dtype: torch.dtype | None
) -> dict[str, int]:
    """Returns the values of the symbols; refuses missing, unknown and mis-shaped inputs at once."""
    problems = [
        Diagnostic("unknown-input", f"there is no input `{path}`", _place(path))
        for path in inputs
        if path not in {item.path for item in entry.inputs}
    ]
    symbols: dict[str, int] = {}
    for item in entry.inputs:
        if item.path not in inputs:
            problems.append(
                Diagnostic(
                    "missing-input", f"the input `{item.path}` is missing", _place(item.path)
                )
            )
    present = [(item, inputs[item.path]) for item in entry.inputs if item.path in inputs]
    for item, tensor in present:
        for size, actual in zip(item.value.shape, tensor.shape, strict=False):
            if isinstance(size, str) and size.isidentifier():
                symbols.setdefault(size, actual)
    for item, tensor in present:
        problems += _problems(item, tensor, symbols, dtype)
    if not problems:
        problems = [_broken(item) for item in entry.conditions if not _holds(item, symbols)]
    if problems:
        raise PyCandleError(problems)
    return symbols


def _holds(item: Condition, symbols: Mapping[str, int]) -> bool:
    spared = item.except_one is not None and symbols[item.except_one] == 1
    return spared or holds(item.left, item.relation, item.right, symbols)


def _broken(item: Condition) -> Diagnostic:
    title = f"the recording holds for sizes with {item.left} {item.relation} {item.right} only"
    label = None if item.asked is None else f"the model asks in {item.asked}"
    return Diagnostic("other-sizes", title, label=label)


def _problems(
    item: Input, tensor: torch.Tensor, symbols: Mapping[str, int], dtype: torch.dtype | None
) -> Iterator[Diagnostic]:
    expected = item.value
    try:
        shape = [evaluate(size, symbols) for size in expected.shape]
    except SizeError:
        shape = None
    if shape != list(tensor.shape):
        sizes = ", ".join(map(str, expected.shape))
        label = f"found {list(tensor.shape)}, expected [{sizes}]"
        yield Diagnostic(
            "input-shape", f"`{item.path}` has another shape", _place(item.path), label
        )
    found = str(tensor.dtype).removeprefix("torch.")
    both_float = DTYPES[found].is_float and DTYPES[expected.dtype].is_float
    if found != expected.dtype and not (dtype is not None and both_float):
        label = f"found {found}, expected {expected.dtype}"
        yield Diagnostic(
            "input-dtype", f"`{item.path}` has another dtype", _place(item.path), label
        )


def _place(path: str) -> Place:
    return Place(detail=f"input `{path}`")


@dataclass
class _Run:
    entry: Entry
    state: Mapping[str, torch.Tensor]
    symbols: Mapping[str, int]
    device: torch.device
    dtype: torch.dtype | None
    values: dict[str, Any] = field(default_factory=dict)

    def step(self, node: Node) -> None:
        """Computes a node."""
        if node.target in CHECKS:
            return
        args = [self.argument(arg) for arg in node.args]
        kwargs = {name: self.argument(arg) for name, arg in node.kwargs.items()}
        self.values[node.name] = operator_of(node.target)(*args, **kwargs)

    def argument(self, value: Argument) -> Any:
        """Returns what an op gets for an argument of the manifest."""
        if isinstance(value, list):
            return [self.argument(item) for item in value]
        return self.atom(value) if isinstance(value, Atom) else value

    def atom(self, atom: Atom) -> Any:
        """Returns what an atom stands for."""
        if atom.node is not None:
            return self.value(atom.node)
        if atom.size is not None:
            return evaluate(atom.size, self.symbols)
        if atom.dtype is not None:
            return self.dtype_of(atom.dtype)
        if atom.device is not None:
            return self.device if atom.device == "model" else torch.device(atom.device)
        if atom.nonfinite is not None:
            return float(atom.nonfinite)
        if atom.complex is not None:
            return complex(*atom.complex)
        name = atom.layout if atom.layout is not None else atom.memory_format
        assert name is not None
        return getattr(torch, name)

    def dtype_of(self, name: str) -> torch.dtype:
        """Returns a dtype of the graph, or what replaces it."""
        if self.dtype is not None and DTYPES[name].kind in ("float", "complex"):
            return self.dtype if DTYPES[name].is_float else self.dtype.to_complex()
        found = getattr(torch, name)
        assert isinstance(found, torch.dtype)
        return found

    def value(self, name: str) -> Any:
        """Returns the value of a node; reads a state tensor when it is first needed."""
        if name not in self.values:
            canonical = self.entry.state[name]
            self.values[name] = self.cast(self.state[canonical].to(self.device))
        return self.values[name]

    def cast(self, tensor: torch.Tensor) -> torch.Tensor:
        """Returns state or an input in the dtype of this run."""
        if self.dtype is None or not (tensor.is_floating_point() or tensor.is_complex()):
            return tensor
        return tensor.to(self.dtype if tensor.is_floating_point() else self.dtype.to_complex())

    def outputs(self, tree: Tree | None) -> dict[str, torch.Tensor]:
        """Returns the tensors of an output by path."""
        found: dict[str, torch.Tensor] = {}
        for path, leaf in output_paths(tree) if tree is not None else ():
            if (name := _node_of(leaf)) is not None:
                value = self.value(name)
                if isinstance(value, torch.Tensor):
                    found[path] = value
        return found


@contextmanager
def _default_dtype(dtype: torch.dtype | None) -> Iterator[None]:
    """Sets the dtype of ops that make floats without naming one."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype or before)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@lru_cache(maxsize=4096)
def operator_of(target: str) -> Callable[..., Any]:
    """Returns the op or function of a node's target, or refuses an unknown one."""
    if target in STAND_INS:
        return STAND_INS[target]
    namespace, _, rest = target.partition(".")
    if namespace in LIBRARIES:
        with suppress(ImportError):
            import_module(LIBRARIES[namespace])
    holder: Any = {"operator": operator, "math": math, "torch": torch}.get(namespace)
    try:
        if holder is not None:
            return getattr(holder, rest)
        found: Any = getattr(torch.ops, namespace)
        for part in rest.split("."):
            found = getattr(found, part)
    except AttributeError:
        raise refusal("unknown-op", f"torch {torch.__version__} has no op `{target}`") from None
    return found


@dataclass(frozen=True)
class _Schedule:
    """What happens after each node, by its index."""

    last_uses: dict[int, list[str]]
    calls: dict[int, list[int]]


def _schedule(entry: Entry, *, with_calls: bool) -> _Schedule:
    """Returns when values are last used, and when module calls have ended."""
    last: dict[str, int] = {}
    made: dict[str, int] = {}
    for index, node in enumerate(entry.nodes):
        made[node.name] = last[node.name] = index
        for value in (*node.args, *node.kwargs.values()):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Atom) and item.node is not None:
                    last[item.node] = index
    calls: dict[int, list[int]] = {}
    if with_calls and entry.nodes:
        for call, end in _ends(entry, made).items():
            calls.setdefault(end, []).append(call)
            for name in _nodes_of(entry.calls[call].output):
                last[name] = max(last.get(name, 0), end)
    kept = set(_nodes_of(entry.output))
    last_uses: dict[int, list[str]] = {}
    for name, index in last.items():
        if name not in kept:
            last_uses.setdefault(index, []).append(name)
    return _Schedule(last_uses, calls)


def _ends(entry: Entry, made: Mapping[str, int]) -> dict[int, int]:
    """Returns for each call the index of the last node before it returned."""
    ends = [-1] * len(entry.calls)
    for index, node in enumerate(entry.nodes):
        ends[node.call] = index
    for call, log in enumerate(entry.calls):
        for name in _nodes_of(log.output):
            ends[call] = max(ends[call], made.get(name, 0))
    # Calls are listed as they begin: a call ends after those that it made.
    for call in reversed(range(len(entry.calls))):
        parent = entry.calls[call].parent
        if parent is not None:
            ends[parent] = max(ends[parent], ends[call])
    return dict(sorted(((call, max(end, 0)) for call, end in enumerate(ends)), key=_innermost))


def _innermost(pair: tuple[int, int]) -> tuple[int, int]:
    call, end = pair
    return end, -call


def _nodes_of(tree: Tree | None) -> list[str]:
    if tree is None:
        return []
    return [name for _, leaf in output_paths(tree) if (name := _node_of(leaf)) is not None]


def _node_of(leaf: object) -> str | None:
    if isinstance(leaf, Leaf) and isinstance(leaf.value, Atom):
        return leaf.value.node
    return None


def call_name(call: Call) -> str:
    """Returns the name of a module call in tensor files: `MODULE@N`."""
    return f"{call.module}@{call.index}"
