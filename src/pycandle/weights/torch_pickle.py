"""The tensors that a pickle of torch describes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from pycandle.dtypes import DTYPES
from pycandle.weights.checkpoint import Deflated, StoredTensor, is_contiguous, item_size
from pycandle.weights.location import Location
from pycandle.weights.pickle_machine import Call, Global, PersistentId, PickleError

_STORAGE_DTYPES = {
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
    # Of bytes: the tensor's own dtype stands in the call that rebuilds it.
    "UntypedStorage": "uint8",
}
_STORAGE_MODULES = {"torch", "torch.storage", "torch.cuda"}
_PLAIN_TENSORS = {
    "torch.Tensor",
    "torch._tensor.Tensor",
    "torch.nn.parameter.Parameter",
    "torch.nn.parameter.Buffer",
}
_REBUILDS = {
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
}
_PARAMETER_REBUILDS = {
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
}
_EXPECTED_GLOBALS = (
    _REBUILDS
    | _PARAMETER_REBUILDS
    | _PLAIN_TENSORS
    | {
        "collections.OrderedDict",
        "torch.Size",
        "torch.device",
        "torch._tensor._rebuild_from_type_v2",
    }
    | {f"{module}.{name}" for module in _STORAGE_MODULES for name in _STORAGE_DTYPES}
    | {f"torch.{name}" for name in DTYPES}
)
_MAX_SIZE = 1 << 62


class Storage(NamedTuple):
    """Bytes that tensors share."""

    key: str
    dtype: str
    """By torch's name."""
    numel: int

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.numel * item_size(self.dtype)


class StoragePlace(NamedTuple):
    """Where a storage lies."""

    offset: int
    """In bytes, from the start of the file or of the inflated part."""
    nbytes: int
    deflated: Deflated | None = None


class PickledTensor(NamedTuple):
    """A view of a storage, as the pickle describes it."""

    storage: Storage | None
    offset: int
    """In elements, from the start of the storage."""
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: str
    """By torch's name."""
    problem: str | None = None


def read_storage(reference: PersistentId) -> Storage | None:
    """Returns the storage that a persistent id names; None for a class of a module.

    Raises PickleError for any other id.
    """
    value = reference.value
    if type(value) is tuple and value[:1] == ("module",):
        return None  # The old format refers so to the classes of pickled modules.
    if type(value) is not tuple or len(value) < 5 or value[0] != "storage":
        raise PickleError("a persistent id that is no storage")
    _, kind, key, _, numel = value[:5]
    if type(kind) is not Global or kind.module not in _STORAGE_MODULES:
        raise PickleError("a storage of an unknown type")
    if kind.name not in _STORAGE_DTYPES:
        raise PickleError(f"a storage of the unknown type `{kind.qualified}`")
    if type(key) is not str or type(numel) is not int or not 0 <= numel < _MAX_SIZE:
        raise PickleError("a storage with a malformed key or size")
    if len(value) > 5 and value[5] is not None:
        raise PickleError("a storage that is a view of another one, as torch 0.1 wrote it")
    return Storage(key, _STORAGE_DTYPES[kind.name], numel)


def find_tensor(value: Any) -> PickledTensor | None:
    """Returns the tensor that a pickled value is; None where it is none.

    A tensor of a kind that is not plain data has a `problem`. Raises PickleError where the
    description itself is malformed.
    """
    if type(value) is not Call or type(value.function) is not Global:
        return None
    name, args = value.function.qualified, value.args
    if not name.startswith(("torch._utils._rebuild_", "torch._tensor._rebuild_")):
        return None
    if type(args) is not tuple or value.kwargs or value.items is not None:
        raise PickleError(f"a malformed call of `{name}`")
    if value.state is not None:
        return _refused("a tensor with a state of its own")
    if name == "torch._tensor._rebuild_from_type_v2":
        return _from_type(args)
    if name in _PARAMETER_REBUILDS:
        return _get_tensor(args[0] if args else None)
    if name in _REBUILDS:
        return _rebuild(name, args)
    return _refused(f"what `{name}` makes, which is not plain data")


