"""The settings of a model: the plain values in the arguments of its class, by path."""

from __future__ import annotations

import copy
import inspect
import sys
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from types import CodeType, FrameType
from typing import Any, TypeAlias

import torch

from pycandle.manifest.learned import Configuration, Plain
from pycandle.recorder.constructors import Construction
from pycandle.recorder.trees import class_name

Value: TypeAlias = "Plain | list[Plain]"

LONGEST = 6
"""The elements of a longer list are no settings of their own."""

OF_THE_WEIGHTS = frozenset({"dtype", "torch_dtype", "device"})
"""Where weights lie, and in which dtype, is no setting: a model is recorded on meta, in its own."""


class Settings:
    """What a model can be built from again: a configuration object, or plain arguments."""

    def __init__(self, construction: Construction) -> None:
        """Reads the settings. A model without any has an empty `values`."""
        self.construction = construction
        self.arguments = _bound(construction)
        objects = [name for name, value in self.arguments.items() if _is_configuration(value)]
        self.config = objects[0] if len(objects) == 1 else None
        self.values: dict[str, Value] = dict(_flat(self._root(self.arguments), ""))

    def _root(self, arguments: Mapping[str, Any]) -> Any:
        return arguments if self.config is None else arguments[self.config]

    def configuration(self) -> Configuration:
        """Returns the row of the manifest."""
        if self.config is None:
            return Configuration("arguments", class_name(self.construction.cls), self.values)
        return Configuration("config", class_name(type(self._root(self.arguments))), self.values)

    def configuration_object(self) -> Any:
        """Returns the configuration object; None where the model is built from plain arguments."""
        return None if self.config is None else self.arguments[self.config]

    def flat(self, config: Any) -> dict[str, Value]:
        """Returns the settings of a configuration object."""
        return dict(_flat(vars(config), ""))

    def build(self, changes: Mapping[str, Value]) -> torch.nn.Module:
        """Returns the model with some settings changed, on the current device."""
        arguments = copy.deepcopy(self.arguments)
        for path, value in {**self._lists_for(changes), **changes}.items():
            _set(self._root(arguments), path.split("."), value)
        return self.call(arguments)

    def _lists_for(self, changes: Mapping[str, Value]) -> dict[str, Value]:
        """Returns the lists with an item for each layer, where the number of layers changes."""
        found: dict[str, Value] = {}
        for path, value in changes.items():
            before = self.values[path]
            if type(before) is not int or type(value) is not int or before < 1:
                continue
            for other, items in self.values.items():
                if isinstance(items, list) and len(items) == before:
                    found[other] = [items[i % before] for i in range(value)]
        return found

    def call(self, arguments: Mapping[str, Any]) -> torch.nn.Module:
        """Returns the model that arguments by name build."""
        cls = self.construction.cls
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for name, parameter in inspect.signature(cls).parameters.items():
            if name not in arguments:
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:
                args += arguments[name]
            elif parameter.kind is parameter.VAR_KEYWORD:
                kwargs |= arguments[name]
            elif parameter.kind is parameter.KEYWORD_ONLY:
                kwargs[name] = arguments[name]
            else:
                args.append(arguments[name])
        return cls(*args, **kwargs)

    @contextmanager
    def watched(self) -> Iterator[tuple[dict[str, Any], set[str]]]:
        """Yields arguments to build with, and the set into which go the settings that are read.

        Only fields of configuration objects are watched; plain arguments count as read.
        """
        arguments = copy.deepcopy(self.arguments)
        root = self._root(arguments)
        read: set[str] = set()
        if self.config is None:
            read |= self.values.keys()
        else:
            _watch(root, "", read)
        found: set[str] = set()
        yield arguments, found
        found |= {
            path
            for path in self.values
            if any(path == name or path.startswith(f"{name}.") for name in read)
        }


def _bound(construction: Construction) -> dict[str, Any]:
    """Returns the arguments by the names of the parameters, defaults included."""
    try:
        bound = inspect.signature(construction.cls).bind(*construction.args, **construction.kwargs)
    except (TypeError, ValueError):
        return {}
    bound.apply_defaults()
    return dict(bound.arguments)


def _is_configuration(value: Any) -> bool:
    """Whether a value is an object with fields, and neither data nor code."""
    return (
        hasattr(value, "__dict__")
        and not isinstance(value, type | torch.nn.Module | torch.Tensor)
        and not callable(value)
        and type(value).__module__ != "builtins"
        and not type(value).__module__.startswith("torch")
    )


