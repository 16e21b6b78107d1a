"""The arguments of a recording: what is passed, by path, and the tensors among it."""

from __future__ import annotations

import dataclasses
import inspect
from dataclasses import dataclass
from typing import Any

import torch
import torch.utils._pytree as pytree

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.recorder.trees import NOT_PLAIN, argument_of, class_name


@dataclass(frozen=True)
class Arguments:
    """`model(*args, **kwargs)`, with the tensors by path in the order of flattening."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    signature: inspect.Signature
    tensors: dict[str, torch.Tensor]

    def with_tensors(self, tensors: dict[str, torch.Tensor]) -> Arguments:
        """Returns the same arguments with other tensors."""
        pairs, spec = pytree.tree_flatten_with_path((self.args, self.kwargs))
        paths = (path_of(self.signature, keys) for keys, _ in pairs)
        leaves = [tensors.get(path, leaf) for path, (_, leaf) in zip(paths, pairs, strict=True)]
        args, kwargs = pytree.tree_unflatten(leaves, spec)
        return Arguments(args, kwargs, self.signature, tensors)

    def bound(self) -> dict[str, Any]:
        """Returns the arguments by the names of the parameters."""
        return self.signature.bind(*self.args, **self.kwargs).arguments

    def shapes(self) -> dict[str, list[int]]:
        """Returns the shape of each tensor."""
        return {path: list(tensor.shape) for path, tensor in self.tensors.items()}


def read_arguments(
    method: Any, args: tuple[Any, ...], kwargs: dict[str, Any], device: str
) -> Arguments:
    """Returns the arguments of a method, or refuses all that cannot be recorded at once."""
    signature = inspect.signature(method)
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise refusal(
            "wrong-arguments",
            f"the arguments do not fit the model: {error}",
            hint=f"record it as it is called: `recorder.record(model, ...)` with `{signature}`",
        ) from None
    _register_dataclasses((args, kwargs))
    pairs, _ = pytree.tree_flatten_with_path((args, kwargs), is_leaf=lambda value: _is_cache(value))
    tensors: dict[str, torch.Tensor] = {}
    problems: list[Diagnostic] = []
    for keys, leaf in pairs:
        path = path_of(signature, keys)
        if isinstance(leaf, torch.Tensor):
            tensors[path] = leaf
            problems += _problems_of(path, leaf, device)
        elif argument_of(leaf) is NOT_PLAIN:
            problems.append(_not_data(path, leaf))
    if problems:
        raise PyCandleError(problems)
    return Arguments(args, kwargs, signature, tensors)


def path_of(signature: inspect.Signature, keys: tuple[Any, ...]) -> str:
    """Returns the path of a leaf of `(args, kwargs)`: parameter, keys and indices, by dots."""
    first, second, *rest = keys
    if first.idx == 1:
        return ".".join([str(second.key), *map(_part, rest)])
    names = [
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    if second.idx < len(names):
        return ".".join([names[second.idx], *map(_part, rest)])
    variadic = next(
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind is parameter.VAR_POSITIONAL
    )
    return ".".join([variadic, str(second.idx - len(names)), *map(_part, rest)])


def _part(key: Any) -> str:
    match key:
        case pytree.SequenceKey(index):
            return str(index)
        case pytree.MappingKey(name):
            return str(name)
        case pytree.GetAttrKey(name):
            return name
        case _:
            return str(key).strip(".[]'\"")


def _register_dataclasses(value: Any) -> None:
    """Makes the dataclasses in a value containers for torch, which knows none by itself."""
    for leaf in pytree.tree_leaves(value):
        register_dataclass(leaf)


def register_dataclass(value: Any) -> None:
    """Makes the class of a dataclass instance, and those of its fields, containers for torch."""
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return
    if type(value) not in pytree.SUPPORTED_NODES:
        torch.export.register_dataclass(type(value))
    for item in dataclasses.fields(value):
        register_dataclass(getattr(value, item.name))


def _is_cache(value: Any) -> bool:
    """Whether a value is a key-value cache of transformers."""
    return any(
        cls.__name__ == "Cache" and cls.__module__.startswith("transformers.")
        for cls in type(value).__mro__
    )


def _problems_of(path: str, tensor: torch.Tensor, device: str) -> list[Diagnostic]:
    place = Place(detail=f"argument `{path}`")
    if tensor.device.type != device:
        return [
            Diagnostic(
                "input-device",
                f"an input is on `{tensor.device}`, the model on `{device}`",
                place,
                hint=f'make the input with `device="{device}"`',
            )
        ]
    if tensor.layout is not torch.strided or type(tensor) not in (
        torch.Tensor,
        torch.nn.Parameter,
        torch.nn.Buffer,
    ):
        return [
            Diagnostic(
                "input-kind",
                f"an input is a `{class_name(type(tensor))}` of layout `{tensor.layout}`; "
                "only plain dense tensors are recorded",
                place,
            )
        ]
    if any(size == 0 for size in tensor.shape):
        shape = list(tensor.shape)
        return [Diagnostic("empty-input", f"an input of shape {shape} is empty", place)]
    return []


def _not_data(path: str, value: Any) -> Diagnostic:
    place = Place(detail=f"argument `{path}`")
    if _is_cache(value):
        return Diagnostic(
            "cache-input",
            f"a key-value cache (`{class_name(type(value))}`) cannot be an input yet",
            place,
            hint="leave the argument out and pass `use_cache=False`",
        )
    return Diagnostic(
        "opaque-input",
        f"an input of class `{class_name(type(value))}` is neither a tensor nor a plain value",
        place,
        hint="pass its tensors, or a dict, a tuple or a dataclass of them",
    )
