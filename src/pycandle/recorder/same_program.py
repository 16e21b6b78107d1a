"""Whether two exports of a model are one program at given sizes.

With sizes that are numbers torch leaves out slices and expansions that change nothing, so those
are left out of both programs; all other ops, their operands and their numbers must be equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
import torch
from torch.export import ExportedProgram
from torch.utils._pytree import tree_leaves

from pycandle.recorder.replay import CHECKS

_NAMES = "slice expand alias view reshape contiguous to _to_copy"
UNCHANGING = frozenset(f"aten.{name}" for name in (*_NAMES.split(" "),))
"""Ops that return the values of their operand, if neither shape nor dtype changes."""


def first_difference(
    first: ExportedProgram, second: ExportedProgram, sizes: Mapping[sympy.Symbol, int]
) -> str | None:
    """Returns how two programs differ if the symbols of the first have these values."""
    ours, others = _Reduced(sizes), _Reduced({})
    for program, reduced in ((first, ours), (second, others)):
        for node in program.graph.nodes:
            reduced.add(node)
    for one, two in zip(ours.ops, others.ops, strict=False):
        if one.target != two.target:
            return f"`{one.node.name}` is `{one.target}`, and at 1 `{two.target}`"
        if one.operands != two.operands and not _is_one_position(one, two):
            return f"`{one.node.name}` (`{one.target}`) has other arguments at 1"
        if one.results != two.results:
            return f"`{one.node.name}` (`{one.target}`) has another shape at 1"
    if len(ours.ops) != len(others.ops):
        return f"the program has {len(ours.ops)} ops, and at 1 {len(others.ops)}"
    return None


@dataclass(frozen=True)
class _Op:
    node: torch.fx.Node
    target: str
    operands: list[Any]
    shapes: list[tuple[int, ...]]
    """Of the operands."""
    results: list[tuple[int, ...]]


@dataclass
class _Reduced:
    """The ops that do something. Values are numbered as they are made."""

    sizes: Mapping[sympy.Symbol, int]
    ops: list[_Op] = field(default_factory=list)
    numbers: dict[torch.fx.Node, int] = field(default_factory=dict)
    count: int = 0

    def add(self, node: torch.fx.Node) -> None:
        """Adds a node, or takes it for its operand."""
        value = node.meta.get("val")
        is_tensor = any(isinstance(item, torch.Tensor) for item in tree_leaves(value))
        if node.op == "call_function" and (not is_tensor or str(node.target) in CHECKS):
            return
        source = node.args[0] if node.args else None
        if isinstance(source, torch.fx.Node) and self.is_unchanged(node, source):
            self.numbers[node] = self.numbers[source]
            return
        self.numbers[node] = self.count
        self.count += 1
        if node.op in ("call_function", "output"):
            operands = [self.operand(item) for item in tree_leaves((node.args, node.kwargs))]
            shapes = [self.shape(item) for item in node.all_input_nodes]
            self.ops.append(_Op(node, str(node.target), operands, shapes, self.results(node)))

    def is_unchanged(self, node: torch.fx.Node, source: torch.fx.Node) -> bool:
        name = str(node.target).rsplit(".", 1)[0]
        if name not in UNCHANGING or source not in self.numbers:
            return False
        same_dtype = node.meta["val"].dtype == source.meta["val"].dtype
        return same_dtype and self.shape(node) == self.shape(source)

    def results(self, node: torch.fx.Node) -> list[tuple[int, ...]]:
        values = tree_leaves(node.meta.get("val"))
        return [
            tuple(self.number(size) for size in value.shape)
            for value in values
            if isinstance(value, torch.Tensor)
        ]

    def shape(self, node: torch.fx.Node) -> tuple[int, ...]:
        value = node.meta.get("val")
        if not isinstance(value, torch.Tensor):
            return ()
        return tuple(self.number(size) for size in value.shape)

    def operand(self, item: Any) -> Any:
        if isinstance(item, torch.fx.Node):
            if item in self.numbers:
                return "value", self.numbers[item]
            return self.number(item.meta.get("val"))
        return self.number(item)

    def number(self, item: Any) -> Any:
        if isinstance(item, torch.SymInt | torch.SymFloat | torch.SymBool):
            found: Any = item.node.expr.xreplace(self.sizes)
            return (
                int(found) if found.is_Integer else float(found) if found.is_number else str(found)
            )
        return item


def _is_one_position(one: _Op, two: _Op) -> bool:
    """Whether two calls of attention differ in `is_causal` alone, with one query and one key."""
    if one.target != "aten.scaled_dot_product_attention.default":
        return False
    if any(shape[-2] != 1 for shape in one.shapes[:2]):
        return False
    pairs = zip(one.operands, two.operands, strict=False)
    return len(one.operands) == len(two.operands) and all(
        left == right or (isinstance(left, bool) and isinstance(right, bool))
        for left, right in pairs
    )
