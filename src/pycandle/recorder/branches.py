"""Puts the two programs of `torch.cond` into the one that chooses between them."""

from __future__ import annotations

import operator
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import GraphModule, Node

CHOOSE_ONE = "pycandle.cond.Tensor"
CHOOSE = "pycandle.cond.Tensors"


def choose_one(pred: torch.Tensor, yes: torch.Tensor, no: torch.Tensor) -> torch.Tensor:
    """Returns one of two tensors of the same dtype and shape; `pred` is one truth value."""
    return torch.clone(yes if bool(pred) else no)


def choose(
    pred: torch.Tensor, yes: list[torch.Tensor], no: list[torch.Tensor]
) -> tuple[torch.Tensor, ...]:
    """Returns one of two lists of tensors, which agree in dtypes and shapes."""
    return tuple(torch.clone(item) for item in (yes if bool(pred) else no))


CHOICES = {CHOOSE_ONE: choose_one, CHOOSE: choose}
"""By the name that the manifest has for them."""


def inline_branches(program: ExportedProgram) -> None:
    """Replaces each `torch.cond` over tensors by the ops of both branches and a choice.

    The ops have no effects, so that computing both sides and one of them is the same. What has no
    such form stays as it is, to be refused.
    """
    for old, new in _inline(program.graph_module).items():
        program.graph_signature.replace_all_uses(old, new)


def _inline(module: GraphModule) -> dict[str, str]:
    """Returns the new names of values that had others."""
    renamed: dict[str, str] = {}
    conds = [node for node in module.graph.nodes if node.target is torch.ops.higher_order.cond]
    for node in conds:
        renamed |= _inline_one(module, node)
    if conds:
        module.graph.lint()
        module.recompile()
    return renamed


def _inline_one(module: GraphModule, node: Node) -> dict[str, str]:
    pred, yes, no, operands = node.args
    sides = [_program(module, side) for side in (yes, no)]
    if not _is_tensor(pred) or not all(map(_is_tensor, node.meta["val"])):
        return {}
    for side in sides:
        _inline(side)
        if any(item.op == "get_attr" for item in side.graph.nodes):
            return {}
        if not _gives(side, node.meta["val"]):
            return {}
    chosen: list[list[Node]] = []
    for side in sides:
        given = [item for item in side.graph.nodes if item.op == "placeholder"]
        copies: dict[Node, Any] = dict(zip(given, operands, strict=True))  # type: ignore[arg-type]
        with module.graph.inserting_before(node):
            result = module.graph.graph_copy(side.graph, copies)
        for item in copies.values():
            if item not in operands:
                # Branches are traced apart: their ops are where the model calls `torch.cond`.
                item.meta["custom"] = node.meta.get("custom", {})
        chosen.append(list(result))  # type: ignore[arg-type]
    renamed = _choose(module, node, pred, chosen)
    for holder in (yes, no):
        if isinstance(holder, Node) and not holder.users:
            module.graph.erase_node(holder)
    return renamed


def _choose(module: GraphModule, node: Node, pred: Any, chosen: list[list[Node]]) -> dict[str, str]:
    """Puts a choice in the place of a `cond`: of one tensor, or of several as a tuple."""
    renamed: dict[str, str] = {}
    yes, no = chosen
    with module.graph.inserting_before(node):
        if len(yes) == 1:
            made = module.graph.call_function(choose_one, (pred, yes[0], no[0]))
        else:
            made = module.graph.call_function(choose, (pred, yes, no))
    made.meta = dict(node.meta)
    if len(yes) == 1:
        made.meta["val"] = node.meta["val"][0]
        for reader in list(node.users):
            assert reader.target is operator.getitem
            # The choice is what Python names; the item has the same notes.
            made.meta = {**reader.meta, "val": made.meta["val"]}
            reader.replace_all_uses_with(made)
            renamed[reader.name] = made.name
            module.graph.erase_node(reader)
    else:
        node.replace_all_uses_with(made)
    module.graph.erase_node(node)
    return renamed


def _gives(side: GraphModule, expected: Any) -> bool:
    """Whether a branch gives tensors of the sizes that the choice has."""
    (found,) = side.graph.output_node().args
    assert isinstance(found, tuple | list)
    if not all(map(_is_tensor, found)):
        return False
    shapes = [list(map(str, item.meta["val"].shape)) for item in found]  # type: ignore[union-attr]
    return shapes == [list(map(str, item.shape)) for item in expected]


def _program(module: GraphModule, holder: Any) -> GraphModule:
    found = getattr(module, holder.target)
    assert isinstance(found, GraphModule)
    return found


def _is_tensor(value: Any) -> bool:
    if isinstance(value, Node):
        value = value.meta.get("val")
    return isinstance(value, torch.Tensor)
