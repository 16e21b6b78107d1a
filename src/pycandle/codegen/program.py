"""Turns the regions of a graph into the types of a file, from the innermost out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from pycandle.codegen.body import BodyPrinter
from pycandle.codegen.function_owner import FunctionOwner, function_inputs
from pycandle.codegen.interface import Body
from pycandle.codegen.layout import Layouts, find_layouts
from pycandle.codegen.loops import Loop, find_loops
from pycandle.codegen.optional import find_optional
from pycandle.codegen.plan import origin_of
from pycandle.codegen.prune import prune
from pycandle.codegen.regions import Item, Region, build_tree, connect, name_results, walk
from pycandle.codegen.rewrite import mentions, reads_field
from pycandle.codegen.shared_state import find_passes, is_reachable
from pycandle.codegen.sizes import UnknownSize, name_symbols
from pycandle.codegen.struct_owner import StructOwner
from pycandle.codegen.tokens import Tokens
from pycandle.codegen.types import Definition, Instance, Type, signature, unify
from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.ir.graph import Graph, Value
from pycandle.ir.types import TensorType
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake


@dataclass
class Program:
    """The types of one entry, in an order in which each stands after those that it uses."""

    graph: Graph
    root: Region
    types: list[Type] = field(default_factory=list[Type])
    instances: dict[Region, Instance] = field(default_factory=dict[Region, Instance])
    config: dict[str, int] = field(default_factory=dict[str, int])
    inlined: list[str] = field(default_factory=list[str])
    """FQNs of modules whose boundaries could not be kept."""


def build_program(graph: Graph, kinds: dict[str, str]) -> Program:
    """Returns the types of a graph. Raises PyCandleError with everything that has no lowering.

    `kinds`: the kind of each state tensor by name, in the order of the state dict.
    """
    layouts = find_layouts(graph)
    if layouts.problems:
        raise PyCandleError(list({d.render(): d for d in layouts.problems}.values()))
    inlined: list[str] = []
    root = build_tree(graph, inlined)
    connect(root, graph)
    prune(root)
    connect(root, graph)
    name_results(root)
    if find_optional(root):
        connect(root, graph)
    program = _Builder(graph, root, layouts, kinds).run()
    program.inlined = inlined
    return program


class _Builder:
    def __init__(self, graph: Graph, root: Region, layouts: Layouts, kinds: dict[str, str]) -> None:
        self.program = Program(graph, root)
        self.layouts = layouts
        self.kinds = kinds
        self.symbols = name_symbols(graph.inputs)
        self.split = {value for value, _ in layouts.items}
        self.passes = find_passes(root, graph.calls)
        self.tokens = Tokens(self.passes)
        self.definitions: dict[Hashable, Definition] = {}
        self.order = _first_positions(kinds)
        """Where the state of each module begins in the state dict."""

    def run(self) -> Program:
        regions = list(walk(self.program.root))
        self._find_facts(regions)
        heights = max(region.height for region in regions)
        for height in range(heights + 1):
            level = [region for region in regions if region.height == height]
            self._level(level)
        return self.program

    def _find_facts(self, regions: list[Region]) -> None:
        """Takes the worst layout that each argument has in any call of a module or function."""
        worst: dict[tuple[str, str, str, int], Layout] = {}
        for region in regions:
            for i, value in enumerate(region.inputs):
                key = (region.kind, region.file, region.name, i)
                found = self.layouts.of.get(value, Layout.STRIDED)
                worst[key] = max(worst.get(key, Layout.CONTIGUOUS), found)
        for region in regions:
            region.facts = {
                value: worst[region.kind, region.file, region.name, i]
                for i, value in enumerate(region.inputs)
            }

    def _level(self, regions: list[Region]) -> None:
        """Defines all regions of one height, and makes types of them."""
        exact: dict[Region, Hashable] = {}
        ghosts = [region for region in regions if region.ghost_of is not None]
        regions = [region for region in regions if region.ghost_of is None]
        for region in regions:
            exact[region] = self.tokens.token(region, self.program.instances)
            if exact[region] not in self.definitions:
                self.definitions[exact[region]] = self._define(region)
        groups: dict[object, list[Hashable]] = {}
        for token in dict.fromkeys(exact[region] for region in regions):
            groups.setdefault(signature(self.definitions[token]), []).append(token)
        instance_of: dict[Hashable, Instance] = {}
        for tokens in groups.values():
            found = [self.definitions[token] for token in tokens]
            name = f"__T{len(self.program.types)}__"
            made, instances = unify(found, name, self.program.config)
            self.program.types.append(made)
            instance_of.update(zip(tokens, instances, strict=True))
        for region in regions:
            instance = instance_of[exact[region]]
            self.program.instances[region] = instance
            instance.type.attributes.add(region.path.rpartition(".")[2])
            instance.type.paths.append(region.path)
        for ghost in ghosts:
            assert ghost.ghost_of is not None
            self.program.instances[ghost] = self.program.instances[ghost.ghost_of]

    def _define(self, region: Region) -> Definition:
        try:
            if region.kind == "function":
                return self._function(region)
            return self._struct(region)
        except UnknownSize as error:
            place = Place(region.line[0], region.line[1]) if region.line else None
            raise PyCandleError(
                Diagnostic(
                    "unknown-size",
                    f"the size `{error.size}` cannot be read from the arguments of "
                    f"`{region.path or 'the model'}`",
                    place,
                    label=f"in `{region.name}`",
                )
            ) from None

    def _function(self, region: Region) -> Definition:
        inputs = function_inputs(region)
        named = self._name_inputs(region, inputs)
        owner = FunctionOwner(self.program.instances, {v: n for v, n in named if v.state})
        facts = {value: region.facts.get(value, Layout.CONTIGUOUS) for value in inputs}
        printer = BodyPrinter(
            list(region.items),
            named,
            region.outputs,
            owner,
            self.split,
            self.symbols,
            facts,
            may_ask=True,
        )
        body = printer.print()
        params = _params(named, body)
        if mentions((body.statements, body.results), "dtype") and owner.needs_dtype:
            params = (*params, t.Param("dtype", "DType"))
        forward = t.Function(
            snake(region.name.rpartition(".")[2]),
            params,
            _result_type(region.outputs),
            body.statements,
            _tail(body.results),
        )
        return Definition(
            "function",
            f"{region.file}:{region.name}",
            (),
            (),
            (),
            forward,
            body.layouts,
            body.sizes,
            params[-1:] == (t.Param("dtype", "DType"),),
            imports=frozenset(owner.imports),
            runtime=frozenset(owner.kernels),
        )

    def _struct(self, region: Region) -> Definition:
        named = self._name_inputs(region, region.inputs)
        names = Names({"cfg", "config", "vb"})
        passed = _tensor_names(self.passes.taken.get(region, []), names)
        loaded = _tensor_names(self.passes.loaded.get(region, []), names)
        owner = StructOwner(
            region,
            self.program.instances,
            passed,
            loaded,
            lambda child: self.passes.taken.get(child, []),
            self._is_recorded,
            lambda node: self.program.graph.calls[node.call].module,
            reachable=is_reachable(region),
        )
        printer = BodyPrinter(
            self._items(region),
            named,
            region.outputs,
            owner,
            self.split,
            self.symbols,
            region.facts,
            may_ask=region.parent is not None,
        )
        body = printer.print()
        setup = tuple(t.Let(name, owner.load(value)) for value, name in loaded.items())
        params = _params(named, body)
        forward = t.Function(
            "forward",
            params,
            _result_type(region.outputs),
            body.statements,
            _tail(body.results),
            receiver=True,
        )
        return Definition(
            "struct",
            region.name,
            self._in_order(region, owner, body),
            setup,
            tuple(passed.values()),
            forward,
            body.layouts,
            body.sizes,
            needs_config=owner.needs_config,
            imports=frozenset(owner.imports),
            runtime=frozenset(owner.kernels),
        )

    def _in_order(
        self, region: Region, owner: StructOwner, body: Body
    ) -> tuple[tuple[str, str, t.Expr], ...]:
        """Returns the fields as the state dict orders what they hold."""
        # A lowering may ask for the dtype or the device and then do without.
        keys = [
            key
            for key, (name, _, _) in owner.fields.items()
            if key not in ("dtype", "device") or reads_field((body.statements, body.results), name)
        ]
        last = len(self.order)
        # A child that is missing here stands where an instance that has it holds it.
        ghosts = (child.ghost_of for child in region.children() if child.ghost_of is not None)
        model = next((ghost.parent for ghost in ghosts), None)

        def position(key: str | tuple[str, ...]) -> int:
            if not isinstance(key, tuple):
                return last
            kind, path = key[0], key[1]
            if kind == "layer":
                path = ".".join(part for part in (region.path, path) if part)
            relative = region.relative(path)
            if model is not None and relative is not None:
                path = f"{model.path}.{relative}"
            return self.order.get(path, last)

        return tuple(owner.fields[key] for key in sorted(keys, key=position))

    def _items(self, region: Region) -> list[Item | Loop]:
        same = {
            child: (instance.type, len(child.inputs), instance.sizes)
            for child in region.children()
            if (instance := self.program.instances[child]).type.kind == "struct"
        }
        return find_loops(region, same)

    def _is_recorded(self, value: Value) -> bool:
        """Whether no checkpoint has a state tensor, or its dtype is not the model's."""
        assert isinstance(value.type, TensorType)
        kind = self.kinds[value.state or ""]
        return kind in ("non_persistent_buffer", "constant") or not value.type.follows_model

    def _name_inputs(self, region: Region, inputs: list[Value]) -> list[tuple[Value, str]]:
        names = Names({"cfg", "dtype", "vb"})
        found: list[tuple[Value, str]] = []
        for value in inputs:
            if value.state is not None:
                wanted = snake(value.state.rpartition(".")[2])
            else:
                wanted = _parameter(region, value)
            found.append((value, names.fresh(wanted)))
        return found


