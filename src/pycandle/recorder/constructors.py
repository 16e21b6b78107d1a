"""The arguments that modules were built with, from which a model can be built again."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Construction:
    """`cls(*args, **kwargs)`."""

    cls: type
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


_BUILT: weakref.WeakKeyDictionary[torch.nn.Module, Construction] = weakref.WeakKeyDictionary()
_installed = False


def remember_constructions() -> None:
    """Notes the arguments of each module that is built from now on; a second call does nothing.

    A class may change what it is given, so that containers of plain data are copied.
    """
    global _installed
    if _installed:
        return
    _installed = True

    def new(cls: type, *args: Any, **kwargs: Any) -> Any:
        module = object.__new__(cls)
        copied = {name: _copied(value) for name, value in kwargs.items()}
        _BUILT[module] = Construction(cls, tuple(map(_copied, args)), copied)
        return module

    torch.nn.Module.__new__ = staticmethod(new)  # type: ignore[method-assign]


def construction_of(model: torch.nn.Module) -> Construction | None:
    """Returns how a model was built; None where that is not known.

    A model that was built before the notes began, from a configuration object that it keeps as
    `config`, is known as well.
    """
    known = _BUILT.get(model)
    if known is not None:
        return known
    config = getattr(model, "config", None)
    return None if config is None else Construction(type(model), (config,), {})


def _copied(value: Any) -> Any:
    """Returns a copy of containers; the objects in them stay what they are."""
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(_copied, value))
    return value
