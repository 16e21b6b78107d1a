"""Gives the numbers of a graph the formulas that the manifest has for them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pycandle.errors import PyCandleError, refusal
from pycandle.formulas import Formula, FormulaError, evaluate, parse, settings_of, with_values
from pycandle.importer.sizes import import_configured
from pycandle.ir.configured import configured, elsewhere, is_configured
from pycandle.ir.graph import Argument, Condition, Graph, Node, Value
from pycandle.ir.origins import LayerKinds, Origins
from pycandle.ir.sizes import Size
from pycandle.ir.types import TensorType, TupleType
from pycandle.manifest import schema
from pycandle.manifest.learned import LayerKinds as LearnedKinds
from pycandle.manifest.learned import Learned

SettingCondition: TypeAlias = tuple[Formula, str, Formula]
"""`left relation right`."""

Places = Mapping[str, int]
"""Of one node: an index into the formulas for each place."""


@dataclass(frozen=True)
class Formulas:
    """The formulas of a manifest, in the settings that are free."""

    formulas: tuple[Formula, ...]
    settings: dict[str, int | float]
    samples: tuple[dict[str, int | float], ...]
    sample: int | None = None
    """Which of the samples to take in the place of the recorded settings."""

    def number(self, value: int | float, index: int | None) -> int | float:
        """Returns a number with its formula."""
        if index is None:
            return value
        formula = self.formulas[index]
        if not any(True for _ in settings_of(formula)):
            return value
        try:
            found = evaluate(formula, self.settings)
            samples = tuple(evaluate(formula, sample) for sample in self.samples)
        except FormulaError as error:
            raise _contradiction(str(error)) from None
        made = configured(value, formula, samples)
        if self.sample is not None:
            return elsewhere(made, self.sample) if is_configured(made) else made
        if abs(found - value) > 1e-9 * abs(value):
            raise _contradiction(f"a formula gives {found}, and the number is {value}")
        return made

    def size(self, value: int, index: int | None) -> int:
        """Returns an integer with its formula."""
        found = self.number(value, index)
        if not isinstance(found, int):
            raise _contradiction(f"the size {value} has a formula of a float")
        return found


def _contradiction(title: str) -> PyCandleError:
    return refusal("contradictory-manifest", title, hint="record the model again")


def read_formulas(manifest: schema.Manifest, fixed: Mapping[str, int | float]) -> Formulas | None:
    """Returns the formulas of a manifest; None where nothing was learned.

    `fixed`: settings that have one value only, of which formulas are then free.
    """
    learned, configuration = manifest.learned, manifest.configuration
    if learned is None or configuration is None:
        return None
    settings: dict[str, int | float] = {}
    for path in learned.settings:
        value = configuration.settings.get(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _contradiction(f"the setting `{path}` is no number")
        settings[path] = value
    if any(len(row) != len(learned.settings) for row in learned.samples):
        raise _contradiction("a sample has another number of values than there are settings")
    rows = [dict(zip(learned.settings, row, strict=True)) for row in learned.samples]
    try:
        formulas = [parse(text) for text in learned.formulas]
        conditions = list(_conditions(learned, {}))
    except FormulaError as error:
        raise _contradiction(str(error)) from None
    free = {path: value for path, value in settings.items() if path not in fixed}
    kept = tuple(_samples(rows, fixed, formulas, conditions))
    return Formulas(tuple(with_values(item, fixed) for item in formulas), free, kept)


def _samples(
    rows: Sequence[dict[str, int | float]],
    fixed: Mapping[str, int | float],
    formulas: Sequence[Formula],
    conditions: Sequence[SettingCondition],
) -> Iterator[dict[str, int | float]]:
    """Yields the samples in which the fixed settings have their values.

    Of a setting with which no other one shares a formula or a condition, as a number of layers
    often is, nothing else depends: its value is put into the samples that have another one.
    """
    groups = [set(settings_of(formula)) for formula in formulas]
    groups += [{*settings_of(left), *settings_of(right)} for left, _, right in conditions]
    alone = {path for path in fixed if not any(path in g and g - fixed.keys() for g in groups)}
    for row in rows:
        put = {**row, **{path: fixed[path] for path in alone if path in row}}
        if all(put.get(path) == value for path, value in fixed.items()):
            yield put


def origins_of(manifest: schema.Manifest, fixed: Mapping[str, int | float]) -> Origins:
    """Returns what is known of a manifest's numbers beside the numbers themselves."""
    table = read_formulas(manifest, fixed)
    if table is None or manifest.learned is None:
        return Origins()
    learned = manifest.learned
    counts: dict[str, int] = {}
    for module in manifest.modules:
        parent, _, last = module.path.rpartition(".")
        if last.isdigit():
            counts[parent] = counts.get(parent, 0) + 1
    return Origins(
        is_learned=True,
        settings=table.settings,
        samples=tuple(tuple(row[path] for path in table.settings) for row in table.samples),
        excluded=tuple(_conditions(learned, fixed)),
        lengths={path: table.size(n, learned.lengths.get(path)) for path, n in counts.items()},
        kinds={
            item.module: kinds
            for item in learned.kinds
            if (kinds := _kinds(item, manifest, table.settings)) is not None
        },
        attributes={
            cls: {table.formulas[index]: name for name, index in names.items()}
            for cls, names in learned.attributes.items()
        },
    )


