"""Which free sizes may not be 1, because the program would be another one.

torch assumes that a free size is 2 or more, and answers for those when Python asks
`x.shape[0] == 1`. Such a question, and an op that drops dims of size 1, tie a program to sizes of
2 and up; everything else holds at 1 too.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy
import torch
from torch.export import ExportedProgram

from pycandle.recorder.conditions import Answer

Reasons = dict[sympy.Symbol, str]
"""By symbol: the line of Python that asks, or the op."""


def differing_at_one(found: Iterable[Answer]) -> Reasons:
    """Returns the symbols at whose size 1 something that was found out does not hold."""
    reasons: Reasons = {}
    for answer in found:
        known = getattr(answer.environment, "backed_var_to_val", {})
        hints = {symbol: known[symbol] for symbol in answer.holds.free_symbols if symbol in known}
        for symbol in sorted(hints, key=str):
            at_one = answer.holds.xreplace({**hints, symbol: sympy.Integer(1)})
            if at_one != sympy.true:
                reasons.setdefault(symbol, answer.asked or "a size that becomes a number")
    return reasons


def counted_from_the_end(program: ExportedProgram) -> Reasons:
    """Returns the symbols at whose size 1 a place in a slice is no longer below zero.

    `x[-n:]` begins `n` before the end, and `x[-0:]` at the start.
    """
    found: Reasons = {}
    for node in program.graph.nodes:
        if str(node.target) != "aten.slice.Tensor":
            continue
        for place in (getattr(item, "meta", {}).get("val", item) for item in node.args[2:4]):
            hint = place.node.hint if isinstance(place, torch.SymInt) else 0
            if isinstance(place, torch.SymInt) and isinstance(hint, int) and hint < 0:
                expression = place.node.expr
                ones = dict.fromkeys(expression.free_symbols, sympy.Integer(1))
                if not expression.xreplace(ones).is_negative:
                    for symbol in expression.atoms(sympy.Symbol):
                        found.setdefault(symbol, f"a place in `{node.name}`")
    return found


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
