"""What the body of a method stands in: a struct whose fields it fills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pycandle.codegen.bodies.function_owner import Argument, SizeOf, function_call, lend
from pycandle.codegen.bodies.layer_rows import follows_kinds, make_row
from pycandle.codegen.bodies.mixed_rows import Enums, make_mixed_row
from pycandle.codegen.bodies.recipe_body import compute_state
from pycandle.codegen.config.layer_kinds import KindsField
from pycandle.codegen.structure.groups import Group
from pycandle.codegen.structure.layer_nodes import layer_state
from pycandle.codegen.structure.loops import Loop, item_name, row_name
from pycandle.codegen.structure.mixed_loops import MixedLoop
from pycandle.codegen.structure.recipes import Recipe
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Instance, Table, Type
from pycandle.ir.graph import Node, Value
from pycandle.ir.types import TensorType
from pycandle.lowering.layers import Layer
from pycandle.lowering.operand import Layout, candle_dtype
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake

VB = t.Local("vb")
VB_CLONE = t.Method(VB, "clone")
SELF = t.Local("self", borrowed=True)


class StructOwner:
    """A struct: state and layers become fields, children too."""

    holds_numbers = True

    def __init__(
        self,
        group: Group,
        instances: dict[Region, Instance],
        passed: dict[Value, str],
        loaded: dict[Value, str],
        passes: Callable[[Region], list[Value]],
        recorded: Callable[[Value], bool],
        home: Callable[[Node], str],
        loops: Sequence[Loop],
        lengths: Mapping[str, int],
        recipes: Mapping[str, Recipe],
        enums: Enums,
        layer_kinds: Mapping[str, KindsField],
        *,
        reachable: bool,
    ) -> None:
        """`passed`: state that comes in through `new`; `loaded`: state that `new` loads to pass on.

        `passes` says what a child's `new` takes; `recorded`, whether state keeps its dtype; `home`,
        the FQN of the module that an op belongs to; `loops` are those of all methods; `lengths`,
        the number of children of each container; `recipes`, how state is computed; `enums`, those
        of the file; `layer_kinds`, the settings that say of what kind the layers of a container
        are; `reachable`, whether the `VarBuilder` that `new` gets stands at the module's
        own FQN.
        """
        self.group = group
        self.instances = instances
        self.passed = passed
        self.loaded = loaded
        self.passes = passes
        self.recorded = recorded
        self.home = home
        self.reachable = reachable
        in_loops = {call.path for loop in loops for call in loop.calls}
        self.loops = loops
        self.lengths = lengths
        self.recipes = recipes
        self.enums = enums
        self.layer_kinds = layer_kinds
        self.kinded: dict[str, bool] = {}
        """Containers with such a setting, by their paths from here: whether all loops follow it."""
        self.counted: set[str] = set()
        """Containers of which all children are made by one count, by their paths from here."""
        self.indexed = {
            call.path
            for region in group.regions
            for call in region.children()
            if call.path in in_loops and not any(call in loop.calls for loop in loops)
        }
        """Children that one method calls in a loop, and this or another one by themselves."""
        self.dtype_here = self.model_dtype
        self.names = Names()
        self.fields: dict[str | tuple[str, ...], tuple[str, str, t.Expr]] = {}
        self.imports: set[str] = set()
        self.kernels: set[str] = set()
        self.needs_config = False

    # State.

    def state(self, value: Value) -> t.Expr:
        """Returns the field that holds a state tensor."""
        key = ("state", value.state or "")
        if key not in self.fields:
            relative = self.group.relative(value.state or "")
            name = self.passed.get(value) or self.loaded.get(value) or snake(relative or value.name)
            self._add(key, name, "Tensor", self.tensor(value))
        return t.Field(SELF, self.fields[key][0])

    def tensor(self, value: Value) -> t.Expr:
        """Returns Rust that makes a state tensor in `new`, owned."""
        held = self.passed.get(value) or self.loaded.get(value)
        if held is not None:
            return t.plain(t.Local(held, borrowed=value in self.passed), "clone")
        return self.load(value)

    def load(self, value: Value) -> t.Expr:
        """Returns Rust that computes a state tensor, or reads it from the weights."""
        recipe = self.recipes.get(value.state or "")
        if recipe is not None:
            assert isinstance(value.type, TensorType)
            return compute_state(recipe, value.type, self)
        relative = self.group.relative(value.state or "")
        assert self.reachable, f"{self.group.first} has no builder of its own for {value.state}"
        assert relative is not None
        assert isinstance(value.type, TensorType)
        prefix, _, name = relative.rpartition(".")
        vb = self.vb(prefix) if prefix else VB
        shape = _shape(value.type)
        if not self.recorded(value):
            return t.method(vb, "get", shape, t.Text(name))
        self.kernels.add("recorded_state")
        dtype: t.Expr = t.path(candle_dtype(value.type.dtype))
        if value.type.follows_model:
            dtype = t.plain(VB, "dtype")
        return t.call("runtime::recorded_state", t.ref(vb), shape, t.Text(name), dtype)

    def tables(self) -> Iterator[Table]:
        """Yields the tensors that `new` computes."""
        loaded = {value.state: name for value, name in self.loaded.items()}
        passed = {value.state for value in self.passed}
        for state in self.recipes:
            relative = self.group.relative(state)
            if relative is None or state in passed:
                continue
            if state in loaded:
                yield Table(relative, loaded[state], is_field=False)
            elif ("state", state) in self.fields:
                yield Table(relative, self.fields["state", state][0], is_field=True)

    def vb(self, prefix: str) -> t.Expr:
        """Returns the `VarBuilder` of a path below this module."""
        # Where nothing else needs it, `assemble` gives the builder away instead.
        return t.plain(VB, "pp", t.Text(prefix)) if prefix else VB_CLONE

    # Layers.

    def layer(self, node: Node, layer: Layer) -> t.Expr | None:
        """Returns the field that holds a layer; None where the weights are not its own."""
        tensors = layer_state(node, layer)
        values = [value for value in tensors.values() if isinstance(value, Value)]
        if any(value in self.passed or value in self.loaded for value in values):
            return self._shared_layer(node, layer, tensors)
        if not self.reachable:
            return None
        prefixes: set[str] = set()
        for name, value in tensors.items():
            relative = self.group.relative(value.state or "") if isinstance(value, Value) else None
            if not isinstance(value, Value) or relative is None or self.recorded(value):
                return None
            prefix, _, last = relative.rpartition(".")
            if last != name:
                return None
            prefixes.add(prefix)
        if len(prefixes) != 1:
            return None
        prefix = prefixes.pop()
        made = t.call(layer.constructor, *layer.full_args, self.vb(prefix))
        key = ("layer", prefix, layer.type)
        if key in self.fields and self.fields[key][2] != made:
            return None
        if key not in self.fields:
            self.imports.update((layer.type, layer.constructor))
            self.imports.update(
                arg.name for arg in layer.full_args if isinstance(arg, t.StructLiteral)
            )
            if layer.takes_training_flag:
                self.imports.add("ModuleT")
            else:
                self.imports.add("Module")
            self._add(key, _field_name(prefix, layer.type), layer.type, made)
        return t.Field(SELF, self.fields[key][0])

    def optional_layer(self, node: Node, layer: Layer, *, here: bool) -> t.Field:
        """Returns the field that holds a layer which only some instances have."""
        held = self.layer(node, layer)
        assert isinstance(held, t.Field)
        key = next(key for key, (name, _, _) in self.fields.items() if name == held.name)
        name, type_, made = self.fields[key]
        if not type_.startswith("Option<"):
            flag = t.Number(here, "bool", f"has_{name}")
            choice = t.If(flag, t.Call("Some", (made,)), t.path("None"))
            self.fields[key] = (name, f"Option<{type_}>", choice)
        return held

    def _shared_layer(
        self, node: Node, layer: Layer, tensors: Mapping[str, object]
    ) -> t.Expr | None:
        """Returns a layer around a weight that another module has too."""
        weight = tensors["weight"]
        assert isinstance(weight, Value)
        if layer.type not in ("Linear", "Embedding"):
            return None
        key = ("shared", weight.state or "", layer.type, str(tensors.get("bias")))
        if key not in self.fields:
            args: list[t.Expr] = [self.tensor(weight)]
            if layer.type == "Embedding":
                args.append(layer.full_args[1])
            else:
                bias = tensors.get("bias")
                some = isinstance(bias, Value)
                args.append(t.Call("Some", (self.tensor(bias),)) if some else t.path("None"))
            self.imports.update((layer.type, "Module"))
            name = _field_name(self.group.relative(self.home(node)) or "", layer.type)
            self._add(key, name, layer.type, t.Call(f"{layer.type}::new", tuple(args)))
        return t.Field(SELF, self.fields[key][0])

    # Children.

    def call(self, region: Region, argument: Argument, size: SizeOf) -> t.Expr:
        """Returns the call of a child, and makes its field."""
        if self.instances[region].type.kind == "function":
            return function_call(self, region, argument, size)
        return self._forward(self._child(region), region, argument, size)

    def _forward(self, held: t.Expr, region: Region, argument: Argument, size: SizeOf) -> t.Expr:
        instance = self.instances[region]
        sizes = [size(item) for item in instance.sizes]
        tensors = lend(region, region.inputs, argument)
        return t.method(held, instance.function, *tensors, *sizes, *instance.arguments)

    def _child(self, region: Region) -> t.Expr:
        if region.path in self.indexed:
            loop = next(a for a in self.loops if region.path in [call.path for call in a.calls])
            position = [call.path for call in loop.calls].index(region.path)
            return t.Index(self.loop_field(loop), position)
        relative = self.group.relative(region.path)
        vb = self.vb(relative or "")
        type_ = self.instances[region].type.token
        if region.is_optional:
            made = self._optional(region, vb)
            type_ = f"Option<{type_}>"
        else:
            made = self.construct(self.instances[region], region, vb)
        key: tuple[str, ...] = ("child", region.path)
        if key in self.fields and self.fields[key][2] != made:
            key = ("child", region.path, str(region.index))
        if key not in self.fields:
            name = _field_name(relative or region.path, region.name.rpartition(".")[2])
            self._add(key, name, type_, made)
        return t.Field(SELF, self.fields[key][0])

    def _optional(self, region: Region, vb: t.Expr) -> t.Expr:
        """Returns a child that is made where its arguments are given."""
        instance = self.instances[region]
        parameters = instance.type.parameters
        here = region.ghost_of is None
        role = region.path.rpartition(".")[2]
        if not parameters:
            made = self.construct(instance, region, vb)
            flag = t.Number(here, "bool", role)
            return t.If(flag, t.Call("Some", (made,)), t.path("None"))
        names = [t.Local(name, copy=True) for name, _ in parameters]
        types = [type_ for _, type_ in parameters]
        whole = types[0] if len(types) == 1 else f"({', '.join(types)})"
        pattern = names[0].name if len(names) == 1 else f"({', '.join(n.name for n in names)})"
        made = self.construct(Instance(instance.type, tuple(names)), region, vb)
        given = t.Number(instance.values if here else None, f"Option<{whole}>", role)
        arms = ((f"Some({pattern})", t.Call("Some", (made,))), ("None", t.path("None")))
        return t.Match(given, arms)

    def construct(self, instance: Instance, region: Region, vb: t.Expr) -> t.Expr:
        """Returns `Child::new(..)?`."""
        made = instance.type
        args: list[t.Expr] = []
        if made.needs_config:
            args.append(t.Local("cfg", borrowed=True))
            self.needs_config = True
        args += _number_arguments(instance)
        for value in self.passes(region):
            name = self.passed.get(value) or self.loaded[value]
            args.append(t.ref(t.Local(name, borrowed=value in self.passed)))
        if made.needs_vb:
            args.append(vb)
        return t.call(f"{made.token}::new", *args)

    def result_layouts(self, region: Region) -> tuple[Layout, ...]:
        """Returns how the results of a child lie in memory."""
        return self.instances[region].layouts

    # Loops.

    def loop_field(self, loop: Loop) -> t.Expr:
        """Returns the field that holds the layers of a loop."""
        first = loop.calls[0]
        key = ("loop", first.path, str(len(loop.calls)))
        if key not in self.fields:
            relative = (self.group.relative(loop.prefix) if loop.prefix else None) or ""
            name = relative
            if loop.stem:
                name = f"{relative}.{row_name(loop)}"
            instances = [self.instances[call] for call in loop.calls]
            field = _field_name(name, "layers")
            layer, role = instances[0].type, f"num_{field}"
            if isinstance(loop, MixedLoop):
                layer = self.layer_enum(loop)
                made = make_mixed_row(self, loop, layer, relative, role)
            else:
                made = make_row(self, loop, instances, relative, role)
            self._add(key, field, f"Vec<{layer.token}>", made)
        return t.Field(SELF, self.fields[key][0])

    def layer_enum(self, loop: MixedLoop) -> Type:
        """Returns the `enum` of the types that a loop's layers have."""
        types = [self.instances[model].type for model in loop.models]
        return self.enums.of(types, item_name(loop, set()), self.group.first.name)

    def kinds_field(self, loop: Loop) -> KindsField | None:
        """Returns the setting that says of what kind each layer of a loop is, if one does."""
        field = self.layer_kinds.get(loop.prefix)
        if field is None:
            return None
        is_followed = follows_kinds(loop, field.kinds.recorded, self.indexed)
        relative = (self.group.relative(loop.prefix) if loop.prefix else None) or ""
        self.kinded[relative] = self.kinded.get(relative, True) and is_followed
        return field if is_followed else None

    def held_kinds(self, field: KindsField) -> t.Expr:
        """Returns the field that holds the kind of each layer."""
        key = ("kinds", field.name)
        if key not in self.fields:
            self.needs_config = True
            value = t.plain(t.Field(t.Local("cfg", borrowed=True), field.name), "clone")
            self._add(key, field.name, f"Vec<{field.type}>", value)
        return t.Field(SELF, self.fields[key][0])

    def loop_call(self, loop: Loop, item: t.Expr, argument: Argument, size: SizeOf) -> t.Expr:
        """Returns the call of one layer of a loop."""
        return self.layer_call(loop.calls[0], item, argument, size)

    def layer_call(self, call: Region, held: t.Expr, argument: Argument, size: SizeOf) -> t.Expr:
        """Returns a call of a layer that is in a variable."""
        return self._forward(held, call, argument, size)

    def absent(self, region: Region) -> bool | None:
        """Whether an optional child is missing here; None for one that is always there."""
        return region.ghost_of is not None if region.is_optional else None

    # The rest.

    def model_dtype(self) -> t.Expr:
        """Returns the field that holds the dtype of the weights."""
        self.imports.add("DType")
        if "dtype" not in self.fields:
            self._add("dtype", "dtype", "DType", t.plain(VB, "dtype"))
        return t.Field(SELF, self.fields["dtype"][0])

    def device(self) -> t.Expr:
        """Returns the field that holds the device of the weights, lent."""
        self.imports.add("Device")
        if "device" not in self.fields:
            self._add("device", "device", "Device", t.plain(t.plain(VB, "device"), "clone"))
        return t.Reference(t.Field(SELF, self.fields["device"][0]))

    def runtime(self, name: str) -> str:
        """Notes a kernel; returns its path."""
        self.kernels.add(name)
        return f"runtime::{name}"

    def _add(self, key: str | tuple[str, ...], wanted: str, type_: str, value: t.Expr) -> None:
        self.fields[key] = (self.names.fresh(wanted), type_, value)


def _number_arguments(instance: Instance) -> list[t.Expr]:
    """Returns the numbers that `new` takes, as one struct where they are many."""
    made = instance.type
    if not made.takes_struct:
        return list(instance.values)
    names = [name for name, _ in made.parameters]
    fields = tuple(zip(names, instance.values, strict=True))
    return [t.StructLiteral(f"{made.token}Config", fields)]


def _shape(kind: TensorType) -> t.Expr:
    sizes = [t.usize(size, "size") for size in kind.shape if isinstance(size, int)]
    return sizes[0] if len(sizes) == 1 else t.tuple_of(sizes)


def _field_name(path: str, fallback: str) -> str:
    """Returns the name of a field from a path: numbers alone are named after what they hold."""
    parts = [part for part in path.split(".") if part]
    if not parts or all(part.isdigit() for part in parts):
        return snake(fallback)
    return snake("_".join(parts))
