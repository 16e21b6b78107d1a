"""Turns the regions of a graph into the types of a file, from the innermost out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from pycandle.codegen.bodies.definitions import Definer
from pycandle.codegen.bodies.general_functions import share_general
from pycandle.codegen.bodies.mixed_rows import Enums
from pycandle.codegen.bodies.row_functions import share_rows
from pycandle.codegen.bodies.sizes import name_symbols
from pycandle.codegen.config.layer_kinds import find_kinds_fields
from pycandle.codegen.config.settings import ConfigFields
from pycandle.codegen.stages import Watch
from pycandle.codegen.structure.groups import Group, build_groups, level_classes, walk_groups
from pycandle.codegen.structure.layout import Layouts, find_layouts
from pycandle.codegen.structure.lists import ListValue, find_lists
from pycandle.codegen.structure.loops import Loop
from pycandle.codegen.structure.optional import find_optional
from pycandle.codegen.structure.optional_arguments import find_optional_arguments, hand_on
from pycandle.codegen.structure.optional_children import mark_optional_children
from pycandle.codegen.structure.prune import prune
from pycandle.codegen.structure.recipes import Recipes
from pycandle.codegen.structure.region_text import render_layouts, render_loops, render_regions
from pycandle.codegen.structure.regions import Region, build_tree, connect, name_results, walk
from pycandle.codegen.structure.returned_lists import find_returned
from pycandle.codegen.structure.shared_state import find_passes, is_reachable
from pycandle.codegen.unification.branches import join_branches
from pycandle.codegen.unification.head_split import name_head_splits
from pycandle.codegen.unification.joined_loops import join_loops
from pycandle.codegen.unification.methods import has_methods_of, with_methods_of
from pycandle.codegen.unification.settled import settle
from pycandle.codegen.unification.tokens import Tokens
from pycandle.codegen.unification.types import (
    Definition,
    Instance,
    Type,
    construction,
    signature,
    unify,
)
from pycandle.errors import PyCandleError
from pycandle.ir.graph import Graph, Value
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake


@dataclass
class Program:
    """The types of a model, in an order in which each stands after those that it uses."""

    graphs: list[Graph]
    """One for each entry."""
    roots: list[Region]
    """The root's call in each entry."""
    types: list[Type] = field(default_factory=list[Type])
    instances: dict[Region, Instance] = field(default_factory=dict[Region, Instance])
    config: ConfigFields = field(default_factory=ConfigFields)
    counted: set[str] = field(default_factory=set[str])
    """FQNs of containers of which all children are made by one count."""
    kinded: set[str] = field(default_factory=set[str])
    """FQNs of containers of whose layers a setting says of what kind each is."""
    fixed: dict[str, int | float] = field(default_factory=dict[str, "int | float"])
    """Settings that the code holds as they were recorded, with their values."""
    recipes: Recipes = field(default_factory=Recipes)
    """The state tensors that `new` computes, and why it reads those that no checkpoint holds."""
    inlined: list[str] = field(default_factory=list[str])
    """FQNs of modules whose boundaries could not be kept."""
    loops: dict[Region, list[Loop]] = field(default_factory=dict["Region", "list[Loop]"])
    """The loops of each call that was defined."""


def build_program(
    graphs: Sequence[Graph],
    kinds: dict[str, str],
    watch: Watch | None = None,
    recipes: Recipes | None = None,
) -> Program:
    """Returns the types of a model from the graph of each entry, which share their state.

    `kinds`: the kind of each state tensor by name, in the order of the state dict; `recipes`: what
    is computed and not read. Raises PyCandleError with everything that has no lowering. `watch`
    sees what each stage makes.
    """
    watch, recipes = watch or Watch(), recipes or Recipes()
    layouts = [find_layouts(graph) for graph in graphs]
    for graph, found in zip(graphs, layouts, strict=True):
        watch.see("layouts", partial(render_layouts, graph, found), graph.name)
    problems = [problem for found in layouts for problem in found.problems]
    if problems:
        raise PyCandleError(list({d.render(): d for d in problems}.values()))
    inlined: list[str] = []
    roots = [build_tree(graph, inlined) for graph in graphs]
    _connect(roots, graphs)
    _see(watch, "regions", roots, graphs, inlined)
    prune(roots)
    _connect(roots, graphs)
    lists = find_lists(roots)
    for root, graph in zip(roots, graphs, strict=True):
        lists += find_returned(root, graph)
    for root in roots:
        name_results(root)
    _see(watch, "modules", roots, graphs, ())
    program = _Builder(list(graphs), roots, layouts, lists, kinds, recipes).run()
    program.inlined = inlined
    watch.see("loops", lambda: render_loops(program.loops))
    return program


