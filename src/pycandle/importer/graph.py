"""Builds a graph from one entry of a manifest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import msgspec

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.importer.dtypes import follow_dtypes
from pycandle.importer.numbers import configure
from pycandle.importer.sizes import import_size
from pycandle.ir.graph import (
    Argument,
    Condition,
    FunctionCall,
    Graph,
    ModuleCall,
    Node,
    Output,
    Site,
    Value,
)
from pycandle.ir.sizes import Size, Symbol
from pycandle.ir.types import DTypeConstant, Keyword, TensorType, TupleType, ValueType
from pycandle.manifest import schema


def import_manifest(
    manifest: schema.Manifest,
    fixed: Mapping[str, int | float] | None = None,
    sample: int | None = None,
) -> list[Graph]:
    """Returns the graph of each entry; state that several entries read is one value in all.

    `fixed`: settings of which no number is to follow, with their recorded values; `sample`: which
    of the samples of the settings to take in the place of the recorded ones.
    Raises PyCandleError with everything that has no form here.
    """
    state: dict[str, Value] = {}
    graphs: list[Graph] = []
    problems: list[Diagnostic] = []
    for entry in manifest.entries:
        importer = _Importer(manifest, entry, state)
        graphs.append(importer.run())
        problems += importer.problems
    if problems:
        raise PyCandleError(problems)
    configure(graphs, manifest, fixed or {}, sample)
    follow_dtypes(graphs, manifest)
    return graphs


def import_recipes(
    manifest: schema.Manifest,
    fixed: Mapping[str, int | float] | None = None,
    sample: int | None = None,
) -> Graph:
    """Returns the graph of what is computed while the model is built; see `import_manifest`.

    Its outputs have the canonical names of the tensors. The manifest must have recipes.
    """
    assert manifest.recipes is not None
    alone = msgspec.structs.replace(manifest, entries=[manifest.recipes])
    (graph,) = import_manifest(alone, fixed, sample)
    for node in graph.nodes:
        # The variables of a constructor are often called what the Rust of one is given.
        if node.result.variable in _GIVEN:
            node.result.variable = None
    return graph


_GIVEN = ("config", "cfg", "vb")


def import_entry(manifest: schema.Manifest, name: str = "forward") -> Graph:
    """Returns the graph of one entry; see `import_manifest`."""
    return next(graph for graph in import_manifest(manifest) if graph.name == name)


def _condition(item: schema.Condition) -> Condition:
    spared = None if item.except_one is None else Symbol(item.except_one)
    return Condition(import_size(item.left), item.relation, import_size(item.right), spared)


class _Importer:
    def __init__(
        self, manifest: schema.Manifest, entry: schema.Entry, state: dict[str, Value]
    ) -> None:
        """`state`: the state tensors that entries before this one read; receives those of it."""
        self.manifest = manifest
        self.entry = entry
        self.by_name = state
        self.values: dict[str, Value] = {}
        self.sizes: dict[str, Size] = {}
        """Nodes that compute integers from sizes; they exist as expressions only."""
        self.dropped: set[str] = set()
        """Nodes that compute truth values or floats from sizes: fine while nothing reads them."""
        self.problems: list[Diagnostic] = []
        self.modules = {module.path: module for module in manifest.modules}
        self.stacks: dict[int, tuple[Site, ...]] = {}
        self.frames = [Site(f.file, f.line, f.function, f.text) for f in manifest.frames]

    def run(self) -> Graph:
        states = {state.name: state for state in self.manifest.state}
        inputs = [self._input(item) for item in self.entry.inputs]
        for node, name in self.entry.state.items():
            if name not in self.by_name:
                entry = states[name]
                kind = TensorType(entry.dtype, tuple(entry.shape))
                self.by_name[name] = Value(node, kind, state=name)
            self.values[node] = self.by_name[name]
        state = [self.by_name[name] for name in dict.fromkeys(self.entry.state.values())]
        nodes = [built for node in self.entry.nodes if (built := self._node(node)) is not None]
        outputs = list(self._outputs())
        output_class = None
        if isinstance(self.entry.output, schema.Mapping):
            output_class = self.entry.output.cls
        return Graph(
            name=self.entry.name,
            inputs=inputs,
            state=state,
            nodes=nodes,
            outputs=outputs,
            calls=[self._call(call) for call in self.entry.calls],
            functions=[self._function(function) for function in self.entry.functions],
            output_class=output_class,
            conditions=[_condition(item) for item in self.entry.conditions],
        )

    def _input(self, item: schema.Input) -> Value:
        value = Value(item.node, self._tensor(item.value), variable=item.path.replace(".", "_"))
        self.values[item.node] = value
        return value

    def _tensor(self, value: schema.TensorValue) -> TensorType:
        return TensorType(value.dtype, tuple(import_size(size) for size in value.shape))

    def _type(self, node: schema.Node) -> ValueType:
        if isinstance(node.value, schema.TensorValue):
            return self._tensor(node.value)
        if isinstance(node.value, schema.ListValue):
            items = [
                self._tensor(item) if isinstance(item, schema.TensorValue) else None
                for item in node.value.items
            ]
            return TupleType(tuple(items))
        return TupleType(())

    def _node(self, node: schema.Node) -> Node | None:
        if isinstance(node.value, schema.ScalarValue):
            if node.value.kind == "int" and node.value.expression is not None:
                self.sizes[node.name] = import_size(node.value.expression)
            else:
                self.dropped.add(node.name)
            return None
        result = Value(node.name, self._type(node), variable=node.variable)
        args = [self._argument(argument, node) for argument in node.args]
        kwargs = {name: self._argument(value, node) for name, value in node.kwargs.items()}
        built = Node(
            target=node.target,
            args=args,
            kwargs=kwargs,
            result=result,
            call=node.call,
            sites=self._sites(node.frames),
            function=node.function,
            cast=node.cast,
        )
        result.node = built
        self.values[node.name] = result
        return built

    def _sites(self, frames: int | None) -> tuple[Site, ...]:
        if frames is None:
            return ()
        if frames not in self.stacks:
            self.stacks[frames] = tuple(self.frames[i] for i in self.manifest.stacks[frames])
        return self.stacks[frames]

    def _argument(self, argument: schema.Argument, node: schema.Node) -> Argument:
        if isinstance(argument, list):
            return [self._item(item, node) for item in argument]
        return self._item(argument, node)

    def _item(self, item: schema.Item, node: schema.Node) -> Argument:
        if not isinstance(item, schema.Atom):
            return item
        if item.node is not None:
            if item.node in self.values:
                return self.values[item.node]
            if item.node in self.sizes:
                return self.sizes[item.node]
            if not node.target.startswith("aten._assert"):
                self._refuse_number(item.node, node)
            return None
        if item.size is not None:
            return import_size(item.size)
        if item.dtype is not None:
            return DTypeConstant(item.dtype)
        if item.nonfinite is not None:
            return {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}[item.nonfinite]
        if item.complex is not None:
            return complex(*item.complex)
        for kind in ("device", "layout", "memory_format"):
            if (name := getattr(item, kind)) is not None:
                return Keyword(kind, name)
        return None

    def _refuse_number(self, name: str, node: schema.Node) -> None:
        sites = self._sites(node.frames)
        place = Place(sites[0].file, sites[0].line, sites[0].text) if sites else None
        label = f"the number is `{name}`"
        if self._is_of_sizes(name):
            found = Diagnostic(
                "number-from-sizes",
                f"`{node.target}` reads a number that is computed of sizes and is no size itself",
                place,
                label=label,
                hint="pass it as an input that is a tensor",
            )
        else:
            title = f"`{node.target}` reads a number that is not known before the model runs"
            found = Diagnostic("number-from-data", title, place, label=label)
        self.problems.append(found)

    def _is_of_sizes(self, name: str) -> bool:
        """Whether Python's own operators compute a number, of sizes and numbers alone."""
        if name in self.sizes:
            return True
        made = next((node for node in self.entry.nodes if node.name == name), None)
        if made is None or made.target.startswith("aten."):
            return False
        given = [item.node for item in made.args if isinstance(item, schema.Atom)]
        return all(item is not None and self._is_of_sizes(item) for item in given)

    def _leaves(self, tree: schema.Tree, path: str) -> Iterator[tuple[str, schema.Argument]]:
        match tree:
            case schema.Leaf(value=value):
                yield path, value
            case schema.Sequence(items=items):
                for index, item in enumerate(items):
                    yield from self._leaves(item, f"{path}.{index}" if path else str(index))
            case schema.Mapping(fields=fields):
                for name, item in fields.items():
                    yield from self._leaves(item, f"{path}.{name}" if path else name)
            case schema.Opaque():
                return

    def _outputs(self) -> Iterator[Output]:
        # The fields of a mapping are outputs by their names; anything else is `output`, or in it.
        prefix = "" if isinstance(self.entry.output, schema.Mapping) else "output"
        for path, value in self._leaves(self.entry.output, prefix):
            found = None
            if isinstance(value, schema.Atom) and (value.node or value.size) is not None:
                found = self.values.get(value.node or "")
                if found is None:
                    self._refuse_output(path)
            yield Output(path, found)

    def _refuse_output(self, path: str) -> None:
        self.problems.append(
            Diagnostic(
                "number-as-output",
                f"the output `{path}` is a number that depends on the inputs, and not a tensor",
                Place(detail=f"entry `{self.entry.name}`"),
                hint="return a tensor, or let the caller read the number from a tensor's shape",
            )
        )

    def _named(self, inputs: dict[str, schema.Tree]) -> list[tuple[str, Value]]:
        return [
            (path, found)
            for name, tree in inputs.items()
            for path, value in self._leaves(tree, name)
            if isinstance(value, schema.Atom)
            and value.node is not None
            and (found := self.values.get(value.node)) is not None
        ]

    def _call(self, call: schema.Call) -> ModuleCall:
        module = self.modules[call.module]
        sites = self._sites(call.frames)
        return ModuleCall(
            module=call.module,
            cls=module.cls,
            index=call.index,
            parent=call.parent,
            inputs=self._named(call.inputs),
            options=_options(call.inputs),
            outputs=[value for _, value in self._named({"": call.output} if call.output else {})],
            container=module.container,
            function=call.function,
            variable=call.variable,
            line=(sites[0].file, sites[0].line) if sites else None,
        )

    def _function(self, call: schema.FunctionCall) -> FunctionCall:
        return FunctionCall(
            name=call.function,
            file=call.file,
            line=call.line,
            call=call.call,
            parent=call.parent,
            inputs=self._named(call.inputs),
            options=_options(call.inputs),
            variable=call.variable,
        )


def _options(inputs: dict[str, schema.Tree]) -> dict[str, object]:
    """Returns the arguments of a call that are a text, a truth value or None."""
    return {
        name: tree.value
        for name, tree in inputs.items()
        if isinstance(tree, schema.Leaf) and isinstance(tree.value, str | bool | None)
    }
