"""Which inputs are indices, and below which size they must lie."""

from __future__ import annotations

import torch
from torch.export import ExportedProgram

from pycandle.manifest.schema import Size
from pycandle.recorder.symbols import SymbolNames

_VIEWS = "view reshape unsqueeze squeeze expand slice select transpose permute flatten unflatten t"
_COPIES = "clone contiguous to _to_copy detach alias expand_as view_as repeat lift_fresh_copy"
UNCHANGED = frozenset(f"aten.{name}" for name in f"{_VIEWS} {_COPIES}".split(" "))
"""Ops whose result holds values of their first operand and no other."""


def index_bounds(program: ExportedProgram, names: SymbolNames) -> dict[str, Size]:
    """Returns for placeholders that reach an index unchanged the smallest size that they index."""
    found: dict[str, Size] = {}
    for node in program.graph.nodes:
        for index, size in _indexed(node):
            source = _source(index)
            if source is None:
                continue
            bound = names.size(size)
            known = found.get(source.name)
            # Of two expressions the first stands: which is smaller depends on the sizes.
            if known is None or (
                isinstance(bound, int) and (isinstance(known, str) or bound < known)
            ):
                found[source.name] = bound
    return found


def _indexed(node: torch.fx.Node) -> list[tuple[torch.fx.Node, int | torch.SymInt]]:
    """Returns the index operands of a node, each with the size that it indexes."""
    name = str(node.target).rsplit(".", 1)[0]
    args = node.args
    if name == "aten.embedding":
        return [(args[1], _shape(args[0])[0])]  # type: ignore[list-item]
    if name in ("aten.index_select", "aten.gather", "aten.take_along_dim") and len(args) > 2:
        return [(args[2], _shape(args[0])[args[1]])]  # type: ignore[list-item,index]
    if name == "aten.index":
        indices = [(dim, index) for dim, index in enumerate(args[1]) if index is not None]  # type: ignore[arg-type]
        return [(index, _shape(args[0])[dim]) for dim, index in indices]  # type: ignore[misc]
    return []


def _shape(node: object) -> torch.Size:
    assert isinstance(node, torch.fx.Node)
    return node.meta["val"].shape


def _source(node: object) -> torch.fx.Node | None:
    """Returns the integer placeholder whose values a node holds."""
    while isinstance(node, torch.fx.Node) and node.op == "call_function":
        if str(node.target).rsplit(".", 1)[0] not in UNCHANGED:
            return None
        node = node.args[0]
    if not isinstance(node, torch.fx.Node) or node.op != "placeholder":
        return None
    value = node.meta.get("val")
    if not isinstance(value, torch.Tensor) or value.dtype.is_floating_point:
        return None
    return None if value.dtype == torch.bool else node