def locate_tensor(
    tensor: PickledTensor, file: Location, find_place: Callable[[Storage], StoragePlace]
) -> StoredTensor:
    """Returns where a tensor lies, given the place of its storage in `file`.

    Raises PickleError where the tensor does not fit into its storage.
    """
    tag = DTYPES[tensor.dtype].safetensors or tensor.dtype
    if tensor.storage is None or tensor.problem is not None:
        return StoredTensor(file, 0, tag, tensor.shape, None, tensor.problem or "not stored")
    place = find_place(tensor.storage)
    size = item_size(tensor.dtype)
    count = math.prod(tensor.shape)
    # A tensor without elements may have any offset.
    reach = tensor.offset + 1 if count else 0
    if count:
        reach += sum((n - 1) * s for n, s in zip(tensor.shape, tensor.strides, strict=True))
    if reach * size > min(place.nbytes, tensor.storage.nbytes):
        raise PickleError(f"a tensor of shape {list(tensor.shape)} reaches outside its storage")
    strides = None if is_contiguous(tensor.shape, tensor.strides) else tensor.strides
    offset = place.offset + tensor.offset * size if count else place.offset
    return StoredTensor(file, offset, tag, tensor.shape, strides, None, place.deflated)


def list_ignored_globals(found: Iterable[Global]) -> tuple[str, ...]:
    """Returns the names that are no part of a plain state dict, sorted."""
    names = {item.qualified for item in found} - _EXPECTED_GLOBALS
    return tuple(sorted(name if name.isprintable() else ascii(name) for name in names))


def _refused(problem: str) -> PickledTensor:
    return PickledTensor(None, 0, (), (), "float32", problem)


def _get_tensor(value: Any) -> PickledTensor:
    tensor = find_tensor(value)
    if tensor is None:
        raise PickleError("a parameter that is no tensor")
    return tensor


def _from_type(args: tuple[Any, ...]) -> PickledTensor:
    """`_rebuild_from_type_v2(function, type, args, state)`: a tensor with attributes."""
    if len(args) != 4 or type(args[1]) is not Global:
        raise PickleError("a malformed call of `_rebuild_from_type_v2`")
    function, kind, inner, _ = args
    if kind.qualified not in _PLAIN_TENSORS:
        return _refused(f"a `{kind.qualified}`, which is not plain data")
    return _get_tensor(Call(function, inner))


def _rebuild(name: str, args: tuple[Any, ...]) -> PickledTensor:
    """`(storage, offset, size, strides[, requires_grad, hooks][, dtype][, metadata])`."""
    has_dtype = name.endswith("_v3")
    if len(args) < (7 if has_dtype else 4) or type(args[0]) is not PersistentId:
        raise PickleError(f"a malformed call of `{name}`")
    storage = read_storage(args[0])
    if storage is None:
        raise PickleError("a tensor whose storage is a class")
    offset, shape, strides = args[1], _sizes(args[2]), _sizes(args[3])
    if type(offset) is not int or not 0 <= offset < _MAX_SIZE or len(shape) != len(strides):
        raise PickleError("a tensor with a malformed offset, size or stride")
    dtype, problem = storage.dtype, None
    if has_dtype:
        dtype, problem = _dtype(args[6])
    metadata = args[7:] if has_dtype else args[6:]
    if metadata and metadata[0]:
        # {"conj": True} or {"neg": True}: the stored values are not the tensor's.
        problem = "a conjugate or negative view, whose values are not the stored ones"
    return PickledTensor(storage, offset, shape, strides, dtype, problem)


def _dtype(value: Any) -> tuple[str, str | None]:
    if type(value) is not Global or value.module != "torch":
        raise PickleError("a tensor with a malformed dtype")
    if value.name not in DTYPES:
        return "uint8", f"of dtype `{value.name}`, which PyCandle does not know"
    return value.name, None


def _sizes(value: Any) -> tuple[int, ...]:
    items: Any = value
    if type(value) is Call and type(value.function) is Global and type(value.args) is tuple:
        items = value.args[0] if value.function.qualified == "torch.Size" and value.args else None
    if type(items) not in (tuple, list):
        raise PickleError("a tensor with a malformed size or stride")
    if not all(type(item) is int and 0 <= item < _MAX_SIZE for item in items):
        raise PickleError("a tensor with a malformed size or stride")
    return tuple(items)
