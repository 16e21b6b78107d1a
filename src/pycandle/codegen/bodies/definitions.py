"""Defines one struct or function: its fields, its constructor and its bodies."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping

from pycandle.codegen.bodies.body import BodyPrinter
from pycandle.codegen.bodies.default_body import fold_defaults
from pycandle.codegen.bodies.entry_checks import input_guards, size_names
from pycandle.codegen.bodies.entry_sizes import read_sizes_first
from pycandle.codegen.bodies.function_owner import FunctionOwner, function_inputs
from pycandle.codegen.bodies.interface import Body
from pycandle.codegen.bodies.mixed_rows import Enums, is_one_row
from pycandle.codegen.bodies.plan import Step, origin_of
from pycandle.codegen.bodies.sizes import UnknownSize, name_locally
from pycandle.codegen.bodies.struct_owner import StructOwner
from pycandle.codegen.config.layer_kinds import KindsField
from pycandle.codegen.structure.generality import Generalized
from pycandle.codegen.structure.groups import Group
from pycandle.codegen.structure.lists import ListValue
from pycandle.codegen.structure.loops import Loop, find_loops, readers_in
from pycandle.codegen.structure.mixed_loops import MixedLoop, find_mixed_loop
from pycandle.codegen.structure.recipes import Recipe
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.structure.shared_state import Passes, is_reachable
from pycandle.codegen.unification.methods import merge_methods, method_names
from pycandle.codegen.unification.types import Definition, Instance, Method, Way
from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.ir.graph import Graph, Node, Value
from pycandle.ir.sizes import Size
from pycandle.ir.types import TensorType
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake
from pycandle.rust.rewrite import mentions, reads_field


class Definer:
    """Defines groups of calls, once those inside them are instances of types."""

    def __init__(
        self,
        instances: dict[Region, Instance],
        group_of: Mapping[Region, Group],
        passes: Passes,
        home: Mapping[Node, str],
        kinds: Mapping[str, str],
        lengths: Mapping[str, int],
        recipes: Mapping[str, Recipe],
        *,
        split: set[Value],
        symbols: Mapping[Region, dict[Size, str]],
        entries: Mapping[Region, str],
        graphs: Mapping[Region, Graph],
        enums: Enums,
        layer_kinds: Mapping[str, KindsField],
    ) -> None:
        """`home`: the FQN of the module that each op belongs to; `kinds`: the kind of each state
        tensor; `lengths`: the number of children of each container; `recipes`: of the state tensors
        that are computed; `split`: results with several
        items, each an expression of its own; `symbols`: the names of symbols in each call;
        `entries`: the method that each call of the root is; `graphs`: its graph; `enums`:
        those of the file; `layer_kinds`: the setting of each container whose layers are of kinds.
        """
        self.instances = instances
        self.group_of = group_of
        self.passes = passes
        self.home = home
        self.kinds = kinds
        self.lengths = lengths
        self.recipes = recipes
        self.split = split
        self.symbols = dict(symbols)
        self.entries = entries
        self.graphs = graphs
        self.enums = enums
        self.layer_kinds = layer_kinds
        self.rows: set[tuple[str, ...]] = set()
        """Classes that hold a row of numbered fields, or one of several types."""
        self.order = _first_positions(kinds)
        """Where the state of each module begins in the state dict."""
        self.loops: dict[Region, list[Loop]] = {}
        """The loops of each call that was defined."""

    def define(self, group: Group, regions: list[Region]) -> Definition:
        """Returns the definition of a group from `regions`, its calls with different bodies.

        Raises PyCandleError for a size that a body cannot read.
        """
        region = group.first
        try:
            if region.kind == "function":
                return self._function(region)
            return self._struct(group, regions)
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

    def define_generalized(self, made: Generalized, general: Region) -> Definition:
        """Returns the definition of a function's call in the sizes of another call."""
        self.split |= {new for value, new in made.made.items() if value in self.split}
        self.symbols[made.region] = self.symbols[general]
        return self._function(made.region)

    def _function(self, region: Region) -> Definition:
        inputs = function_inputs(region)
        named = self._name_inputs(region, inputs)
        owner = FunctionOwner(self.instances, {v: n for v, n in named if v.state})
        facts = {value: region.facts.get(value, Layout.CONTIGUOUS) for value in inputs}
        printer = BodyPrinter(
            list(region.items),
            named,
            region.outputs,
            owner,
            self.split,
            name_locally(region.inputs, self.symbols[region]),
            facts,
            {},
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
            (Method(forward, body.layouts, body.sizes),),
            params[-1:] == (t.Param("dtype", "DType"),),
            imports=frozenset(owner.imports),
            runtime=frozenset(owner.kernels),
        )

    def _struct(self, group: Group, regions: list[Region]) -> Definition:
        names = Names({"cfg", "config", "vb"})
        passed = _tensor_names(self.passes.taken.get(group, []), names)
        loaded = _tensor_names(self.passes.loaded.get(group, []), names)
        items = {region: self._items(region) for region in group.regions}
        self.loops |= {
            region: [item for item in found if isinstance(item, Loop)]
            for region, found in items.items()
        }
        loops = [loop for region in group.regions for loop in self.loops[region]]
        owner = StructOwner(
            group,
            self.instances,
            passed,
            loaded,
            lambda child: self.passes.taken.get(self.group_of[child], []),
            self.is_recorded,
            self._home,
            loops,
            self.lengths,
            self.recipes,
            self.enums,
            self.layer_kinds,
            reachable=is_reachable(group),
        )
        entries = [self.entries[region] for region in regions if region in self.entries]
        bodies = [
            self._method(region, items[region], name, owner)
            for region, name in zip(regions, entries or method_names(regions), strict=True)
        ]
        methods, ways = merge_methods(bodies)
        if entries:
            # Each is public under its own name, also where two are alike.
            methods, ways = bodies, tuple(map(Way, range(len(bodies))))
        setup = tuple(t.Let(name, owner.load(value)) for value, name in loaded.items())
        return Definition(
            "struct",
            group.first.name,
            self._in_order(group, owner, methods),
            setup,
            tuple(passed.values()),
            tuple(methods),
            needs_config=owner.needs_config,
            imports=frozenset(owner.imports),
            runtime=frozenset(owner.kernels),
            counted=frozenset(owner.counted),
            kinded=frozenset(path for path, is_followed in owner.kinded.items() if is_followed),
            ways=ways,
            tables=tuple(owner.tables()),
        )

    def _method(self, region: Region, items: list[Step], name: str, owner: StructOwner) -> Method:
        """Returns the method that one call of a module runs."""
        named = self._name_inputs(region, region.inputs)
        printer = BodyPrinter(
            items,
            named,
            region.outputs,
            owner,
            self.split,
            name_locally(region.inputs, self.symbols[region]),
            region.facts,
            region.maybe,
            may_ask=region.parent is not None,
            optional=region.optional,
        )
        body = printer.print()
        params = _params(named, body, region.optional)
        statements = body.statements
        if region in self.graphs:
            graph, symbols = self.graphs[region], self.symbols[region]
            guards = tuple(input_guards(params, graph, symbols))
            statements = read_sizes_first(guards, statements, size_names(params, graph, symbols))
        function = t.Function(
            name,
            params,
            _result_type(region.outputs),
            statements,
            _tail(body.results),
            receiver=True,
        )
        return Method(function, body.layouts, body.sizes)

    def _in_order(
        self, group: Group, owner: StructOwner, methods: list[Method]
    ) -> tuple[tuple[str, str, t.Expr], ...]:
        """Returns the fields as the state dict orders what they hold."""
        # A lowering may ask for the dtype or the device and then do without.
        bodies = tuple(method.function for method in methods)
        keys = [
            key
            for key, (name, _, _) in owner.fields.items()
            if key not in ("dtype", "device") or reads_field(bodies, name)
        ]
        last = len(self.order)
        # A child that is missing here stands where an instance that has it holds it.
        model = group.first.like

        def position(key: str | tuple[str, ...]) -> int:
            if not isinstance(key, tuple):
                return last
            kind, path = key[0], key[1]
            if kind == "layer":
                path = ".".join(part for part in (group.first.path, path) if part)
            relative = group.relative(path)
            if model is not None and relative is not None:
                path = f"{model.path}.{relative}"
            return self.order.get(path, last)

        return tuple(owner.fields[key] for key in sorted(keys, key=position))

    def survey(self, groups: Iterable[Group]) -> None:
        """Notes which classes hold a row, so that their instances with shorter ones have it too."""
        for group in groups:
            for region in group.regions:
                for item in self._items(region):
                    if isinstance(item, MixedLoop):
                        types = (self.instances[model].type.token for model in item.models)
                        self.rows.add((region.name, *types))
                    elif isinstance(item, Loop) and item.stem:
                        self.rows.add((region.name,))

    def _items(self, region: Region) -> list[Step]:
        same: dict[Region, Hashable] = {
            child: (
                instance.type,
                instance.method,
                len(child.inputs),
                instance.sizes,
                instance.arguments,
            )
            for child in region.children()
            if (instance := self.instances[child]).type.kind == "struct"
        }
        fewest = 2 if (region.name,) in self.rows else 3

        def mixed(calls: list[Region]) -> Loop | None:
            if len(self.group_of[region].regions) > 1:
                # Another method may call the layers in another way.
                return None
            types = dict.fromkeys(self.instances[call].type.token for call in calls)
            is_short_one = (region.name, *types) in self.rows
            loop = find_mixed_loop(calls, same, readers_in(region), is_short_one=is_short_one)
            return loop if loop is not None and is_one_row(loop, self.instances) else None

        return fold_defaults(find_loops(region, same, fewest, mixed), region.defaults)

    def _home(self, node: Node) -> str:
        """Returns the FQN of the module that an op belongs to; a ghost's is that of its model."""
        return self.home.get(node, "")

    def is_recorded(self, value: Value) -> bool:
        """Whether no checkpoint has a state tensor, or its dtype is not the model's."""
        assert isinstance(value.type, TensorType)
        # A step that is missing here has state that no state dict names.
        kind = self.kinds.get(value.state or "", "parameter")
        return kind in ("non_persistent_buffer", "constant") or not value.type.follows_model

    def _name_inputs(self, region: Region, inputs: list[Value]) -> list[tuple[Value, str]]:
        names = Names({"cfg", "dtype", "vb"})
        found: list[tuple[Value, str]] = []
        for value in inputs:
            if value.state is not None and value not in region.parameter:
                wanted = snake(value.state.rpartition(".")[2])
            else:
                wanted = _parameter(region, value)
            found.append((value, names.fresh(wanted)))
        return found


def _lent_type(value: Value) -> str:
    return "&[Tensor]" if isinstance(value, ListValue) else "&Tensor"


def _params(
    named: list[tuple[Value, str]], body: Body, optional: Container[Value] = ()
) -> tuple[t.Param, ...]:
    tensors = [
        t.Param(name, "Option<&Tensor>" if value in optional else _lent_type(value))
        for value, name in named
    ]
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
    types = ["Vec<Tensor>" if isinstance(value, ListValue) else "Tensor" for value in outputs]
    return types[0] if len(types) == 1 else f"({', '.join(types)})"


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
