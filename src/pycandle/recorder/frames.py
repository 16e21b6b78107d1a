"""The Python functions that are executing, and the variable that a value is assigned to."""

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import CodeType, FrameType
from typing import Any

import executing

from pycandle.recorder.sources import MADE_BY_TORCH, Line, is_internal

MODULE_CALL = ("torch/nn/modules/module.py", "torch\\nn\\modules\\module.py")
"""The file whose frames call a module's `forward`."""


COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
"""Frames of their own up to Python 3.11, and none later: never shown."""


@dataclass(frozen=True)
class Position:
    """Where an op was called: the frames of the model's code, innermost first, and the variable."""

    stack: tuple[Line, ...] = ()
    variable: str | None = None
    functions: tuple[FrameType, ...] = ()
    """The frames between the op and `forward`, without it; empty if `forward` is not around it."""


def position(depth: int, forward: CodeType | None) -> Position:
    """Returns the position of the caller `depth` frames up.

    The stack ends with `forward` (the code of the innermost module's method); torch's own frames
    and the wrappers of decorators are left out.
    """
    return _position(sys._getframe(depth + 1), forward)


def call_position(forward: CodeType | None) -> Position:
    """Returns the position of the call of the module whose hook is running."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.endswith(MODULE_CALL):
        frame = frame.f_back
    return _position(frame, forward)


def _position(frame: FrameType | None, forward: CodeType | None) -> Position:
    frames: list[FrameType] = []
    variable = None
    first = True
    made_by_torch = False
    while frame is not None:
        code = frame.f_code
        if code.co_filename.endswith(MODULE_CALL):
            if not made_by_torch:
                break
            # The call of a module that torch wrote is none of the model's.
            frame = frame.f_back
            continue
        made_by_torch = code.co_filename.startswith(MADE_BY_TORCH) or (
            made_by_torch and is_internal(code.co_filename)
        )
        if not is_internal(code.co_filename):
            if code.co_name not in COMPREHENSIONS and not _is_wrapper(frame, frames):
                variable = variable_of(frame) if first else variable
                frames.append(frame)
            first = False
        if code is forward:
            break
        frame = frame.f_back
    lines = tuple(
        Line(item.f_code.co_filename, item.f_lineno, item.f_code.co_qualname) for item in frames
    )
    inside = frames[:-1] if frames and frames[-1].f_code is forward else []
    return Position(lines, variable, tuple(inside))


def forward_code(method: Callable[..., Any]) -> CodeType | None:
    """Returns the code of a method below its decorators."""
    seen: Any = getattr(method, "__func__", method)
    while hasattr(seen, "__wrapped__"):
        seen = seen.__wrapped__
        seen = getattr(seen, "__func__", seen)
    return getattr(seen, "__code__", None)


def _is_wrapper(frame: FrameType, inside: list[FrameType]) -> bool:
    """Whether a frame is a decorator's: a closure that called a function which it closes over."""
    code = frame.f_code
    if not inside or not code.co_freevars or "<locals>" not in code.co_qualname:
        return False
    held = (frame.f_locals.get(name) for name in code.co_freevars)
    return any(callable(value) and forward_code(value) is inside[-1].f_code for value in held)


def variable_of(frame: FrameType) -> str | None:
    """Returns what the value that a frame is computing is assigned to."""
    return _variable_at(frame.f_code, frame.f_lasti, _Held(frame))


class _Held:
    """A frame that does not count in a cache key: code and instruction say all that matters."""

    def __init__(self, frame: FrameType) -> None:
        self.frame = frame

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@cache
def _variable_at(code: CodeType, instruction: int, held: _Held) -> str | None:
    try:
        node: Any = executing.Source.executing(held.frame).node
    except Exception:
        # `executing` asserts on bytecode that it does not know; a name is worth no failure.
        return None
    finally:
        held.frame = None  # type: ignore[assignment]
    return _target(node)


def _target(node: Any) -> str | None:
    """Returns what an expression is assigned to, if it is the whole right-hand side."""
    while node is not None:
        parent = getattr(node, "parent", None)
        match node:
            case ast.Assign():
                return _text(node.targets[0])
            case ast.AugAssign() | ast.AnnAssign():
                return ast.unparse(node.target)
            case ast.Return():
                return "return"
            case ast.expr() if isinstance(parent, ast.Call) and parent.func is node:
                pass
            case ast.expr() if isinstance(parent, ast.stmt) and not _is_value(node, parent):
                return None
            case ast.expr() if isinstance(parent, ast.stmt | ast.Attribute | ast.NamedExpr):
                if isinstance(parent, ast.NamedExpr):
                    return ast.unparse(parent.target)
            case _:
                return None
        node = parent
    return None


def _text(target: ast.expr) -> str:
    """Returns the text of a target, a tuple's without parentheses."""
    if isinstance(target, ast.Tuple):
        return ", ".join(ast.unparse(item) for item in target.elts)
    return ast.unparse(target)


def _is_value(node: ast.expr, parent: ast.stmt) -> bool:
    return getattr(parent, "value", None) is node


def targets_of(variable: str) -> list[str]:
    """Returns the names of a tuple target, `q, k, v`; empty for any other target."""
    try:
        tree = ast.parse(variable, mode="eval").body
    except SyntaxError:
        return []
    if not isinstance(tree, ast.Tuple | ast.List):
        return []
    if any(isinstance(item, ast.Starred) for item in tree.elts):
        return []
    return [ast.unparse(item) for item in tree.elts]
