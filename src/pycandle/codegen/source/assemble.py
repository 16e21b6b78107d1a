"""Puts the types of a program together to the items of its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as replace_field
from typing import Any

from pycandle.codegen.bodies.entry import Face, find_faces, public_method
from pycandle.codegen.bodies.struct_owner import VB_CLONE
from pycandle.codegen.config.definition import define_config, python_names
from pycandle.codegen.config.from_json import KERNEL, from_json
from pycandle.codegen.config.held import CFG
from pycandle.codegen.config.layer_kinds import KindsField, define_kinds, kinds_guards, used_kinds
from pycandle.codegen.config.list_fields import find_list_fields, read_items
from pycandle.codegen.config.settings import GUARD, setting_guards
from pycandle.codegen.program import Program
from pycandle.codegen.source.counted_loops import roll_item
from pycandle.codegen.source.layer_settings import name_layer_settings
from pycandle.codegen.source.literals import unknown_literals
from pycandle.codegen.source.modules import Part
from pycandle.codegen.source.naming import name_types
from pycandle.codegen.source.point_convolutions import name_point_convolutions
from pycandle.codegen.source.repeated_numbers import name_repeated_numbers
from pycandle.codegen.structure.regions import Region, walk
from pycandle.codegen.unification.types import Table, Type
from pycandle.lowering.layers import RUNTIME_LAYERS, without_defaults
from pycandle.lowering.operand import candle_dtype
from pycandle.manifest.schema import Manifest
from pycandle.rust import tree as t
from pycandle.rust.rewrite import as_fields, count_local, replace
from pycandle.version import VERSION


@dataclass(frozen=True)
class Assembled:
    """The items of a model, in order, and what is known of them."""

    parts: tuple[Part, ...]
    doc: tuple[str, ...]
    """What stands at the head of the file."""
    root: str
    faces: tuple[Face, ...]
    """One for each entry."""
    calls: tuple[dict[str, tuple[str, str]], ...]
    """For each entry, struct and method of each module call that has them, by `module@index`."""
    kernels: frozenset[str]
    literals: tuple[str, ...]
    """Hyper-parameters that the file holds as numbers, `LlamaAttention: in_features = 4096`."""
    names: Mapping[str, str]
    """The Rust name that each type's token stands for."""
    kinds: tuple[KindsField, ...]
    """The settings that say of what kind layers are."""
    tables: Mapping[str, tuple[Table, ...]]
    """What `new` of each struct computes."""


def assemble(program: Program, manifest: Manifest) -> Assembled:
    """Returns the items of a program."""
    root = program.instances[program.roots[0]].type
    types = _in_order(program.types)
    calls_of: dict[Type, list[Region]] = {}
    for region, instance in program.instances.items():
        calls_of.setdefault(instance.type, []).append(region)
    kinds = used_kinds(program.config, program.kinded)
    names = name_types(types, root, calls_of, {field.type for field in kinds})
    outputs = [call.outputs for call in program.roots]
    faces = find_faces(program.graphs, outputs, names[root.token], set(names.values()))
    guards = (*setting_guards(program.config), *kinds_guards(kinds, program.config))
    lists = find_list_fields(program.config)
    reader = from_json(program.config, lists, kinds, manifest)
    parts = [Part(define_config(program.config, lists, kinds, names[root.token], reader))]
    parts += [Part(define_kinds(field, names[root.token])) for field in kinds]
    parts += [Part(struct) for struct in dict.fromkeys(f.struct for f in faces) if struct]
    parts += [part for item in types if item is not root for part in _parts(item)]
    made = _root(root, program, faces, manifest, guards)
    parts.append(Part(made, imports=root.definition.imports))
    items = _finish(tuple(part.item for part in parts), names)
    items = name_repeated_numbers(items, python_names(program.config))
    items = [name_layer_settings(read_items(item, lists, CFG)) for item in items]
    parts = [replace_field(part, item=item) for part, item in zip(parts, items, strict=True)]
    parts = name_point_convolutions(parts)
    layers = {name for item in types for name in item.definition.imports}
    kernels = frozenset(kernel for item in types for kernel in item.definition.runtime)
    kernels |= {KERNEL} if reader is not None else set[str]()
    kernels |= {GUARD} if guards else set[str]()
    kernels |= {RUNTIME_LAYERS[name] for name in layers if name in RUNTIME_LAYERS}
    has_struct = any(face.struct is not None for face in faces)
    calls = tuple(
        {
            f"{region.path}@{region.index}": (names[instance.type.token], instance.function)
            for region in walk(call)
            if region.kind == "module"
            and (instance := program.instances[region]).type.needs_vb
            and not (has_struct and instance.type is root)
        }
        for call in program.roots
    )
    literals = unknown_literals(types, names, program.graphs)
    found = names[root.token], faces, calls, kernels, literals, names
    tables = {names[item.token]: item.definition.tables for item in types}
    made_tables = {name: own for name, own in tables.items() if own}
    return Assembled(tuple(parts), _doc(manifest), *found, tuple(kinds), made_tables)


