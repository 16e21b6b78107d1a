"""The tables of views and writes against the schemas of torch."""

import re
from typing import Any

import pytest
import torch

from pycandle.ir.graph import Node, Value
from pycandle.ir.overloads import functional_overload
from pycandle.ir.types import TensorType
from pycandle.passes import sharing
from pycandle.passes.writes import hidden_write

NOT_DENSE = re.compile(
    r"aten\.(_?indices|_?values|ccol_indices|col_indices|crow_indices|row_indices|coalesce"
    r"|_sparse\w*|_nested\w*|_test\w*|_fw_primal|_make_dual|_unpack_dual|_ncf\w*|get|keys"
    r"|__getitem__|_unwrap_optional|local_value|to_here|slice_inverse|append|_set_item|Delete|pop"
    r"|popitem|clear|extend|insert|update|setdefault|remove|reverse|manual_seed|seed"
    r"|record_stream|retain_grad|sort\.(any|Tensor)|as_tensor)\b"
)
"""Sparse and nested tensors, TorchScript's lists, derivatives: no exported program has them."""

KNOWN = (
    sharing.VIEWS
    | sharing.MAYBE_VIEWS
    | sharing.CASTS
    | sharing.SPLITS
    | sharing.MAYBE_SPLITS
    | {sharing.UNBIND}
)


def overload_name(schema: Any) -> str:
    return f"aten.{schema.name[6:]}.{schema.overload_name or 'default'}"


def written(schema: Any) -> list[Any]:
    return [a for a in schema.arguments if a.alias_info is not None and a.alias_info.is_write]


SCHEMAS = [
    schema
    for schema in torch._C._jit_get_all_schemas()
    if schema.name.startswith("aten::")
    and not NOT_DENSE.match(overload_name(schema))
    and any("Tensor" in str(a.type) for a in schema.arguments)
    and schema.overload_name not in ("t", "a")
]
VIEWING = {
    overload_name(schema)
    for schema in SCHEMAS
    if not written(schema) and any(r.alias_info is not None for r in schema.returns)
}
WRITING = {overload_name(schema): schema for schema in SCHEMAS if written(schema)}
ALL = {overload_name(schema): schema for schema in SCHEMAS}


def node_of(schema: Any) -> Node:
    """Returns a node with a value for every tensor that an op takes."""

    def value(argument: Any) -> Any:
        if "Tensor" not in str(argument.type):
            return None
        one = Value(argument.name, TensorType("float32", ()))
        return [one] if "List" in str(argument.type) else one

    args = [value(a) for a in schema.arguments if not a.kwarg_only]
    kwargs = {a.name: value(a) for a in schema.arguments if a.kwarg_only}
    return Node(overload_name(schema), args, kwargs, Value("r", TensorType("float32", ())))


def test_every_op_whose_schema_shares_memory_is_known():
    assert not VIEWING - KNOWN


def is_replaced(schema: Any) -> bool:
    first = [argument.name for argument in written(schema)] == [schema.arguments[0].name]
    return first and functional_overload(overload_name(schema)) is not None


def test_every_op_that_writes_is_replaced_or_refused():
    missed = {
        name
        for name, schema in WRITING.items()
        if not is_replaced(schema) and not hidden_write(node_of(schema))
    }

    assert not missed


def test_ops_that_write_nothing_are_kept():
    plain = {name: node_of(schema) for name, schema in ALL.items() if not written(schema)}

    found = {n for n, node in plain.items() if hidden_write(node) or functional_overload(n)}

    # It does write, and its schema does not say so.
    assert found == {"aten._no_grad_embedding_renorm_.default"}


@pytest.mark.parametrize("name", sorted(sharing.RENAMING))
def test_ops_that_only_rename_exist(name: str):
    assert name in WRITING
    assert sharing.RENAMING[name] in VIEWING
