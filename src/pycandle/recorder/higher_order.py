"""Ops that hold programs of their own and have no form in a manifest, and what to write."""

from __future__ import annotations

import re

import torch
from torch._dynamo.exc import UncapturedHigherOrderOpError
from torch._ops import HigherOrderOperator

from pycandle.errors import Diagnostic, Place

_CONTROL_FLOW = {
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


_COND = (
    "choose by a tensor of one truth value between functions that give new tensors of the same "
    "sizes; `torch.where` chooses between tensors, and an `if` over sizes needs no op"
)


def refusal_of(name: str, place: Place | None, says: str | None = None) -> Diagnostic:
    """Returns why an op that holds a program is not recorded, and what would be.

    `says`: torch's own reason, where it refused the op.
    """
    kind = name.rpartition(".")[2].removesuffix("_impl")
    if kind == "cond":
        title = f"the op `{name}` has a predicate or branches that have no form in a recording"
        return Diagnostic("higher-order-op", title, place, says, hint=_COND)
    does, instead = _CONTROL_FLOW.get(kind, ("holds a program", None))
    title = f"the op `{name}` {does}, and a recording is one program without branches"
    return Diagnostic("higher-order-op", title, place, says, hint=instead)


def op_of_failure(error: BaseException | None) -> tuple[str, str | None] | None:
    """Returns the op that holds a program where an export failed at one, and why it did."""
    while error is not None:
        if isinstance(error, UncapturedHigherOrderOpError):
            found = re.search(r"Higher Order Operator: ([\w.]+)", str(error))
            why = re.search(r"Explanation: (.+)", str(error))
            return found[1] if found else "higher_order", why[1] if why else None
        error = error.__cause__ or error.__context__
    return None