def _params(named: list[tuple[Value, str]], body: Body) -> tuple[t.Param, ...]:
    tensors = [t.Param(name, "&Tensor") for _, name in named]
    return (*tensors, *(t.Param(name, "usize") for _, name in body.sizes))


def _parameter(region: Region, value: Value) -> str:
    """Returns the name of a parameter; a part of a tuple takes its producer's variable."""
    name = region.parameter.get(value)
    if name is not None and "." not in name:
        return snake(name)
    return origin_of(value) or snake(name or "xs")


def _tensor_names(values: list[Value], names: Names) -> dict[Value, str]:
    """Returns names for state tensors that several modules share: `embed_tokens_weight`."""
    return {value: names.fresh(_tensor_name(value)) for value in values}


def _tensor_name(value: Value) -> str:
    words = [word for word in (value.state or "").split(".") if not word.isdigit()]
    # `weight` and `bias` alone do not say of what.
    return snake("_".join(words[-2:] if words[-1] in ("weight", "bias") else words[-1:]))


def _result_type(outputs: list[Value]) -> str:
    if len(outputs) == 1:
        return "Tensor"
    return f"({', '.join('Tensor' for _ in outputs)})"


def _tail(results: tuple[t.Expr, ...]) -> t.Expr:
    return results[0] if len(results) == 1 else t.tuple_of(results)


def _first_positions(names: Iterable[str]) -> dict[str, int]:
    """Returns the position of each name, and for each prefix that of its first name."""
    found: dict[str, int] = {}
    for position, name in enumerate(names):
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            found.setdefault(".".join(parts[:end]), position)
    return found