def _parts(item: Type) -> list[Part]:
    """Returns the items that a type is in the file."""
    imports = item.definition.imports
    match item.kind:
        case "function":
            return [Part(_function(item), item.cls, imports)]
        case "row":
            (made,) = item.definition.functions
            return [Part(replace_field(made, name=item.token), item.cls, imports)]
        case "enum":
            return [Part(_enum(item), item.cls, imports)]
        case _:
            numbers_of = [Part(_numbers_struct(item), item.cls)] if item.takes_struct else []
            return [*numbers_of, Part(_struct(item), item.cls, imports)]


def _in_order(types: Iterable[Type]) -> list[Type]:
    """Returns functions first, as they are short, then structs from leaf to root."""
    found = list(types)
    return [item for item in found if item.kind == "function"] + [
        item for item in found if item.kind != "function"
    ]


def _finish(items: Any, names: Mapping[str, str]) -> list[t.Item]:
    """Puts names in the place of tokens, drops what is at its default, rolls up what repeats."""
    token = re.compile(r"__T\d+__(?:::__V\d+__)?")

    def named(text: str) -> str:
        return token.sub(lambda match: names[match[0]], text)

    def substitute(node: Any) -> Any:
        match node:
            case t.StructLiteral(name) if "__T" in name:
                return replace(t.StructLiteral(named(name), node.fields, node.rest), substitute)
            case t.StructLiteral():
                short = without_defaults(node)
                return short if short is not node else None
            case t.Let(pattern, value, mutable) if "__T" in pattern:
                return t.Let(named(pattern), value, mutable)
            case t.Param(name, type_) if "__T" in type_:
                return t.Param(name, named(type_))
            case t.Call(function, args) if "__T" in function:
                return t.Call(named(function), replace(args, substitute))
            case t.Path(text) if "__T" in text:
                return t.Path(named(text))
            case t.Match(subject, arms) if any("__T" in pattern for pattern, _ in arms):
                found = tuple((named(p), replace(body, substitute)) for p, body in arms)
                return t.Match(replace(subject, substitute), found)
            case _:
                return None

    return [roll_item(_named_item(item, named)) for item in replace(items, substitute)]


def _named_item(item: t.Item, named: Callable[[str], str]) -> t.Item:
    """Returns an item with names in the place of the tokens of its own name and its types."""
    match item:
        case t.Enum():
            # A variant's name is known with that of the enum.
            variants = tuple(
                (named(f"{item.name}::{name}").rpartition("::")[2], named(type_) if type_ else "")
                for name, type_ in item.variants
            )
            return replace_field(item, name=named(item.name), variants=variants)
        case t.Struct():
            fields = tuple(t.StructField(f.name, named(f.type), f.doc) for f in item.fields)
            doc = tuple(named(line) for line in item.doc)
            return replace_field(item, name=named(item.name), fields=fields, doc=doc)
        case t.Function():
            return replace_field(item, name=named(item.name), result=named(item.result))