def _see(
    watch: Watch,
    stage: str,
    roots: Sequence[Region],
    graphs: Sequence[Graph],
    inlined: Sequence[str],
) -> None:
    for root, graph in zip(roots, graphs, strict=True):
        watch.see(stage, partial(render_regions, graph.name, root), graph.name)
    if inlined:
        watch.see(stage, lambda: "\n".join(["inlined:", *(f"  {p}" for p in inlined)]), "inlined")


def _connect(roots: Sequence[Region], graphs: Sequence[Graph]) -> None:
    for root, graph in zip(roots, graphs, strict=True):
        connect(root, graph)


class _Builder:
    def __init__(
        self,
        graphs: list[Graph],
        roots: list[Region],
        layouts: list[Layouts],
        lists: list[ListValue],
        kinds: dict[str, str],
        recipes: Recipes,
    ) -> None:
        config = ConfigFields(graphs[0].origins)
        self.program = Program(graphs, roots, config=config, recipes=recipes)
        self.layouts = {value: found for item in layouts for value, found in item.of.items()}
        self.layouts |= dict.fromkeys(lists, Layout.CONTIGUOUS)
        root = build_groups(roots)
        level_classes(root)
        self.groups = list(walk_groups(root))
        group_of = {region: group for group in self.groups for region in group.regions}
        self.group_of = group_of
        home = {node: graph.calls[node.call].module for graph in graphs for node in graph.nodes}
        passes = find_passes(root, home)
        self.shared = frozenset(value for found in passes.loaded.values() for value in found)
        """State that several modules read."""
        origins = graphs[0].origins
        self.tokens = Tokens(passes, group_of, origins.lengths, recipes.found, origins.kinds)
        self.token_of: dict[Region, int] = {}
        self.definitions: dict[Hashable, Definition] = {}
        names = Names({"new"})
        self.definer = Definer(
            self.program.instances,
            group_of,
            passes,
            home,
            kinds,
            graphs[0].origins.lengths,
            recipes.found,
            split={value for item in layouts for value, _ in item.items},
            symbols={
                region: symbols
                for graph, call in zip(graphs, roots, strict=True)
                for symbols in (name_symbols(graph.inputs),)
                for region in walk(call)
            },
            graphs=dict(zip(roots, graphs, strict=True)),
            enums=Enums(self.program.types),
            layer_kinds=find_kinds_fields(config),
            entries={
                call: names.fresh(snake(graph.name))
                for graph, call in zip(graphs, roots, strict=True)
            },
        )

    def run(self) -> Program:
        self.program.loops = self.definer.loops
        self._find_facts([region for group in self.groups for region in group.regions])
        for height in range(max(group.height for group in self.groups) + 1):
            self._level([group for group in self.groups if group.height == height])
        return self.program

    def _find_facts(self, regions: list[Region]) -> None:
        """Takes the worst layout that each argument has in any call of a module or function."""
        worst: dict[tuple[str, str, str, int], Layout] = {}
        for region in regions:
            for i, value in enumerate(region.inputs):
                key = (region.kind, region.file, region.name, i)
                found = self.layouts.get(value, Layout.STRIDED)
                worst[key] = max(worst.get(key, Layout.CONTIGUOUS), found)
        for region in regions:
            region.facts = {
                value: worst[region.kind, region.file, region.name, i]
                for i, value in enumerate(region.inputs)
            }

    def _level(self, groups: list[Group]) -> None:
        """Defines all groups of one height, and makes types of them."""
        self._find_optional(groups)
        self.definer.survey(groups)
        exact: dict[Group, Hashable] = {}
        ways: dict[Group, dict[int, Region]] = {}
        for group in groups:
            ways[group] = self._ways(group)
            exact[group] = tuple(ways[group])
            if exact[group] not in self.definitions:
                self.definitions[exact[group]] = self.definer.define(
                    group, list(ways[group].values())
                )
        tokens = list(dict.fromkeys(exact[group] for group in groups))
        self._share_methods(tokens)
        calls: dict[Hashable, list[Region]] = {}
        for group in groups:
            calls.setdefault(exact[group], []).extend(group.regions)
        here = {token: self.definitions[token] for token in tokens}
        first = {token: found[0] for token, found in calls.items()}
        here |= share_general(here, first, self.definer.define_generalized)
        self.definitions |= here | join_branches(here, calls)
        alike: dict[object, list[Hashable]] = {}
        for token in tokens:
            alike.setdefault(signature(self.definitions[token]), []).append(token)
        found: dict[Hashable, tuple[Type, tuple[t.Expr, ...]]] = {}
        for one_type in alike.values():
            name = f"__T{len(self.program.types)}__"
            definitions = [self.definitions[token] for token in one_type]
            made, values = unify(definitions, name, self.program.config)
            made.definition = join_loops(name_head_splits(settle(made.definition)))
            if made.kind == "struct":
                self.program.types += share_rows(made, self.program.types)
            self.program.types.append(made)
            found.update((token, (made, row)) for token, row in zip(one_type, values, strict=True))
        for group in groups:
            made, values = found[exact[group]]
            self._settle(group, list(ways[group]), made, values)

    def _find_optional(self, groups: list[Group]) -> None:
        """Makes calls of one class alike where some lack steps that others have."""
        instances = self.program.instances

        def key(child: Region) -> Hashable:
            instance = instances[child]
            return instance.type.token, instance.method, len(instance.sizes)

        def may_miss(region: Region, value: Value) -> bool:
            group = self.group_of[region]
            return (
                value not in self.shared
                and group.relative(value.state or "") is not None
                and is_reachable(group)
                and not self.definer.is_recorded(value)
            )

        regions = [region for group in groups for region in group.regions]
        for region in regions:
            hand_on(region)
        self._know_ghosts(find_optional_arguments(regions, key, may_miss))
        others = [region for region in regions if not region.optional]
        self._know_ghosts(find_optional(others, key, may_miss))
        mark_optional_children(others, key)

    def _know_ghosts(self, ghosts: Iterable[Region]) -> None:
        """Makes calls that are missing instances of what those are that they stand for."""
        for ghost in ghosts:
            assert ghost.ghost_of is not None
            self.program.instances[ghost] = self.program.instances[ghost.ghost_of]
            self.group_of[ghost] = self.group_of[ghost.ghost_of]

    def _share_methods(self, tokens: list[Hashable]) -> None:
        """Makes modules that are called in fewer ways than another of their class its equals."""
        made_alike: dict[object, list[Hashable]] = {}
        for token in tokens:
            if self.definitions[token].kind == "struct":
                made_alike.setdefault(construction(self.definitions[token]), []).append(token)
        for alike in made_alike.values():
            model = max(alike, key=lambda token: len(self.definitions[token].methods))
            for token in alike:
                if not has_methods_of(self.definitions[model], self.definitions[token]):
                    continue
                found = with_methods_of(self.definitions[token], self.definitions[model])
                self.definitions[token] = found

    def _ways(self, group: Group) -> dict[int, Region]:
        """Returns the different bodies among the calls of a group, each with its first call."""
        found: dict[int, Region] = {}
        for entry, region in enumerate(group.regions):
            token = self.tokens.token(region, self.program.instances)
            # Each entry is a method, also where two of them compute the same.
            self.token_of[region] = token if region.parent is not None else -1 - entry
            found.setdefault(self.token_of[region], region)
        return found

    def _settle(
        self, group: Group, ways: list[int], made: Type, values: tuple[t.Expr, ...]
    ) -> None:
        """Notes what each call of a group is an instance of."""
        definition = self.definitions[tuple(ways)]
        for known, paths in (
            (self.program.counted, definition.counted),
            (self.program.kinded, definition.kinded),
        ):
            known |= {".".join(part for part in (group.first.path, path) if part) for path in paths}
        for region in group.regions:
            way = definition.ways[ways.index(self.token_of[region])]
            sizes = tuple(size for size, _ in definition.methods[way.method].sizes)
            self.program.instances[region] = Instance(
                made, values, way.method, sizes, way.arguments
            )
            made.attributes.add(region.path.rpartition(".")[2])
            made.paths.append(region.path)
