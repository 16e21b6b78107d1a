"""Every in-place overload of torch stands for one that exists and takes the same."""

from typing import Any

import pytest
import torch

from pycandle.ir.overloads import functional_overload


def _schemas() -> dict[str, Any]:
    found = {}
    for full in torch._C._dispatch_get_all_op_names():
        namespace, _, name = full.partition("::")
        base, _, overload = name.partition(".")
        packet = getattr(torch.ops.aten, base, None) if namespace == "aten" else None
        if packet is not None and (overload or "default") in packet.overloads():
            schema = getattr(packet, overload or "default")._schema
            found[f"aten.{base}.{overload or 'default'}"] = schema
    return found


SCHEMAS = _schemas()


def _written(schema: Any) -> list[int]:
    """Returns the positions of the arguments that an op writes to."""
    arguments = enumerate(schema.arguments)
    return [i for i, arg in arguments if arg.alias_info is not None and arg.alias_info.is_write]


IN_PLACE = sorted(
    name
    for name, schema in SCHEMAS.items()
    if _written(schema) == [0] and functional_overload(name) is not None
)


def _operands(schema: Any) -> list[tuple[str, str, bool]]:
    """Names and types; the first operand is called `self` or `input`."""
    rest = [(arg.name, str(arg.type), arg.kwarg_only) for arg in schema.arguments[1:]]
    return [("", str(schema.arguments[0].type), False), *rest]


def test_there_are_hundreds_of_them():
    assert len(IN_PLACE) > 300


@pytest.mark.parametrize("name", IN_PLACE)
def test_the_functional_overload_takes_what_the_one_in_place_takes(name: str):
    functional = functional_overload(name)

    assert functional in SCHEMAS
    assert _operands(SCHEMAS[functional]) == _operands(SCHEMAS[name])


@pytest.mark.parametrize("name", [name for name in IN_PLACE if functional_overload(name) != name])
def test_the_functional_overload_writes_nothing(name: str):
    functional = functional_overload(name)

    assert functional is not None
    assert _written(SCHEMAS[functional]) == []


@pytest.mark.parametrize("name", [name for name in IN_PLACE if functional_overload(name) == name])
def test_an_overload_stands_for_itself_only_where_torch_has_no_other(name: str):
    base = name.split(".")[1].removesuffix("_")

    alike = [
        other
        for other in SCHEMAS
        if other.split(".")[1] == base and _operands(SCHEMAS[other]) == _operands(SCHEMAS[name])
    ]

    assert alike == []
