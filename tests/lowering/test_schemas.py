"""Lowerings say and take what PyTorch's own schemas say."""

import inspect

import pytest
import torch
import transformers.integrations.moe  # noqa: F401  # Defines ops of its own.

import own_ops  # noqa: F401  # Defines the ops that passes make.
from pycandle.lowering import LOWERINGS
from pycandle.lowering.registry import OF_COMPLEX

_WRITTEN = {name: found for name, found in LOWERINGS.items() if found.schema is not None}
_RENAMED = {name: found for name, found in LOWERINGS.items() if found.schema is None}
_KEYWORDS = ("memory_format", "layout", "device")
"""PyTorch gives their defaults as the numbers of an enum."""


def _schema(overload: str):
    namespace, name, kind = overload.split(".")
    return getattr(getattr(getattr(torch.ops, namespace), name), kind)._schema


def _is_default(ours, theirs) -> bool:
    """Whether two defaults are one; PyTorch repeats a number for each dim, and None is no dims."""
    if isinstance(theirs, list):
        return ours == theirs or ours == (theirs[0] if theirs else None)
    return ours == theirs


def _arguments(schema) -> list[tuple[str, str, bool, str]]:
    return [
        (arg.name, str(arg.type), arg.kwarg_only, repr(arg.default_value))
        for arg in schema.arguments
    ]


@pytest.mark.parametrize("overload", OF_COMPLEX)
def test_a_lowering_of_complex_numbers_takes_what_that_of_real_ones_does(overload: str):
    ours, plain = OF_COMPLEX[overload], LOWERINGS[overload]

    assert _arguments(torch._C.parse_schema(ours.schema)) == _arguments(_schema(overload))
    assert set(plain.parameters) == set(ours.parameters)


def _name(argument) -> str:
    return "x" if argument.name == "self" else argument.name


@pytest.mark.parametrize("overload", _WRITTEN)
def test_the_docstring_has_the_schema_of_torch(overload: str):
    written = torch._C.parse_schema(_WRITTEN[overload].schema)
    actual = _schema(overload)

    assert _arguments(written) == _arguments(actual)
    assert [str(value.type) for value in written.returns] == [
        str(value.type) for value in actual.returns
    ]


@pytest.mark.parametrize("overload", _WRITTEN)
def test_parameters_are_those_of_the_schema(overload: str):
    lowering = _WRITTEN[overload]
    known = {_name(argument): argument for argument in _schema(overload).arguments}
    order = [name for name in known if name in lowering.parameters]

    assert set(lowering.parameters) <= set(known)
    assert [name for name in lowering.parameters if not known[name].kwarg_only] == [
        name for name in order if not known[name].kwarg_only
    ]


@pytest.mark.parametrize("overload", _WRITTEN)
def test_defaults_are_those_of_the_schema(overload: str):
    parameters = _WRITTEN[overload].signature.parameters
    known = {_name(argument): argument for argument in _schema(overload).arguments}
    ours = {
        name: parameter.default
        for name, parameter in parameters.items()
        if parameter.default is not inspect.Parameter.empty and name != "out"
    }

    theirs = {name: known[name].default_value for name in ours if name not in _KEYWORDS}

    assert [name for name in ours if not known[name].has_default_value()] == []
    assert [name for name in theirs if not _is_default(ours[name], theirs[name])] == []


@pytest.mark.parametrize("overload", _WRITTEN)
def test_a_parameter_that_is_left_out_has_a_default(overload: str):
    taken = _WRITTEN[overload].parameters
    left_out = [item for item in _schema(overload).arguments if _name(item) not in taken]

    assert [item.name for item in left_out if not item.has_default_value()] == []


@pytest.mark.parametrize("overload", _RENAMED)
def test_a_method_or_kernel_takes_the_tensors_and_numbers_of_the_schema(overload: str):
    required = [arg for arg in _schema(overload).arguments if not arg.has_default_value()]

    assert tuple(map(_name, required)) == _RENAMED[overload].parameters
    assert {str(arg.type) for arg in required} <= {"Tensor", "number"}