def _kinds(
    item: LearnedKinds, manifest: schema.Manifest, settings: Container[str]
) -> LayerKinds | None:
    """Returns a list of kinds; None where it is fixed with the number of layers.

    `settings`: those that are free.
    """
    configuration = manifest.configuration
    recorded = None if configuration is None else configuration.settings.get(item.setting)
    texts = recorded if isinstance(recorded, list) else []
    if item.count not in settings or not texts or not set(texts) <= set(item.items):
        return None
    return LayerKinds(item.setting, item.count, tuple(item.items), tuple(map(str, texts)))


def _conditions(learned: Learned, fixed: Mapping[str, int | float]) -> Iterator[SettingCondition]:
    """Yields the conditions on settings that are free."""
    for item in learned.excluded:
        left, right = (with_values(parse(text), fixed) for text in (item.left, item.right))
        if any(True for side in (left, right) for _ in settings_of(side)):
            yield left, item.relation, right


def configure(
    graphs: Sequence[Graph],
    manifest: schema.Manifest,
    fixed: Mapping[str, int | float],
    sample: int | None = None,
) -> None:
    """Exchanges the numbers of graphs for numbers with formulas, in place.

    `sample`: which of the samples of the settings to take in the place of the recorded ones.
    """
    table = read_formulas(manifest, fixed)
    if table is None or manifest.learned is None:
        return
    table = replace(table, sample=sample)
    origins = origins_of(manifest, fixed)
    for graph, entry in zip(graphs, manifest.entries, strict=True):
        graph.origins = origins
        _configure_graph(graph, entry, table)
    # State is one value in all graphs.
    for value in dict.fromkeys(value for graph in graphs for value in graph.state):
        indices = manifest.learned.state.get(value.state or "")
        if indices is not None and isinstance(value.type, TensorType):
            if len(indices) != len(value.type.shape):
                raise _contradiction(f"`{value.state}` has formulas for another number of dims")
            shape = tuple(
                table.size(size, index) if isinstance(size, int) else size
                for size, index in zip(value.type.shape, indices, strict=True)
            )
            value.type = replace(value.type, shape=shape)


def _configure_graph(graph: Graph, entry: schema.Entry, table: Formulas) -> None:
    places: dict[str, Places] = {name: row.formulas for row in entry.numbers for name in row.nodes}
    rows = {node.name: node for node in entry.nodes}
    sizes = _size_nodes(entry)
    for node in graph.nodes:
        _configure_node(node, rows[node.result.name], places, sizes, table)
    graph.conditions = [
        _configure_condition(built, row, places.get(f"condition.{i}", {}), table)
        for i, (built, row) in enumerate(zip(graph.conditions, entry.conditions, strict=True))
    ]
    for value in graph.inputs:
        row = next(item for item in entry.inputs if item.node == value.name)
        _configure_type(value, row.value, places.get(value.name, {}), table)


def _configure_condition(
    built: Condition, row: schema.Condition, places: Places, table: Formulas
) -> Condition:
    left = _size(row.left, "left", places, table)
    return replace(built, left=left, right=_size(row.right, "right", places, table))


def _size_nodes(entry: schema.Entry) -> dict[str, schema.Size]:
    """Returns the nodes that compute integers from sizes, with what they compute."""
    return {
        node.name: node.value.expression
        for node in entry.nodes
        if isinstance(node.value, schema.ScalarValue) and node.value.expression is not None
    }


def _size(size: schema.Size, place: str, places: Places, table: Formulas) -> Size:
    if isinstance(size, int):
        return table.size(size, places.get(place))
    inside = {
        int(key.rpartition("#")[2]): index
        for key, index in places.items()
        if key.startswith(f"{place}#")
    }
    return import_configured(size, lambda at, value: table.size(value, inside.get(at)))


def _configure_node(
    node: Node,
    row: schema.Node,
    places: Mapping[str, Places],
    sizes: Mapping[str, schema.Size],
    table: Formulas,
) -> None:
    own = places.get(row.name, {})

    def changed(built: Argument, given: schema.Argument, place: str) -> Argument:
        if isinstance(built, list) and isinstance(given, list):
            pairs = zip(built, given, strict=True)
            return [changed(one, two, f"{place}.{i}") for i, (one, two) in enumerate(pairs)]
        if isinstance(given, schema.Atom):
            size = given.size if given.node is None else sizes.get(given.node)
            return built if size is None else _size(size, place, own, table)
        if isinstance(given, int | float) and not isinstance(given, bool):
            return table.number(given, own.get(place))
        return built

    pairs = zip(node.args, row.args, strict=True)
    node.args = [changed(one, two, f"args.{i}") for i, (one, two) in enumerate(pairs)]
    node.kwargs = {
        name: changed(built, row.kwargs[name], f"kwargs.{name}")
        for name, built in node.kwargs.items()
    }
    _configure_type(node.result, row.value, own, table)


def _configure_type(
    value: Value, given: schema.Value | None, places: Places, table: Formulas
) -> None:
    match value.type, given:
        case TensorType() as kind, schema.TensorValue():
            value.type = _tensor(kind, given, "value", places, table)
        case TupleType(items), schema.ListValue(items=rows):
            value.type = TupleType(
                tuple(
                    _tensor(item, row, f"value.{i}", places, table)
                    if isinstance(item, TensorType) and isinstance(row, schema.TensorValue)
                    else item
                    for i, (item, row) in enumerate(zip(items, rows, strict=True))
                )
            )
        case _:
            return


def _tensor(
    kind: TensorType, given: schema.TensorValue, place: str, places: Places, table: Formulas
) -> TensorType:
    shape = (_size(size, f"{place}.{i}", places, table) for i, size in enumerate(given.shape))
    return replace(kind, shape=tuple(shape))
