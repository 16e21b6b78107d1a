"""Sizes that become too long to be worth being free.

Free sizes that are divided, rounded and multiplied again and again, as by windows of attention,
grow into expressions that torch takes minutes to simplify and that nobody would want in Rust.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
import torch
from torch.utils._pytree import tree_leaves

from pycandle.recorder.sources import Line, portable_path

LONGEST = 60
"""Parts of an expression. Height times width after five strides of two has about 20; a recording
whose sizes have 150 takes half a minute, and one with 300 does not end."""


class LongSize(Exception):
    """A size is an expression of more parts than are worth having."""


def require_short(values: Any, known: dict[Any, int], stack: Sequence[Line]) -> None:
    """Raises LongSize if a tensor among the values has a size that is too long, or a value is one.

    `known` keeps the lengths of the expressions that were seen; `stack` are the lines of the
    model's code that run, the innermost first.
    """
    for value in tree_leaves(values):
        sizes = value.shape if isinstance(value, torch.Tensor) else (value,)
        for size in sizes:
            if isinstance(size, torch.SymInt) and _length(size.node.expr, known) > LONGEST:
                raise LongSize(_message(stack))


def _message(stack: Sequence[Line]) -> str:
    text = "a size becomes too long an expression of the sizes of the inputs"
    return f"{text} ({portable_path(stack[0].file)}:{stack[0].line})" if stack else text


def _length(expression: sympy.Basic, known: dict[Any, int]) -> int:
    if expression not in known:
        known[expression] = sum(1 for _ in sympy.preorder_traversal(expression))
    return known[expression]