def _flat(value: Any, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, bool | int | float | str) or value is None:
        yield path, _plain(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if name in OF_THE_WEIGHTS:
                continue
            if isinstance(name, str) and name.isidentifier() and not name.startswith("_"):
                yield from _flat(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        yield from _flat_list(value, path)
    elif _is_configuration(value):
        yield from _flat(vars(value), path)


def _flat_list(value: list[Any] | tuple[Any, ...], path: str) -> Iterator[tuple[str, Value]]:
    items = [_plain(item) for item in value if isinstance(item, bool | int | float | str)]
    if len(items) < len(value) or not items:
        return
    numbers = not any(isinstance(item, bool | str) for item in items)
    if numbers and len(items) <= LONGEST:
        for index, item in enumerate(items):
            yield f"{path}.{index}", item
    else:
        yield path, items


def _plain(value: Any) -> Plain:
    """Returns a plain value without the subclass that it may have."""
    match value:
        case bool() | None:
            return value
        case int():
            return int(value)
        case float():
            return float(value)
        case _:
            return str(value)


def _set(root: Any, path: list[str], value: Value) -> None:
    """Sets what is at a path; a tuple on the way is replaced by one with the value."""
    first, *rest = path
    if not rest:
        _put(root, first, value)
        return
    inside = _get(root, first)
    if isinstance(inside, tuple):
        inside = list(inside)
        _set(inside, rest, value)
        _put(root, first, tuple(inside))
    else:
        _set(inside, rest, value)


def _get(root: Any, name: str) -> Any:
    if isinstance(root, list | tuple):
        return root[int(name)]
    return root[name] if isinstance(root, Mapping) else vars(root)[name]


def _put(root: Any, name: str, value: Any) -> None:
    if isinstance(root, list):
        root[int(name)] = value
    elif isinstance(root, dict):
        root[name] = value
    else:
        kind = type(vars(root).get(name))
        vars(root)[name] = tuple(value) if kind is tuple and isinstance(value, list) else value


def _watch(config: Any, path: str, read: set[str]) -> None:
    """Gives a configuration object a class that notes which fields code outside of it reads."""
    cls = type(config)
    own = {
        code for base in cls.__mro__ for value in vars(base).values() for code in codes_of(value)
    }
    asked = set(_asked(cls))
    aliases: Mapping[str, str] = getattr(cls, "attribute_map", {})

    def get(self: Any, name: str) -> Any:
        inherited: Any = cls.__getattribute__
        frame = sys._getframe(1)
        outermost = _outermost(frame, own)
        if outermost in asked or outermost not in own:
            fields = [aliases.get(name, name)]
            if name == "__dict__" and frame.f_code.co_filename != copy.__file__:
                fields = list(inherited(self, name))
            read.update(f"{path}.{f}" if path else f for f in fields if not f.startswith("_"))
        return inherited(self, name)

    for name, value in list(vars(config).items()):
        if _is_configuration(value):
            _watch(value, f"{path}.{name}" if path else name, read)
    watched: Any = type(cls.__name__, (cls,), {"__getattribute__": get})
    config.__class__ = watched


def _asked(cls: type) -> Iterator[CodeType]:
    """Yields the code of a class that answers for some of its fields: a property, a method.

    Not that of the methods that it has from another module, which go through all fields, as those
    that write a file do.
    """
    for base in cls.__mro__:
        for name, value in vars(base).items():
            is_own = base.__module__ == cls.__module__ and not name.startswith(("_", "to_"))
            if is_own or isinstance(value, property | cached_property) or name == "__getitem__":
                yield from codes_of(value)


def _outermost(frame: FrameType, own: Container[CodeType]) -> CodeType:
    """Returns the first code of a configuration that the code outside of it called."""
    while frame.f_code in own and frame.f_back is not None and frame.f_back.f_code in own:
        frame = frame.f_back
    return frame.f_code


def codes_of(value: Any) -> Iterator[CodeType]:
    """Yields the code of a function, also of one that is a property or wrapped in a decorator."""
    parts: tuple[Any, ...] = (value,)
    if isinstance(value, property):
        parts = value.fget, value.fset
    elif isinstance(value, cached_property):
        parts = (value.func,)
    for part in parts:
        function = inspect.unwrap(getattr(part, "__func__", part)) if callable(part) else None
        code = getattr(function, "__code__", None)
        if isinstance(code, CodeType):
            yield code
