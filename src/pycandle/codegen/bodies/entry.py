"""The public face of the root struct: what its methods take and return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pycandle.codegen.bodies.entry_checks import size_text
from pycandle.codegen.bodies.sizes import name_symbols
from pycandle.codegen.structure.lists import ListValue
from pycandle.dtypes import DTYPES
from pycandle.ir.graph import Graph, Value
from pycandle.ir.sizes import Size
from pycandle.ir.types import TensorType
from pycandle.rust import tree as t
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
    sizes = ", ".join(size_text(size, symbols) for size in kind.shape)
    return f"({sizes})" if kind.follows_model else f"`{DTYPES[kind.dtype].candle}` ({sizes})"