def _doc(manifest: Manifest) -> tuple[str, ...]:
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest.versions.items()))
    return (
        f"`{manifest.model}`, ported by pycandle {VERSION}.",
        "",
        f"Recorded as `{manifest.name}` with {versions}.",
    )


def _enum(item: Type) -> t.Enum:
    """Returns the `enum` of the layers of a row."""
    (around,) = item.attributes
    variants = tuple((name, type_) for name, type_, _ in item.definition.fields)
    return t.Enum(item.token, variants, doc=(f"A {item.cls} of `{around}`.",))


def _function(item: Type) -> t.Function:
    (function,) = item.definition.functions
    params = (*function.params, *(t.Param(name, type_) for name, type_ in item.parameters))
    return t.Function(item.token, params, function.result, function.body, function.tail)


def _root(
    root: Type,
    program: Program,
    faces: tuple[Face, ...],
    manifest: Manifest,
    guards: tuple[t.Statement, ...],
) -> t.Struct:
    """Returns the public struct. `guards`: what `new` asks of the `Config`."""
    made = _struct(root, is_root=True)
    new, *methods = made.methods
    if not all(entry.dtype_generic for entry in manifest.entries):
        params = tuple(replace_field(p, name="vb") if p.name == "_vb" else p for p in new.params)
        new = replace_field(new, params=params, body=(_dtype_guard(manifest.dtype), *new.body))
    if guards:
        params = tuple(replace_field(p, name="cfg") if p.name == "_cfg" else p for p in new.params)
        new = replace_field(new, params=params, body=(*guards, *new.body))
    public = (
        public_method(methods[program.instances[call].method], graph, call.outputs, face)
        for call, graph, face in zip(program.roots, program.graphs, faces, strict=True)
    )
    return replace_field(made, methods=(new, *public))


def _dtype_guard(dtype: str) -> t.Guard:
    """Refuses weights of another dtype than the recorded one."""
    own = candle_dtype(dtype)
    condition = t.Binary("!=", t.plain(t.Local("vb"), "dtype"), t.path(own))
    message = f"this model was recorded in {own}, and computes something else in other dtypes"
    return t.Guard(condition, message)


def _struct(item: Type, *, is_root: bool = False) -> t.Struct:
    definition = item.definition
    held = [(name, type_) for name, type_ in item.parameters if name in item.held]
    made = definition.fields
    if count_local((made, definition.setup), "vb") == 1:
        made = replace(made, lambda node: node.receiver if node == VB_CLONE else None)
    fields = [t.StructField(name, type_) for name, type_, _ in made]
    fields += [t.StructField(name, type_) for name, type_ in held]
    values = [(name, value) for name, _, value in made]
    values += [(name, t.Local(name, copy=True)) for name, _ in held]
    params: list[t.Param] = []
    if item.needs_config or is_root:
        params.append(t.Param("cfg" if item.needs_config else "_cfg", "&Config"))
    setup = definition.setup
    if item.takes_struct:
        names = frozenset(name for name, _ in item.parameters)
        params.append(t.Param("config", f"{item.token}Config"))
        setup, values = as_fields((setup, tuple(values)), names, t.Local("config"))
    else:
        params += [t.Param(name, type_) for name, type_ in item.parameters]
    params += [t.Param(name, "&Tensor") for name in definition.passed]
    if item.needs_vb or is_root:
        params.append(t.Param("vb" if item.needs_vb else "_vb", "VarBuilder"))
    new = t.Function(
        "new",
        tuple(params),
        "Self",
        setup,
        t.StructLiteral("Self", tuple(values)),
        public=is_root,
    )
    return t.Struct(
        item.token,
        tuple(fields),
        (new, *definition.functions),
        doc=(f"`{item.cls}`",),
        public=is_root,
    )


def _numbers_struct(item: Type) -> t.Struct:
    """Returns the struct of the numbers that `new` of a type takes."""
    return t.Struct(
        f"{item.token}Config",
        tuple(t.StructField(name, type_) for name, type_ in item.parameters),
        doc=(f"What instances of [`{item.token}`] differ in.",),
    )
