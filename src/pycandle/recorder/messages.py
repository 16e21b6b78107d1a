"""Whether code makes text of a number for a message alone: of an assertion, an error, a log."""

from __future__ import annotations

import ast
import logging
import warnings
from types import FrameType
from typing import Any

import executing
import torch

_MESSAGES: dict[Any, int] = {torch._assert: 1, warnings.warn: 0}
"""Functions that show one of their arguments, by position, and compute nothing of it."""


def is_message(frame: FrameType) -> bool:
    """Whether the text that a frame is making is part of a message.

    `False` where that cannot be told.
    """
    try:
        found = executing.Source.executing(frame)
        statements, node = list(found.statements or ()), found.node
    except Exception:
        # `executing` asserts on bytecode that it does not know.
        return False
    if len(statements) != 1:
        return False
    parts = _parts(statements[0], frame)
    if parts is None:
        return False
    message, others = parts
    if node is not None:
        return _is_inside(node, message)
    # The parts of an f-string are not always found.
    return not any(isinstance(item, ast.JoinedStr) for other in others for item in ast.walk(other))


def _parts(statement: Any, frame: FrameType) -> tuple[ast.AST, list[ast.AST]] | None:
    """Returns the message in a statement and what else it computes; None if there is none."""
    match statement:
        case ast.Assert(test, ast.expr() as message):
            return message, [test]
        case ast.Raise(ast.expr() as error):
            return error, []
        case ast.Expr(ast.Call(function, arguments) as call):
            called = _resolved(function, frame)
            if isinstance(getattr(called, "__self__", None), logging.Logger):
                return call, []
            index = _MESSAGES.get(called) if _is_hashable(called) else None
            if index is None or len(arguments) <= index:
                return None
            others = [item for item in arguments if item is not arguments[index]]
            return arguments[index], [*others, *call.keywords]
        case _:
            return None


def _resolved(function: ast.expr, frame: FrameType) -> Any:
    """Returns what a name, or an attribute of one, stands for in a module."""
    match function:
        case ast.Name(name):
            return frame.f_globals.get(name)
        case ast.Attribute(ast.Name(name), attribute):
            return getattr(frame.f_globals.get(name), attribute, None)
        case _:
            return None


def _is_hashable(value: Any) -> bool:
    return callable(value) and type(value).__hash__ is not None


def _is_inside(node: Any, whole: ast.AST) -> bool:
    return any(item is node for item in ast.walk(whole))
