"""Which ops made a tensor that a model computes while it is built.

Noted on the tensors themselves, as they are made. A tensor that was written to, or that follows
from anything but numbers in the model's code, has no note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._pytree import tree_leaves, tree_map_only

from pycandle.recorder.frames import Position, position

MOST_NUMBERS = 4
"""Of a literal. A longer one often has as many items as a setting says, which is no formula."""
_NOTE = "_pycandle_step"


@dataclass(frozen=True, eq=False)
class Step:
    """One op."""

    target: Any
    """An overload."""
    args: tuple[Any, ...]
    """With a `Made` for each tensor."""
    kwargs: dict[str, Any]
    results: tuple[tuple[torch.dtype, tuple[int, ...]], ...]
    position: Position


@dataclass(frozen=True)
class Made:
    """A tensor that a step made."""

    step: Step
    index: int | None
    """Which of the results, where the op returns several."""
    version: int
    """Of the tensor, as torch counts what is written to it."""

    def __deepcopy__(self, memo: object) -> Made:
        """A copy of the tensor was made by the same ops."""
        return self

    def __reduce__(self) -> tuple[type, tuple[()]]:
        """A tensor that is pickled leaves its note: ops are not pickled, and are not asked to."""
        return type(None), ()


def made_by(tensor: torch.Tensor) -> Made | None:
    """Returns what made a tensor; None where that is not known, or not all that made it."""
    found = getattr(tensor, _NOTE, None)
    if found is None or tensor.is_inference() or tensor._version != found.version:
        return None
    return found


def note_op(func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Notes on the results of an op what made them."""
    if func._schema.is_mutable:
        _note_write(func, args, kwargs)
        return
    outputs = _outputs(result)
    tensors = [item for item in tree_leaves((args, kwargs)) if isinstance(item, torch.Tensor)]
    if not outputs or torch.Tag.nondeterministic_seeded in func.tags or _is_empty(func):
        return
    if any(made_by(item) is None for item in tensors):
        return
    inside: Any = tree_map_only(torch.Tensor, made_by, args)
    named: Any = tree_map_only(torch.Tensor, made_by, kwargs)
    _note(func, inside, named, outputs, is_single=isinstance(result, torch.Tensor))


def note_literal(data: Any, result: torch.Tensor) -> None:
    """Notes the numbers that a tensor was made of, if they are numbers of Python."""
    numbers = list(data) if isinstance(data, list | tuple) else [data]
    is_list = isinstance(data, list | tuple)
    if len(numbers) > MOST_NUMBERS or not all(type(item) in (bool, int, float) for item in numbers):
        return
    where = _where()
    one, dtype = torch.ops.aten.scalar_tensor.default, result.dtype
    items = [Step(one, (item,), {"dtype": dtype}, ((dtype, ()),), where) for item in numbers]
    if not is_list:
        setattr(result, _NOTE, Made(items[0], None, result._version))
    elif items:
        args = ([Made(item, None, 0) for item in items],)
        _note(torch.ops.aten.stack.default, args, {}, [result], is_single=True)


def forget(tensor: torch.Tensor) -> None:
    """Takes the note from a tensor of which another may be written to unseen, as `.data` may."""
    if hasattr(tensor, _NOTE):
        delattr(tensor, _NOTE)


def _note(
    target: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    outputs: Sequence[torch.Tensor],
    *,
    is_single: bool,
) -> None:
    results = tuple((item.dtype, tuple(item.shape)) for item in outputs)
    step = Step(target, args, kwargs, results, _where())
    for index, item in enumerate(outputs):
        setattr(item, _NOTE, Made(step, None if is_single else index, item._version))


def _where() -> Position:
    """Returns the line of the model's code that is executing.

    Without its frames: they hold the variables of the code, which are not to live on.
    """
    found = position(0, None)
    return Position(found.stack[:1], found.variable)


def _outputs(result: Any) -> list[torch.Tensor]:
    """Returns the tensors that an op returned; none where it returned anything else."""
    items = list(result) if isinstance(result, list | tuple) else [result]
    plain = (torch.Tensor, torch.nn.Parameter, torch.nn.Buffer)
    if all(type(item) in plain and item.is_meta and not item.is_inference() for item in items):
        return items
    return []


def _is_empty(func: Any) -> bool:
    """Whether an op returns memory as it is."""
    return "empty" in func._schema.name


def _note_write(func: Any, args: Any, kwargs: Any) -> None:
    """Forgets what made a tensor that is written to, unless all of it is a copy of another."""
    written = [
        value
        for index, argument in enumerate(func._schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
        for value in tree_leaves(
            kwargs.get(argument.name, args[index] if index < len(args) else None)
        )
        if isinstance(value, torch.Tensor)
    ]
    source = made_by(args[1]) if _is_copy(func, args) else None
    for tensor in written:
        for item in (tensor, tensor._base):
            if item is not None:
                forget(item)
    if source is not None:
        (target,) = written
        # Torch counts the write after it.
        setattr(target, _NOTE, Made(source.step, source.index, target._version + 1))


def _is_copy(func: Any, args: Any) -> bool:
    """Whether an op overwrites all of a tensor with another of its form."""
    if func is not torch.ops.aten.copy_.default or not isinstance(args[1], torch.Tensor):
        return False
    one, other = args[0], args[1]
    alike = (one.shape, one.dtype, one.stride()) == (other.shape, other.dtype, other.stride())
    return alike and one._base is None and one.is_meta and not one.is_inference()
