"""The state dicts inside a pickled object: dicts, lists and whole modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pycandle.weights.checkpoint import NamePath
from pycandle.weights.pickle_machine import Call, Global, PickleError
from pycandle.weights.torch_pickle import PickledTensor, find_tensor

MAX_DEPTH = 64
MAX_TENSORS = 2_000_000


def find_tensors(value: Any) -> dict[NamePath, PickledTensor]:
    """Returns every tensor of a pickled object by the keys that lead to it.

    The tensors of a pickled module have the dotted names of its state dict as one key.
    Raises PickleError where the object holds more names than any checkpoint.
    """
    seen = _Seen({}, {})
    if _count(value, seen, 0) > MAX_TENSORS:
        # A dict that holds one dict twice, and so on: 64 levels have 2^64 names.
        raise PickleError(f"more than {MAX_TENSORS} names of tensors")
    found: dict[NamePath, PickledTensor] = {}
    for path, tensor in _walk(value, (), seen, 0):
        name = ".".join(path)
        if path in found:
            raise PickleError(f"two tensors named `{name}`")
        if not name.isprintable():
            raise PickleError(f"the name {name!a} holds control characters")
        found[path] = tensor
    return found


class _Seen(NamedTuple):
    """What is known of each object, by its id, so that it is looked at once."""

    counts: dict[int, int]
    """Tensors below it, by as many names as they have there."""
    tensors: dict[int, PickledTensor]
    """The tensor that it is."""


def _count(value: Any, seen: _Seen, depth: int) -> int:
    """Returns the number of names of tensors below a value."""
    if type(value) not in (dict, list, tuple, Call) or depth > MAX_DEPTH:
        return 0
    if id(value) in seen.counts:
        return seen.counts[id(value)]
    seen.counts[id(value)] = 0  # For an object that contains itself.
    tensor = find_tensor(value)
    if tensor is not None:
        seen.tensors[id(value)] = tensor
        total = 1
    else:
        total = sum(_count(item, seen, depth + 1) for _, item in _children(value))
    seen.counts[id(value)] = total
    return total


def _walk(
    value: Any, path: NamePath, seen: _Seen, depth: int
) -> Iterator[tuple[NamePath, PickledTensor]]:
    """Yields the tensors below a value, with the keys from `path` on."""
    if seen.counts.get(id(value), 0) == 0:
        return
    if depth > MAX_DEPTH:
        raise PickleError("an object that holds tensors contains itself")
    if id(value) in seen.tensors:
        yield path, seen.tensors[id(value)]
        return
    inside = _is_module(value)
    for key, item in _children(value):
        for below, found in _walk(item, (key,), seen, depth + 1):
            yield (*path, ".".join(below)) if inside else (*path, *below), found


def _children(value: Any) -> Iterator[tuple[str, Any]]:
    """Yields the named parts of a container; nothing for what is none."""
    if type(value) in (list, tuple):
        yield from ((str(index), item) for index, item in enumerate(value))
    elif type(value) is dict:
        yield from _named(value)
    elif _is_module(value):
        yield from _module_children(value.state)
    elif type(value) is Call:
        if _is_ordered_dict(value):
            yield from _named(_pairs(value.args))
        yield from _named(value.items or {})


def _named(items: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    for key, item in items.items():
        if type(key) in (str, int):
            yield str(key), item


def _is_ordered_dict(value: Call) -> bool:
    function = value.function
    return type(function) is Global and function.qualified == "collections.OrderedDict"


def _pairs(args: Any) -> dict[Any, Any]:
    """Python 2 pickled an ordered dict as `OrderedDict([[key, value], ...])`."""
    if type(args) is not tuple or len(args) != 1 or type(args[0]) is not list:
        return {}
    pairs = [pair for pair in args[0] if type(pair) in (list, tuple) and len(pair) == 2]
    return {pair[0]: pair[1] for pair in pairs if type(pair[0]) in (str, int)}


def _is_module(value: Any) -> bool:
    """Returns whether a value is a pickled `nn.Module`."""
    if type(value) is not Call or type(value.state) is not dict:
        return False
    return all(name in value.state for name in ("_parameters", "_buffers", "_modules"))


def _module_children(state: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yields what the state dict has: parameters, persistent buffers, modules."""
    transient = _names_of(state.get("_non_persistent_buffers_set"))
    yield from _children(state["_parameters"])
    yield from ((key, item) for key, item in _children(state["_buffers"]) if key not in transient)
    yield from _children(state["_modules"])


def _names_of(value: Any) -> set[str]:
    """Returns the names in a pickled set: a list of protocol 4, a call of `set` before."""
    if type(value) is Call and type(value.args) is tuple and len(value.args) == 1:
        value = value.args[0]
    return {item for item in value if type(item) is str} if type(value) is list else set()
