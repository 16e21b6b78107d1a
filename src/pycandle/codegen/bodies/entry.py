"""The public face of the root struct: what its methods take and return."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from pycandle.codegen.bodies.sizes import name_symbols
from pycandle.codegen.config.settings import described
from pycandle.codegen.structure.lists import ListValue
from pycandle.dtypes import DTYPES
from pycandle.ir.configured import is_configured
from pycandle.ir.graph import Condition, Graph, Value
from pycandle.ir.sizes import Operation, Size, Symbol, evaluate, symbols_of
from pycandle.ir.types import TensorType
from pycandle.rust import tree as t
from pycandle.rust.comparison import compared
from pycandle.rust.names import Names, camel, snake


@dataclass(frozen=True)
class Face:
    """The outputs of one entry as a caller sees them."""

    struct: t.Struct | None
    """What it returns, where PyTorch returns several values by name."""
    accessors: tuple[str, ...]
    """What Rust appends to the returned value to get each output."""


def find_faces(
    graphs: Sequence[Graph], outputs: Sequence[Sequence[Value]], root: str, taken: set[str]
) -> tuple[Face, ...]:
    """Returns the face of each entry; `taken` has the names of the types that the file declares.

    `outputs`: what the method of each entry returns, lists as one.
    """
    names = Names(set(taken))
    known: dict[tuple[str, ...], Face] = {}
    return tuple(
        _find_face(graph, _lists_by_path(found), root, names, known)
        for graph, found in zip(graphs, outputs, strict=True)
    )


def _lists_by_path(outputs: Sequence[Value]) -> dict[str, tuple[ListValue, int]]:
    """Returns the list that an output is an item of, and its place there, by its path."""
    return {
        f"{value.name}.{index}": (value, index)
        for value in outputs
        if isinstance(value, ListValue)
        for index in range(len(value.items))
    }


def _find_face(
    graph: Graph,
    lists: Mapping[str, tuple[ListValue, int]],
    root: str,
    names: Names,
    known: dict[tuple[str, ...], Face],
) -> Face:
    """Returns one tensor, a tuple, or a struct with PyTorch's field names."""
    outputs = [output for output in graph.outputs if output.value is not None]
    if len(outputs) == 1:
        return Face(None, ("",))
    if all(output.path.replace(".", "").replace("output", "").isdigit() for output in outputs):
        return Face(None, tuple(f".{i}" for i in range(len(outputs))))
    own = graph.output_class.rpartition(".")[2] if graph.output_class else ""
    # Entries that return the same fields of one class share its struct.
    key = (own, *(output.path for output in outputs), *lists)
    if own and key in known:
        return known[key]
    fields, accessors = _fields([output.path for output in outputs], lists)
    entry = "" if graph.name == "forward" else camel(graph.name)
    name = camel(own)
    if not own or name in names.taken:
        name = f"{root}{entry}Output"
    struct = t.Struct(
        names.fresh(name),
        fields,
        doc=(f"What [`{root}::{snake(graph.name)}`] returns.",),
        public=True,
        public_fields=True,
    )
    known[key] = Face(struct, accessors)
    return known[key]


def _fields(
    paths: Sequence[str], lists: Mapping[str, tuple[ListValue, int]]
) -> tuple[tuple[t.StructField, ...], tuple[str, ...]]:
    """Returns the fields of what an entry returns, and what Rust appends to get each output."""
    taken = Names()
    fields: dict[object, t.StructField] = {}
    accessors: list[str] = []
    for path in paths:
        held, index = lists.get(path, (path, None))
        if held not in fields:
            wanted = held.name if isinstance(held, ListValue) else path.replace(".", "_")
            kind = "Vec<Tensor>" if isinstance(held, ListValue) else "Tensor"
            fields[held] = t.StructField(taken.fresh(snake(wanted)), kind)
        accessors.append(f".{fields[held].name}" + ("" if index is None else f"[{index}]"))
    return tuple(fields.values()), tuple(accessors)


def public_method(
    method: t.Function, graph: Graph, outputs: Sequence[Value], face: Face
) -> t.Function:
    """Returns a method with its documentation, and its results in the public struct."""
    symbols = name_symbols(graph.inputs)
    doc = _doc(method, graph, _lists_by_path(outputs), symbols)
    if face.struct is None or not isinstance(method.tail, t.Tuple):
        return replace(method, public=True, doc=doc)
    fields = tuple(field.name for field in face.struct.fields)
    literal = t.StructLiteral(face.struct.name, tuple(zip(fields, method.tail.items, strict=True)))
    return replace(method, public=True, doc=doc, result=face.struct.name, tail=literal)


def input_guards(
    params: Sequence[t.Param], graph: Graph, symbols: dict[Size, str]
) -> Iterator[t.Guard]:
    """Yields the checks of sizes that the model fixes.

    Without them a `reshape` that has one size to choose could mix rows of an input of another size.
    """
    for param, value in zip(params, graph.inputs, strict=True):
        assert isinstance(value.type, TensorType)
        xs = t.Local(param.name, borrowed=True)
        wrong = [
            t.Binary("!=", t.method(xs, "dim", t.Path(str(dim))), t.usize(size))
            for dim, size in enumerate(value.type.shape)
            if isinstance(size, int)
        ]
        if wrong:
            condition = reduce(lambda left, right: t.Binary("||", left, right), wrong)
            sizes = ", ".join(_size(size, symbols) for size in value.type.shape)
            yield t.Guard(condition, f"`{param.name}` must be ({sizes})")
    for item in graph.conditions:
        if (item.left, item.relation) == (0, "<="):
            continue  # No size is less.
        if not any(_rules_out(other, item) for other in graph.conditions):
            yield _condition(item, _dims(params, graph), symbols)


