"""Data of the small tensors that a model computes while it is built on the meta device.

Non-persistent buffers (rotary frequencies, index tables) are in no checkpoint and have no data on
meta. In this mode each deterministic op on small tensors also runs on the CPU, and its result
stays with the meta tensor as a shadow.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch._ops import HigherOrderOperator
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from pycandle.recorder.constructors import remember_constructions
from pycandle.recorder.steps import forget, note_literal, note_op

LARGEST = 1 << 24
"""Elements: larger results get no shadow."""

_SHADOW = "_pycandle_shadow"
_EMPTY = {"empty", "empty_like", "empty_strided", "empty_permuted", "new_empty"}
_EMPTY |= {"new_empty_strided"}
_FILLS = {"fill_", "zero_", "copy_", "set_"}


def shadow_of(tensor: torch.Tensor) -> torch.Tensor | None:
    """Returns the data of a meta tensor on the CPU; None where it is not known."""
    base = tensor._base
    # Unknown data that is written to a tensor makes its views unknown too.
    if base is not None and base.is_meta and getattr(base, _SHADOW, None) is None:
        return None
    return getattr(tensor, _SHADOW, None)


@contextmanager
def suspended() -> Iterator[None]:
    """Stops the shadows, if they are on, for the time of an export."""
    if not _installed:
        yield
        return
    for mode in reversed(_MODES):
        mode.__exit__(None, None, None)
    try:
        yield
    finally:
        _enter()


@contextmanager
def shadowed() -> Iterator[None]:
    """Keeps shadows in this context, also where they are not on for the whole process."""
    if _installed:
        yield
        return
    with Shadows(), Literals():
        yield


def _enter() -> None:
    for mode in _MODES:
        mode.__enter__()


def install() -> None:
    """Starts the shadows for the rest of the process; a second call does nothing.

    From then on it is also noted what modules are built from.
    """
    global _installed
    remember_constructions()
    if not _installed:
        _enter()
        _installed = True


_installed = False


class Shadows(TorchDispatchMode):
    """Runs each deterministic op on the shadows of its operands too."""

    supports_higher_order_operators = True

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if isinstance(func, HigherOrderOperator):
            # `torch.cond` of data on meta has no result, and no shadow.
            return result
        outputs = [item for item in tree_leaves(result) if _is_plain_meta(item)]
        if outputs:
            _follow(func, args, kwargs, outputs, result)
            note_op(func, args, kwargs, result)
        return result


class Literals(TorchFunctionMode):
    """Keeps the data of `torch.tensor([...])`, which no op that can be dispatched makes."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if func is _DATA and _is_plain_meta(result) and (known := shadow_of(args[0])) is not None:
            # What is written to it is written to the tensor, which torch does not count.
            _set(result, known)
            forget(args[0])
        if func in _LITERALS and _is_plain_meta(result) and shadow_of(result) is None:
            data = tree_leaves(args[1:] if func is torch.Tensor.new_tensor else args)
            if result.numel() <= LARGEST and not any(map(_is_unknown, data)):
                # The dtype is the result's: `torch.tensor` infers it from data and defaults.
                given = kwargs.get("data", args[-1] if args else None)
                values = tree_map(_real, given)
                _set(result, torch.tensor(values, dtype=result.dtype, device="cpu"))
                note_literal(given, result)
        return result


_LITERALS = (torch.tensor, torch.as_tensor, torch.asarray, torch.scalar_tensor)
_LITERALS += (torch.Tensor.new_tensor,)
_DATA: Any = vars(torch._C.TensorBase)["data"].__get__
_MODES = (Shadows(), Literals())


def _is_unknown(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_meta and shadow_of(value) is None


def _is_plain_meta(value: Any) -> bool:
    return type(value) in (torch.Tensor, torch.nn.Parameter, torch.nn.Buffer) and value.is_meta


def _follow(func: Any, args: Any, kwargs: Any, outputs: list[Any], result: Any) -> None:
    """Gives the outputs of an op their shadows, or takes them from what it wrote to."""
    name = func._schema.name.split("::")[-1]
    written = _written(func, args, kwargs)
    operands = [item for item in tree_leaves((args, kwargs)) if isinstance(item, torch.Tensor)]
    if name in _FILLS and written:
        _start(written[0], operands)
    known = all(not item.is_meta or shadow_of(item) is not None for item in operands)
    if not known or _is_random(func, name) or any(item.numel() > LARGEST for item in outputs):
        for tensor in written:
            _set(tensor, None)
        return
    try:
        with torch.no_grad():
            found = func(*tree_map(_real, args), **tree_map(_real, kwargs))
    except Exception:
        # What the CPU cannot compute stays unknown; recording names it if the model needs it.
        for tensor in written:
            _set(tensor, None)
        return
    for output, shadow in zip(tree_leaves(result), tree_leaves(found), strict=True):
        if _is_plain_meta(output) and shadow_of(output) is not shadow:
            _set(output, shadow)


def _written(func: Any, args: Any, kwargs: Any) -> list[torch.Tensor]:
    """Returns the meta tensors that an op writes to."""
    found: list[torch.Tensor] = []
    for index, argument in enumerate(func._schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            value = kwargs.get(argument.name, args[index] if index < len(args) else None)
            found += [item for item in tree_leaves(value) if _is_plain_meta(item)]
    return found


def _start(target: torch.Tensor, operands: list[torch.Tensor]) -> None:
    """Gives a whole tensor without data, which is about to be overwritten, an empty shadow."""
    others = [item for item in operands if item is not target]
    if (
        shadow_of(target) is None
        and target._base is None
        and not isinstance(target, torch.nn.Parameter)
        and target.numel() <= LARGEST
        and all(not item.is_meta or shadow_of(item) is not None for item in others)
    ):
        _set(target, torch.empty(target.shape, dtype=target.dtype))


def _is_random(func: Any, name: str) -> bool:
    return name in _EMPTY or torch.Tag.nondeterministic_seeded in func.tags


def _real(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.is_meta:
        return shadow_of(value)
    if isinstance(value, torch.device) and value.type == "meta":
        return torch.device("cpu")
    return value


def _set(tensor: torch.Tensor, shadow: torch.Tensor | None) -> None:
    if shadow is None:
        if shadow_of(tensor) is not None:
            delattr(tensor, _SHADOW)
        # A view that was overwritten with unknown data makes its whole tensor unknown.
        base = tensor._base
        if base is not None and shadow_of(base) is not None:
            delattr(base, _SHADOW)
    else:
        setattr(tensor, _SHADOW, shadow)
