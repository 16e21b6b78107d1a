"""Input files: checked against the manifest before anything runs, and converted for both sides."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.manifest.schema import Entry, Input
from pycandle.manifest.sizes import SizeError, evaluate
from pycandle.verify.input_sets import match_symbols
from pycandle.verify.tensor_file import NUMPY, Array, open_tensors, stored_for_candle, write_arrays


def read_inputs(entry: Entry, path: Path, *, prefix: str = "") -> dict[str, Array]:
    """Returns the inputs of a file by path, as numbers of the kind that the entry takes.

    Unknown, missing and mis-shaped inputs are refused all at once. With `prefix`, the inputs are
    those of its names that start so.
    """
    file = open_tensors(path)
    names = {name.removeprefix(prefix): name for name in file if name.startswith(prefix)}
    known = {item.path: item for item in entry.inputs}
    problems = [
        _problem(path, name, f"`{entry.name}` has no input `{name}`", _names(known))
        for name in names
        if name not in known
    ]
    problems += [
        _problem(path, name, f"the input `{name}` is missing", _wanted(item))
        for name, item in known.items()
        if name not in names
    ]
    present = {name: item for name, item in known.items() if name in names}
    symbols = match_symbols(
        entry,
        {
            name: file.shape(names[name])
            for name, item in present.items()
            if len(file.shape(names[name])) == len(item.value.shape)
        },
    )
    for name, item in present.items():
        shape = file.shape(names[name])
        problems += [
            _problem(path, name, title, _wanted(item))
            for title in _shape_problems(item, shape, symbols)
        ]
    problems += _range_problems(entry, symbols, path)
    values: dict[str, Array] = {}
    for name, item in present.items():
        if (title := _dtype_problem(item, file.dtype(names[name]))) is not None:
            problems.append(_problem(path, name, title, _wanted(item)))
            continue
        values[name], title = _convert(item, file[names[name]])
        if title is not None:
            problems.append(_problem(path, name, title, _wanted(item)))
    if problems:
        raise PyCandleError(problems)
    return values


def write_for_torch(path: Path, entry: Entry, values: Mapping[str, Array], *, model: str) -> None:
    """Writes an input set for the replay of a model of dtype `model`.

    A model of another dtype than float32 is replayed with all its floats in float32.
    """
    dtypes = {item.path: _torch_dtype(item.value.dtype, model) for item in entry.inputs}
    write_arrays(path, values, dtypes)


def write_for_rust(
    path: Path, entry: Entry, values: Mapping[str, Array], *, model: str, dtype: str
) -> None:
    """Writes an input set for the harness, in dtypes that Candle has.

    Inputs of the model's own dtype, `model`, become `dtype`.
    """
    dtypes: dict[str, str] = {}
    for item in entry.inputs:
        own = item.value.dtype
        dtypes[item.path] = dtype if own == model else stored_for_candle(own)
    write_arrays(path, values, dtypes)


def _torch_dtype(own: str, model: str) -> str:
    return "float32" if DTYPES[own].is_float and model != "float32" else own


def _shape_problems(
    item: Input, shape: tuple[int, ...], symbols: Mapping[str, int]
) -> Iterator[str]:
    if len(shape) != len(item.value.shape):
        yield f"`{item.path}` has shape {list(shape)}"
        return
    for dim, (size, extent) in enumerate(zip(item.value.shape, shape, strict=True)):
        try:
            expected = evaluate(size, symbols)
        except SizeError:
            continue  # A symbol of an input that is itself missing or of another rank.
        if expected != extent:
            yield f"`{item.path}` has size {extent} at dim {dim}, expected {expected}"


def _range_problems(entry: Entry, symbols: Mapping[str, int], path: Path) -> Iterator[Diagnostic]:
    for symbol in entry.symbols:
        value = symbols.get(symbol.name)
        # A lower bound of 2 is how torch.export sees every size; the code is right at 1 too.
        lower = 1 if symbol.lower == 2 else symbol.lower
        if value is None or (lower <= value and (symbol.upper is None or value <= symbol.upper)):
            continue
        upper = "" if symbol.upper is None else f" and at most {symbol.upper}"
        title = f"the size {symbol.name} is {value}; the model takes at least {lower}{upper}"
        yield Diagnostic("input-size", title, Place(str(path)))


def _dtype_problem(item: Input, stored: str) -> str | None:
    if stored not in NUMPY:
        return f"`{item.path}` is {stored}, which cannot be read"
    if DTYPES[stored].is_float != DTYPES[item.value.dtype].is_float:
        return f"`{item.path}` is {stored}, expected {item.value.dtype}"
    return None


def _convert(item: Input, values: Array) -> tuple[Array, str | None]:
    """Returns the values as the input's dtype, and what is wrong with them."""
    dtype = item.value.dtype
    if DTYPES[dtype].is_float:
        return values, None
    if dtype == "bool":
        fits = bool(((values == 0) | (values == 1)).all())
        return values.astype(np.bool_), None if fits else f"`{item.path}` is bool: 0 or 1"
    limits = np.iinfo(dtype)
    fits = not values.size or limits.min <= int(values.min()) <= int(values.max()) <= limits.max
    return values.astype(dtype), None if fits else f"`{item.path}` has values that {dtype} lacks"


def _problem(path: Path, name: str, title: str, label: str) -> Diagnostic:
    return Diagnostic("inputs", title, Place(str(path), detail=f"tensor `{name}`"), label)


def _wanted(item: Input) -> str:
    shape = ", ".join(str(size) for size in item.value.shape)
    return f"expected {item.value.dtype}[{shape}]"


def _names(known: Mapping[str, Input]) -> str:
    return "the inputs are " + ", ".join(f"`{name}`" for name in known)
