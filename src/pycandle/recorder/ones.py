"""Which free sizes may not be 1, because the program would be another one.

torch assumes that a free size is 2 or more, and answers for those when Python asks
`x.shape[0] == 1`. Such a question, and an op that drops dims of size 1, tie a program to sizes of
2 and up; everything else holds at 1 too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import sympy
import torch
from torch.export import ExportedProgram

from pycandle.recorder.sources import is_torch_framework, portable_path

Reasons = dict[sympy.Symbol, str]
"""By symbol: the line of Python that asks, or the op."""


@contextmanager
def questions() -> Iterator[Reasons]:
    """Notes in this context which symbols Python asks about with another answer at 1."""
    found: Reasons = {}
    original = torch.SymBool.__bool__

    def answered(self: torch.SymBool) -> bool:
        answer = original(self)
        frame = sys._getframe(1)
        # The shape rules of torch ask all the time, and hold for 1 as well.
        if not is_torch_framework(frame.f_code.co_filename):
            for symbol in _symbols_that_matter(self.node, answer):
                found.setdefault(symbol, _line(frame))
        return answer

    torch.SymBool.__bool__ = answered  # type: ignore[method-assign]
    try:
        yield found
    finally:
        torch.SymBool.__bool__ = original  # type: ignore[method-assign]


def _symbols_that_matter(node: Any, answer: bool) -> list[sympy.Symbol]:
    expression = node.expr
    hints = {
        symbol: node.shape_env.backed_var_to_val[symbol]
        for symbol in expression.free_symbols
        if symbol in node.shape_env.backed_var_to_val
    }
    return [
        symbol
        for symbol in sorted(hints, key=str)
        if expression.xreplace({**hints, symbol: sympy.Integer(1)}) != sympy.sympify(answer)
    ]


def _line(frame: FrameType) -> str:
    code = frame.f_code
    return f"{portable_path(code.co_filename)}:{frame.f_lineno} in {code.co_qualname}"


def squeezed(program: ExportedProgram) -> Reasons:
    """Returns the symbols of dims that the program drops if their size is 1."""
    found: Reasons = {}
    for node in program.graph.nodes:
        if not str(node.target).startswith("aten.squeeze"):
            continue
        shape = node.args[0].meta["val"].shape
        dims = range(len(shape))
        if len(node.args) > 1:
            chosen = node.args[1] if isinstance(node.args[1], list | tuple) else [node.args[1]]
            dims = [dim % len(shape) for dim in chosen]
        for dim in dims:
            if isinstance(shape[dim], torch.SymInt):
                for symbol in shape[dim].node.expr.free_symbols:
                    found.setdefault(symbol, f"the op `{node.target}` (`{node.name}`)")
    return found
