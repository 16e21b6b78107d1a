"""Finding the names of a model's state in a checkpoint that wraps or prefixes them.

A checkpoint is read under one rule for all of its names. Deciding name by name would be wrong for
a model that has a submodule called `module`: `module.fc.weight` of its wrapped checkpoint is
`fc.weight` of the model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from pycandle.weights.checkpoint import NamePath, TensorRef
from pycandle.weights.renaming import Rename, Renaming
from pycandle.weights.required_state import RequiredTensor

MAX_WRAPPERS = 4
"""How many keys deep a state dict may lie in its checkpoint."""

_PRIVATE = {"_orig_mod", "_fsdp_wrapped_module"}
"""What torch.compile and FSDP call the module that they wrap, at any depth."""

_Rename: TypeAlias = Callable[[str], str]


class Match(NamedTuple):
    """One reading of a checkpoint's names."""

    subtree: NamePath
    """The keys that lead to the state dict."""
    rule: str | None
    """What was taken away from names, in words; None for nothing."""
    found: Mapping[str, tuple[tuple[str, TensorRef], ...]]
    """Canonical name to the checkpoint's names for it, and their tensors."""
    ambiguous: Mapping[str, tuple[str, ...]]
    """Canonical name to several names in the checkpoint that become the same one."""
    unexpected: tuple[str, ...]
    """Names of this state dict that are none of the model's."""
    unused_renames: tuple[Rename, ...] = ()
    """What was to be renamed, and stands in no name."""

    @property
    def complete(self) -> bool:
        """Whether each tensor has exactly one source, its aliases aside."""
        return not self.ambiguous and all(self.found.values())

    @property
    def sourced(self) -> int:
        """How many tensors have a source."""
        return sum(map(bool, self.found.values())) + len(self.ambiguous)

    @property
    def sources(self) -> dict[str, frozenset[TensorRef]]:
        """The tensors that would be read, for comparing two readings."""
        return {name: frozenset(ref for _, ref in refs) for name, refs in self.found.items()}


def match_names(
    tensors: Mapping[NamePath, TensorRef],
    required: Iterable[RequiredTensor],
    known: set[str],
    subtree: str | None = None,
    renames: tuple[Rename, ...] = (),
) -> list[Match]:
    """Returns the possible readings, best first; never none.

    The first is the answer if it is complete and the only one. Several complete ones disagree on
    which tensor to read. `subtree` restricts the search to the state dict below these keys, joined
    by dots. `renames` are applied in order to each name, once a wrapper's prefix is off.
    """
    wanted = tuple(required)
    readings: list[Match] = []
    for prefix in _candidates(tensors, wanted, subtree, renames):
        names = {
            ".".join(path[len(prefix) :]): ref
            for path, ref in tensors.items()
            if path[: len(prefix)] == prefix
        }
        readings += _readings(prefix, names, wanted, known, renames)
    complete = [match for match in readings if match.complete]
    if not complete:
        return [max(readings, key=lambda match: match.sourced)]
    if complete[0].rule is not None:
        rivals = [match for match in readings if _has_rival(match, complete[0])]
        if rivals:
            return [rivals[0]]
    return _distinct(complete)


def _candidates(
    tensors: Mapping[NamePath, TensorRef],
    wanted: tuple[RequiredTensor, ...],
    subtree: str | None,
    renames: tuple[Rename, ...],
) -> list[NamePath]:
    """Returns the keys to every dict that may be the state dict, outermost first; never none."""
    # No rule changes the last part of a name. An optimizer holds thousands of dicts with others.
    lasts = {name.rpartition(".")[2] for item in wanted for name in item.names}
    rename = Renaming(renames)
    counts: dict[NamePath, int] = {(): 0}
    for path in tensors:
        likely = rename(path[-1]).rpartition(".")[2] in lasts if path else False
        for depth in range(min(len(path), MAX_WRAPPERS + 1)):
            counts[path[:depth]] = counts.get(path[:depth], 0) + likely
    if subtree is not None:
        return [prefix for prefix in counts if ".".join(prefix) == subtree] or [()]
    # An incomplete checkpoint is still reported against its most likely state dict.
    large = [prefix for prefix, count in counts.items() if count >= max(len(wanted), 1)]
    chosen = large or sorted(counts, key=lambda prefix: -counts[prefix])[:8]
    return sorted(chosen, key=len)


def _readings(
    prefix: NamePath,
    names: Mapping[str, TensorRef],
    wanted: tuple[RequiredTensor, ...],
    known: set[str],
    renames: tuple[Rename, ...],
) -> list[Match]:
    """Returns a reading under each rule that applies to these names."""
    components = {part for name in (*names, *known) for part in name.split(".")}
    private = _strip(_PRIVATE)
    rules: list[tuple[str | None, _Rename, _Rename]] = [(None, str, str)]
    if components & _PRIVATE:
        rules.append(("without `_orig_mod` and `_fsdp_wrapped_module`", private, private))
    if "module" in components:
        for lead in ("module.", "module.module."):
            if all(private(name).startswith(lead) for name in names):
                rules.append((f"without the prefix `{lead}`", _strip_lead(lead), private))
        everywhere = _strip(_PRIVATE | {"module"})
        rules.append(("without `module` at any place", everywhere, everywhere))
    return [_read(prefix, names, wanted, known, rule, Renaming(renames)) for rule in rules]


def _read(
    prefix: NamePath,
    names: Mapping[str, TensorRef],
    wanted: tuple[RequiredTensor, ...],
    known: set[str],
    rule: tuple[str | None, _Rename, _Rename],
    rename: Renaming,
) -> Match:
    """Returns the reading in which a source and a target agree once both are renamed."""
    words, rename_source, rename_target = rule
    by_name: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_name[rename(rename_source(name))].append(name)
    targets: dict[str, set[str]] = defaultdict(set)
    for item in wanted:
        for name in item.names:
            targets[rename_target(name)].add(item.name)
    found: dict[str, tuple[tuple[str, TensorRef], ...]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for item in wanted:
        sources: list[tuple[str, TensorRef]] = []
        for name in dict.fromkeys(map(rename_target, item.names)):
            matching = by_name.get(name, [])
            if len({names[source] for source in matching}) > 1 or (
                matching and len(targets[name]) > 1
            ):
                ambiguous[item.name] = tuple(matching)
            sources += [(source, names[source]) for source in matching]
        found[item.name] = () if item.name in ambiguous else tuple(sources)
    expected = set(map(rename_target, known))
    unexpected = tuple(
        source for name in by_name if name not in expected for source in by_name[name]
    )
    return Match(prefix, words, found, ambiguous, unexpected, rename.unused)


def _strip(components: set[str]) -> _Rename:
    """Returns the function that drops whole components of a dotted name."""

    def strip(name: str) -> str:
        return ".".join(part for part in name.split(".") if part not in components)

    return strip


def _strip_lead(lead: str) -> _Rename:
    """Returns the function that drops a leading `lead`, and private components anywhere."""
    private = _strip(_PRIVATE)
    return lambda name: private(name).removeprefix(lead)


def _has_rival(match: Match, chosen: Match) -> bool:
    """Returns whether a reading has a second source for a tensor, which `chosen` leaves unread."""
    read = {name for refs in chosen.found.values() for name, _ in refs}
    return match.subtree == chosen.subtree and any(
        not read.issuperset(names) for names in match.ambiguous.values()
    )


def _distinct(readings: list[Match]) -> list[Match]:
    """Returns the readings that read different tensors, first ones first."""
    kept: list[Match] = []
    for match in readings:
        if all(match.sources != other.sources for other in kept):
            kept.append(match)
    return kept