def _rules_out(other: Condition, item: Condition) -> bool:
    """Whether a condition is that a symbol is not some number, and another one says so as well."""
    symbol, number = item.left, item.right
    if (
        other is item
        or item.relation != "!="
        or not isinstance(symbol, Symbol)
        or not isinstance(number, int)
        or other.except_one is not None
        or {*symbols_of(other.left), *symbols_of(other.right)} != {symbol.name}
    ):
        return False
    try:
        left, right = (evaluate(side, {symbol.name: number}) for side in (other.left, other.right))
    except ArithmeticError:
        return False
    # What settings decide is another number for others of them.
    fixed = not any(map(_is_of_settings, (number, other.left, other.right)))
    return fixed and not _RELATIONS[other.relation](left, right)


def _is_of_settings(size: Size) -> bool:
    match size:
        case Operation(_, left, right):
            return _is_of_settings(left) or _is_of_settings(right)
        case _:
            return is_configured(size)


_RELATIONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
}


def size_names(
    params: Sequence[t.Param], graph: Graph, symbols: dict[Size, str]
) -> dict[tuple[str, int], str]:
    """Returns names for the dims that are symbols, by parameter and dim, without those taken."""
    taken = {param.name for param in params}
    return {
        (param.name, dim): symbols[size]
        for param, value in zip(params, graph.inputs, strict=True)
        if isinstance(value.type, TensorType)
        for dim, size in enumerate(value.type.shape)
        if size in symbols and symbols[size] not in taken
    }


def _dims(params: Sequence[t.Param], graph: Graph) -> dict[Size, t.Expr]:
    """Returns Rust that reads each symbol from the first input whose dim it is."""
    found: dict[Size, t.Expr] = {}
    for param, value in zip(params, graph.inputs, strict=True):
        assert isinstance(value.type, TensorType)
        xs = t.Local(param.name, borrowed=True)
        for dim, size in enumerate(value.type.shape):
            if isinstance(size, Symbol):
                found.setdefault(size, t.method(xs, "dim", t.Path(str(dim))))
    return found


_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">="}


def _condition(item: Condition, dims: dict[Size, t.Expr], symbols: dict[Size, str]) -> t.Guard:
    """Returns the check of sizes for which the model computes what was recorded."""

    def expr(size: Size) -> t.Expr:
        match size:
            case int():
                return t.usize(size)
            case Operation(("max" | "min") as op, left, right):
                return t.Method(expr(left), op, (expr(right),))
            case Operation(op, left, right):
                return t.Binary("/" if op == "//" else op, expr(left), expr(right))
            case _:
                return dims[size]

    left, relation, right = item.left, item.relation, item.right
    if isinstance(left, int) and not _is_of_settings(left):
        left, relation, right = right, _MIRRORED[relation], left
    # What no size is less than is equal, as clippy has it.
    opposite = "==" if (relation, right) == (">", 0) else _OPPOSITES[relation]
    wrong = compared(opposite, expr(left), expr(right))
    said = f"{_size(left, symbols)} {relation} {_size(right, symbols)}"
    if item.except_one is not None:
        wrong = t.Binary("&&", t.Binary("!=", dims[item.except_one], t.usize(1)), wrong)
        said = f"{said}, or {symbols[item.except_one]} == 1"
    return t.Guard(wrong, f"the sizes must satisfy {said}")


def _doc(
    method: t.Function,
    graph: Graph,
    lists: Mapping[str, tuple[ListValue, int]],
    symbols: dict[Size, str],
) -> tuple[str, ...]:
    takes = [
        f"- `{param.name}`: {_describe(value, symbols)}"
        for param, value in zip(method.params, graph.inputs, strict=True)
    ]
    gives: dict[str, None] = {}
    for output in graph.outputs:
        if output.path in lists:
            held, _ = lists[output.path]
            shapes = list(dict.fromkeys(_describe(item, symbols) for item in held.items))
            gives[f"- returns `{held.name}`: {len(held.items)} of {', '.join(shapes)}"] = None
        elif output.value is not None:
            gives[f"- returns `{output.path}`: {_describe(output.value, symbols)}"] = None
    return (*takes, *gives)


def _describe(value: Value | None, symbols: dict[Size, str]) -> str:
    assert value is not None
    kind = value.type
    assert isinstance(kind, TensorType)
    sizes = ", ".join(_size(size, symbols) for size in kind.shape)
    return f"({sizes})" if kind.follows_model else f"`{DTYPES[kind.dtype].candle}` ({sizes})"


def _size(size: Size, symbols: dict[Size, str]) -> str:
    if is_configured(size):
        return described(size.formula)
    if isinstance(size, int):
        return str(size)
    if size in symbols:
        return symbols[size]
    match size:
        case Operation(("max" | "min") as op, left, right):
            return f"{op}({_size(left, symbols)}, {_size(right, symbols)})"
        case Operation(op, left, right):
            inner = _size(left, symbols)
            first = f"({inner})" if isinstance(left, Operation) and op not in "+-" else inner
            last = _size(right, symbols)
            last = f"({last})" if isinstance(right, Operation) else last
            return f"{first} {op.replace('//', '/')} {last}"
        case _:
            return str(size)
