"""Ops that hold programs of their own, which a manifest has no form for, and what to write."""

from __future__ import annotations

import re

import torch
from torch._dynamo.exc import UncapturedHigherOrderOpError
from torch._ops import HigherOrderOperator

from pycandle.errors import Diagnostic, Place

_CONTROL_FLOW = {
    "cond": (
        "chooses one of two programs while the model runs",
        "compute both sides and choose with `torch.where`; an `if` over sizes needs no op",
    ),
    "while_loop": (
        "runs a program until a tensor says that it ends",
        "loop in Python, a number of times that is known when the model is recorded",
    ),
    "map": (
        "runs a program for each part of a tensor",
        "write the function for the whole batch, or loop in Python over a fixed number of parts",
    ),
    "scan": (
        "runs a program for each part of a tensor, with what the one before handed on",
        "loop in Python over a fixed number of parts",
    ),
}
"""What the ops do, and what is recorded instead of them."""


def holds_a_program(node: torch.fx.Node) -> bool:
    """Whether a node calls an op that takes programs as arguments."""
    return isinstance(node.target, HigherOrderOperator)


def refusal_of(name: str, place: Place | None) -> Diagnostic:
    """Returns why an op that holds a program is not recorded, and what would be."""
    kind = name.rpartition(".")[2].removesuffix("_impl")
    does, instead = _CONTROL_FLOW.get(kind, ("holds a program", None))
    title = f"the op `{name}` {does}, and a recording is one program without branches"
    return Diagnostic("higher-order-op", title, place, hint=instead)


def op_of_failure(error: BaseException | None) -> str | None:
    """Returns the op that holds a program where an export failed at one."""
    while error is not None:
        if isinstance(error, UncapturedHigherOrderOpError):
            found = re.search(r"Higher Order Operator: ([\w.]+)", str(error))
            return found[1] if found else "higher_order"
        error = error.__cause__ or error.__context__
    return None
