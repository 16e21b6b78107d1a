"""Sizes that become too long to be worth being free.

Free sizes that are divided, rounded and multiplied again and again, as by windows of attention,
grow into expressions that torch takes minutes to simplify and that nobody would want in Rust.
"""

from __future__ import annotations

from typing import Any

import sympy
import torch
from torch.utils._pytree import tree_leaves

LONGEST = 60
"""Parts of an expression. Height times width after five strides of two has about 20; a recording
whose sizes have 150 takes half a minute, and one with 300 does not end."""


class LongSize(Exception):
    """A size is an expression of more parts than are worth having."""


def require_short(values: Any, known: dict[Any, int]) -> None:
    """Raises LongSize if a tensor among the values has a size that is too long.

    `known` keeps the lengths of the expressions that were seen.
    """
    for value in tree_leaves(values):
        if not isinstance(value, torch.Tensor):
            continue
        for size in value.shape:
            if isinstance(size, torch.SymInt) and _length(size.node.expr, known) > LONGEST:
                raise LongSize("a size becomes too long an expression of the sizes of the inputs")


def _length(expression: sympy.Basic, known: dict[Any, int]) -> int:
    if expression not in known:
        known[expression] = sum(1 for _ in sympy.preorder_traversal(expression))
    return known[expression]
