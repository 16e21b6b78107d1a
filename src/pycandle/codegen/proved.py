"""A program whose numbers follow from settings only as far as that is proved.

What cannot be proved of a setting fixes it: its numbers are literals then, as they were recorded.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from pycandle.codegen.computed import find_recipes
from pycandle.codegen.config.witnesses import find_unproved
from pycandle.codegen.program import Program, build_program
from pycandle.codegen.stages import Watch
from pycandle.codegen.structure.layout import find_misfits
from pycandle.errors import PyCandleError
from pycandle.formulas import settings_of
from pycandle.importer import import_manifest
from pycandle.ir.configured import is_configured
from pycandle.ir.graph import Graph
from pycandle.ir.printer import print_graph
from pycandle.manifest.schema import Manifest
from pycandle.passes import run_passes
from pycandle.passes.pipeline import PIPELINE, REQUIRED


def build_proved(
    manifest: Manifest, disabled: frozenset[str] = frozenset(), watch: Watch | None = None
) -> Program:
    """Returns the program of a manifest; `fixed` in it has the settings that could not be proved.

    `disabled`: names of passes to leave out. Raises PyCandleError with every gap. `watch` sees what
    each stage makes.
    """
    kinds = {state.name: state.kind for state in manifest.state}
    disabled = _left_out(manifest, disabled)
    fixed: dict[str, int | float] = {}
    while True:
        graphs = _graphs(manifest, fixed, disabled, watch=watch)
        unproved = _other_graphs(manifest, fixed, disabled, graphs) or find_unproved(graphs).keys()
        if not unproved:
            try:
                recipes = find_recipes(manifest, fixed)
                program = build_program(graphs, kinds, watch, recipes)
            except PyCandleError:
                if not graphs[0].origins.settings:
                    raise
                # What is refused with formulas may still have a lowering as it was recorded.
                fixed |= graphs[0].origins.settings
                continue
            unproved = _uncounted(program)
            if not unproved:
                program.fixed = fixed
                return program
        settings = graphs[0].origins.settings
        fixed |= {path: settings[path] for path in unproved}


def _left_out(manifest: Manifest, disabled: frozenset[str]) -> frozenset[str]:
    """Returns the passes to leave out: also one without which settings make no other graph.

    A pass that knows a mask by its numbers may know it for some settings only.
    """

    def are_alike(left_out: frozenset[str]) -> bool:
        graphs = _graphs(manifest, {}, left_out)
        return not _other_graphs(manifest, {}, left_out, graphs)

    if are_alike(disabled):
        return disabled
    names = (item.name for item in PIPELINE if item.name not in REQUIRED)
    more = (disabled | {name} for name in names)
    return next((left_out for left_out in more if are_alike(left_out)), disabled)


def _graphs(
    manifest: Manifest,
    fixed: Mapping[str, int | float],
    disabled: frozenset[str],
    sample: int | None = None,
    watch: Watch | None = None,
) -> list[Graph]:
    seen = watch or Watch()

    def see(stage: str, graph: Graph) -> None:
        seen.see(stage, lambda: print_graph(graph).rstrip("\n"), graph.name)

    graphs = import_manifest(manifest, fixed, sample)
    problems = [problem for graph in graphs for problem in find_misfits(graph)]
    if problems:
        raise PyCandleError(list({problem.render(): problem for problem in problems}.values()))
    for graph in graphs:
        see("import", graph)
        run_passes(graph, disabled=disabled, after=lambda item, after: see(item.name, after))
    return graphs


def _other_graphs(
    manifest: Manifest,
    fixed: Mapping[str, int | float],
    disabled: frozenset[str],
    graphs: Sequence[Graph],
) -> set[str]:
    """Returns settings with which the passes make another graph.

    The samples in which most settings change are looked at, and the others where one of them fails.
    """
    origins = graphs[0].origins
    recorded = tuple(origins.settings.values())
    moved = [
        {path for path, one, two in zip(origins.settings, row, recorded, strict=True) if one != two}
        for row in origins.samples
    ]
    wanted = [_shape(graph) for graph in graphs]

    def is_other(sample: int) -> bool:
        return wanted != [_shape(g) for g in _graphs(manifest, fixed, disabled, sample)]

    order = sorted(range(len(moved)), key=lambda sample: len(moved[sample]))
    if not any(is_other(sample) for sample in order[-2:]):
        return set()
    return moved[next(sample for sample in order if is_other(sample))]


def _shape(graph: Graph) -> Hashable:
    """Returns a graph without its numbers."""
    return tuple(
        (node.target, node.result.name, tuple(v.name for v in node.inputs()))
        for node in graph.nodes
    )


def _uncounted(program: Program) -> set[str]:
    """Returns the settings of containers whose children are not all made by one count.

    And of those whose layers are of kinds that a setting gives, but not in the code.
    """
    called = {call.module.rpartition(".")[0] for graph in program.graphs for call in graph.calls}
    kinds = program.graphs[0].origins.kinds
    unkinded = {item.count for path, item in kinds.items() if path not in program.kinded}
    return unkinded | {
        path
        for container, length in program.graphs[0].origins.lengths.items()
        if is_configured(length) and container in called and container not in program.counted
        for path in settings_of(length.formula)
    }
