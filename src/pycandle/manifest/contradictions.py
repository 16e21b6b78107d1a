"""What the types of a manifest cannot say: names that refer to something, and sizes that agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from pycandle.dtypes import DTYPES
from pycandle.errors import Diagnostic, Place
from pycandle.manifest.schema import (
    Argument,
    Atom,
    Entry,
    Leaf,
    ListValue,
    Manifest,
    Node,
    ScalarValue,
    Sequence,
    Size,
    TensorValue,
    Tree,
    Value,
)
from pycandle.manifest.schema import Mapping as MappingTree
from pycandle.manifest.sizes import SizeError, evaluate, symbols_of

CODE = "contradictory-manifest"


def find_contradictions(manifest: Manifest, file: str) -> list[Diagnostic]:
    """Returns every contradiction in a manifest, each with its place in the file."""
    found = _Found(file)
    _check_tables(manifest, found)
    names = [entry.name for entry in manifest.entries]
    _check_unique(names, "entry", found)
    for entry in manifest.entries:
        _EntryCheck(manifest, entry, found).run()
    if manifest.recipes is not None:
        _EntryCheck(manifest, manifest.recipes, found).run()
        _check_recipes(manifest, manifest.recipes, found)
    return found.problems


@dataclass
class _Found:
    file: str
    problems: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def add(self, title: str, detail: str) -> None:
        self.problems.append(Diagnostic(CODE, title, Place(self.file, detail=detail)))


def _check_unique(names: Iterable[str], what: str, found: _Found) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            found.add(f"two of the name `{name}`", what)
        seen.add(name)


def _check_tables(manifest: Manifest, found: _Found) -> None:
    """Checks what entries share: state, modules, frames and stacks."""
    _check_unique((row.path for row in manifest.modules), "modules", found)
    named = [name for row in manifest.state for name in (row.name, *row.aliases)]
    _check_unique(named, "state", found)
    for row in manifest.state:
        if row.dtype not in DTYPES:
            found.add(f"there is no dtype `{row.dtype}`", f"state `{row.name}`")
        if any(size < 0 for size in row.shape):
            found.add(f"the shape {row.shape} has a negative size", f"state `{row.name}`")
    for index, stack in enumerate(manifest.stacks):
        for frame in stack:
            if not 0 <= frame < len(manifest.frames):
                found.add(f"there is no frame {frame}", f"stack {index}")
    if manifest.dtype not in DTYPES:
        found.add(f"there is no dtype `{manifest.dtype}`", "dtype")


def _check_recipes(manifest: Manifest, recipes: Entry, found: _Found) -> None:
    """Checks that what is computed while the model is built is state of the same form."""
    detail = f"entry `{recipes.name}`"
    if recipes.inputs or recipes.state or not isinstance(recipes.output, MappingTree):
        found.add("recipes have no inputs, read no state and return a mapping", detail)
        return
    for node in _strangers(recipes):
        found.add(f"`{node.name}` reads a node of another tensor", detail)
    state = {row.name: row for row in manifest.state}
    values = {node.name: node.value for node in recipes.nodes}
    for name, tree in recipes.output.fields.items():
        row = state.get(name)
        node = tree.value.node if isinstance(tree, Leaf) and isinstance(tree.value, Atom) else None
        if row is None or row.kind not in ("non_persistent_buffer", "constant"):
            found.add(f"no checkpoint is without a state tensor `{name}`", detail)
        elif values.get(node or "") != TensorValue(row.dtype, list(row.shape)):
            found.add(f"`{name}` is computed in another form than the state has", detail)


def _strangers(recipes: Entry) -> Iterator[Node]:
    """Yields the nodes that read what does not stand between the tensor before and their own."""
    assert isinstance(recipes.output, MappingTree)
    leaves = (tree for tree in recipes.output.fields.values() if isinstance(tree, Leaf))
    ends = {leaf.value.node for leaf in leaves if isinstance(leaf.value, Atom)}
    own: set[str] = set()
    for node in recipes.nodes:
        items = [
            item
            for argument in (*node.args, *node.kwargs.values())
            for item in (argument if isinstance(argument, list) else [argument])
        ]
        if any(isinstance(i, Atom) and i.node is not None and i.node not in own for i in items):
            yield node
        own = set() if node.name in ends else {*own, node.name}


class _EntryCheck:
    """One entry. `known` grows with each node, so that a use before the definition is seen."""

    def __init__(self, manifest: Manifest, entry: Entry, found: _Found) -> None:
        self.manifest = manifest
        self.entry = entry
        self.found = found
        self.symbols = {symbol.name for symbol in entry.symbols}
        self.known: set[str] = set()
        self.sizes: dict[Size, str | None] = {}

    def add(self, title: str, detail: str) -> None:
        self.found.add(title, f"entry `{self.entry.name}`, {detail}")

    def run(self) -> None:
        self.symbol_rows()
        self.inputs()
        self.state()
        for node in self.entry.nodes:
            self.node(node)
        self.calls()
        self.functions()
        self.tree(self.entry.output, "output")
        for name, tree in self.entry.signature.items():
            self.tree(tree, f"argument `{name}`")
        self.fixed()
        self.conditions()
        self.records()

    def symbol_rows(self) -> None:
        names = [symbol.name for symbol in self.entry.symbols]
        _check_unique(names, f"entry `{self.entry.name}`, symbols", self.found)
        for symbol in self.entry.symbols:
            if symbol.upper is not None and symbol.lower > symbol.upper:
                self.add(
                    f"the range from {symbol.lower} to {symbol.upper} is empty",
                    f"symbol `{symbol.name}`",
                )

    def define(self, name: str, detail: str) -> None:
        if name in self.known:
            self.add(f"two values of the name `{name}`", detail)
        self.known.add(name)

    def inputs(self) -> None:
        for item in self.entry.inputs:
            detail = f"input `{item.path}`"
            self.define(item.node, detail)
            self.value(item.value, detail)
            if item.index_below is not None:
                self.size(item.index_below, detail)
        paths = (item.path for item in self.entry.inputs)
        _check_unique(paths, f"entry `{self.entry.name}`, inputs", self.found)

    def state(self) -> None:
        names = {row.name for row in self.manifest.state}
        for node, name in self.entry.state.items():
            self.define(node, f"state `{node}`")
            if name not in names:
                self.add(f"there is no state tensor `{name}`", f"state `{node}`")

    def node(self, node: Node) -> None:
        detail = f"node `{node.name}`"
        for argument in node.args:
            self.argument(argument, detail)
        for argument in node.kwargs.values():
            self.argument(argument, detail)
        if node.value is not None:
            self.value(node.value, detail)
        if not 0 <= node.call < len(self.entry.calls):
            self.add(f"there is no call {node.call}", detail)
        self.origin(node.frames, node.function, detail)
        self.define(node.name, detail)

    def origin(self, stack: int | None, function: int | None, detail: str) -> None:
        if stack is not None and not 0 <= stack < len(self.manifest.stacks):
            self.add(f"there is no stack {stack}", detail)
        if function is not None and not 0 <= function < len(self.entry.functions):
            self.add(f"there is no function {function}", detail)

    def argument(self, value: Argument, detail: str) -> None:
        if isinstance(value, Atom):
            self.atom(value, detail)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Atom):
                    self.atom(item, detail)

    def atom(self, atom: Atom, detail: str) -> None:
        if msgspec.structs.astuple(atom).count(None) != _FIELDS - 1:
            self.add("a value has not exactly one field", detail)
        elif atom.node is not None:
            if atom.node not in self.known:
                self.add(f"there is no value `{atom.node}` before it", detail)
        elif atom.size is not None:
            self.size(atom.size, detail)
        elif atom.dtype is not None and atom.dtype not in DTYPES:
            self.add(f"there is no dtype `{atom.dtype}`", detail)
        elif atom.complex is not None and len(atom.complex) != 2:
            self.add("a complex number has two parts", detail)

    def value(self, value: Value, detail: str) -> None:
        match value:
            case TensorValue(dtype, shape):
                if dtype not in DTYPES:
                    self.add(f"there is no dtype `{dtype}`", detail)
                for size in shape:
                    self.size(size, detail)
            case ScalarValue(_, expression):
                if expression is not None:
                    self.size(expression, detail, scalar=True)
            case ListValue(items):
                for item in items:
                    if item is not None:
                        self.value(item, detail)

    def size(self, size: Size, detail: str, *, scalar: bool = False) -> None:
        if isinstance(size, int):
            if size < 0 and not scalar:
                self.add(f"the size {size} is negative", detail)
            return
        if size not in self.sizes:
            self.sizes[size] = self.problem_of(size)
        if (problem := self.sizes[size]) is not None:
            self.add(problem, detail)

    def problem_of(self, size: str) -> str | None:
        try:
            names = symbols_of(size)
        except SizeError as error:
            return str(error)
        unknown = [name for name in names if name not in self.symbols]
        return f"there is no symbol `{unknown[0]}`" if unknown else None

    def calls(self) -> None:
        paths = {row.path for row in self.manifest.modules}
        names = [f"{call.module}@{call.index}" for call in self.entry.calls]
        _check_unique(names, f"entry `{self.entry.name}`, calls", self.found)
        for index, call in enumerate(self.entry.calls):
            detail = f"call {index}"
            if call.module not in paths:
                self.add(f"there is no module `{call.module}`", detail)
            if call.parent is not None and not 0 <= call.parent < index:
                self.add(f"the call {call.parent} did not make it", detail)
            if call.parent is None and index > 0:
                self.add("a second call that no call made", detail)
            self.origin(call.frames, call.function, detail)
            for name, tree in call.inputs.items():
                self.tree(tree, f"{detail}, input `{name}`")
            if call.output is not None:
                self.tree(call.output, f"{detail}, output")

    def functions(self) -> None:
        for index, function in enumerate(self.entry.functions):
            detail = f"function {index}"
            if not 0 <= function.call < len(self.entry.calls):
                self.add(f"there is no call {function.call}", detail)
            if function.parent is not None and not 0 <= function.parent < index:
                self.add(f"the function {function.parent} did not call it", detail)
            for name, tree in function.inputs.items():
                self.tree(tree, f"{detail}, input `{name}`")

    def tree(self, tree: Tree, detail: str) -> None:
        match tree:
            case Leaf(value):
                self.argument(value, detail)
            case Sequence(_, items):
                for item in items:
                    self.tree(item, detail)
            case MappingTree(fields, _):
                for item in fields.values():
                    self.tree(item, detail)
            case _:
                pass

    def fixed(self) -> None:
        shapes = {item.path: item.value.shape for item in self.entry.inputs}
        for row in self.entry.fixed:
            detail = f"fixed dim {row.dim} of `{row.input}`"
            shape = shapes.get(row.input)
            if shape is None:
                self.add(f"there is no input `{row.input}`", detail)
            elif not 0 <= row.dim < len(shape):
                self.add(f"the input has {len(shape)} dims", detail)
            elif shape[row.dim] != row.size:
                self.add(f"the size is {row.size}, and in the input {shape[row.dim]}", detail)

    def conditions(self) -> None:
        names = {symbol.name for symbol in self.entry.symbols}
        for index, row in enumerate(self.entry.conditions):
            detail = f"condition {index}"
            self.size(row.left, detail)
            self.size(row.right, detail)
            if row.except_one is not None and row.except_one not in names:
                self.add(f"there is no symbol `{row.except_one}`", detail)

    def records(self) -> None:
        shapes = {item.path: item.value.shape for item in self.entry.inputs}
        for index, record in enumerate(self.entry.records):
            detail = f"record {index}"
            if record.sizes.keys() != shapes.keys():
                self.add("it has other inputs than the entry", detail)
                continue
            pairs = [(shape, record.sizes[path]) for path, shape in shapes.items()]
            if any(len(shape) != len(sizes) for shape, sizes in pairs):
                self.add("a shape has another rank than the input", detail)
                continue
            self.record_sizes(pairs, detail)

    def record_sizes(self, pairs: list[tuple[list[Size], list[int]]], detail: str) -> None:
        known: dict[str, int] = {}
        dims = [pair for shape, sizes in pairs for pair in zip(shape, sizes, strict=True)]
        for size, actual in dims:
            if isinstance(size, str) and size.isidentifier():
                known.setdefault(size, actual)
        for size, actual in dims:
            if (value := _evaluated(size, known)) is not None and value != actual:
                self.add(f"the size `{size}` is {value}, and was recorded as {actual}", detail)


def _evaluated(size: Size, symbols: Mapping[str, int]) -> int | None:
    """Returns the value of a size; None for one that is refused elsewhere."""
    try:
        return evaluate(size, symbols)
    except SizeError:
        return None


_FIELDS = len(msgspec.structs.fields(Atom))
