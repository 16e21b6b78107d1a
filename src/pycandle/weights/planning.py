"""What an extraction will do, decided before a byte is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.weights.agreement import check_tensor, describe, missing_tensors
from pycandle.weights.checkpoint import Checkpoint, FileStamp, ShardTensor, StoredTensor
from pycandle.weights.conversions import Conversion, find_conversion
from pycandle.weights.matching import MAX_WRAPPERS, Match, match_names
from pycandle.weights.opening import open_checkpoint
from pycandle.weights.reading import TensorReader, stamp_file
from pycandle.weights.required_state import RequiredState, RequiredTensor, read_required_state
from pycandle.weights.safetensors_file import Layout, plan_layout, read_header
from pycandle.weights.sharded import find_in_shard


@dataclass(frozen=True, slots=True)
class PlannedTensor:
    """One tensor of the file to write."""

    name: str
    """Canonical."""
    source_name: str
    """In the checkpoint or in the trace."""
    source: StoredTensor
    conversion: Conversion | None
    """None where the stored bytes are written as they are."""

    @property
    def dtype(self) -> str:
        """The tag that is written."""
        return self.source.dtype if self.conversion is None else self.conversion.target


@dataclass(frozen=True)
class Plan:
    """An extraction that has passed every check."""

    checkpoint: Path
    format: str
    manifest: Path
    tensors: tuple[PlannedTensor, ...]
    subtree: str
    """The keys, joined by dots, below which the state dict lies in the checkpoint."""
    rule: str | None
    """What was taken away from the checkpoint's names, in words."""
    unexpected: tuple[str, ...]
    """The checkpoint's names that are none of the model's."""
    ignored_globals: tuple[str, ...]
    """What loading the pickle would have imported beside the classes of tensors."""
    stamps: Mapping[Path, FileStamp]
    """Of every file that is read."""
    inputs: tuple[Path, ...]
    """Every file that must not be overwritten."""

    @cached_property
    def layout(self) -> Layout:
        """Where each tensor goes in the file to write."""
        return plan_layout((item.name, item.dtype, item.source.shape) for item in self.tensors)


def plan(checkpoint: Path, manifest: Path, *, subtree: str | None = None) -> Plan:
    """Returns what an extraction of `manifest`'s state from `checkpoint` reads and writes.

    `subtree` names the state dict in a checkpoint that holds several. Raises PyCandleError with
    everything that is missing, ambiguous or of another shape or dtype.
    """
    required = read_required_state(manifest)
    opened = open_checkpoint(checkpoint)
    if subtree is not None:
        _check_subtree(opened, subtree)
    readings = match_names(opened.tensors, required.from_checkpoint, required.known_names, subtree)
    if len(readings) > 1:
        raise PyCandleError(_ambiguous_subtrees(opened, readings))
    match = readings[0]
    problems = list(_ambiguous_names(opened, match))
    problems += missing_tensors(opened.path, match, required.from_checkpoint)
    shards: dict[Path, Checkpoint] = {}
    sources, found = _resolve(opened, match, shards)
    problems += found
    stamps = {
        item.path: item.stamp for item in (opened, *shards.values()) if item.stamp is not None
    }
    if required.from_trace:
        stamps[required.trace] = stamp_file(required.trace)
    from_trace, found = _read_trace(required)
    problems += found
    with TensorReader(stamps) as reader:
        chosen, found = _choose(required, sources, from_trace, reader)
    problems += found
    if problems:
        raise PyCandleError(problems)
    ignored = {name for item in (opened, *shards.values()) for name in item.ignored_globals}
    return Plan(
        opened.path,
        opened.format,
        manifest,
        tuple(chosen),
        ".".join(match.subtree),
        match.rule,
        match.unexpected,
        tuple(sorted(ignored)),
        stamps,
        (*opened.files, manifest, required.trace),
    )


_Sources = dict[str, list[tuple[str, StoredTensor]]]


def _resolve(
    opened: Checkpoint, match: Match, shards: dict[Path, Checkpoint]
) -> tuple[_Sources, list[Diagnostic]]:
    """Returns the stored tensors of a match; opens the shards that hold them, and only those."""
    sources: _Sources = {}
    problems: list[Diagnostic] = []
    for target, refs in match.found.items():
        for name, ref in refs:
            if isinstance(ref, ShardTensor):
                if ref.shard not in shards and opened.open_shard is not None:
                    shards[ref.shard] = opened.open_shard(ref.shard)
                ref = find_in_shard(shards[ref.shard], opened.path, ref.name)
            if isinstance(ref, Diagnostic):
                problems.append(ref)
            else:
                sources.setdefault(target, []).append((name, ref))
    return sources, problems


def _read_trace(
    required: RequiredState,
) -> tuple[dict[str, tuple[str, StoredTensor]], list[Diagnostic]]:
    """Returns the tensors that the trace holds for the state, by canonical name."""
    if not required.from_trace:
        return {}, []
    header = read_header(required.trace)
    found: dict[str, tuple[str, StoredTensor]] = {}
    problems: list[Diagnostic] = []
    for item in required.from_trace:
        name = item.trace_name or item.name
        entry = header.tensors.get(name)
        if entry is None:
            title = f"the trace lacks `{name}`, which the model reads"
            place = Place(str(required.trace), detail=f"tensor `{name}`")
            hint = "record the model again, and keep manifest and trace together"
            problems.append(Diagnostic("missing-constant", title, place, describe(item), hint))
        else:
            stored = StoredTensor(required.trace, entry.offset, entry.dtype, entry.shape)
            found[item.name] = (name, stored)
    return found, problems


def _choose(
    required: RequiredState,
    sources: _Sources,
    from_trace: Mapping[str, tuple[str, StoredTensor]],
    reader: TensorReader,
) -> tuple[list[PlannedTensor], list[Diagnostic]]:
    """Returns the tensors to write, and what is wrong with them."""
    chosen: list[PlannedTensor] = []
    problems: list[Diagnostic] = []
    wanted = [(item, sources.get(item.name, [])) for item in required.from_checkpoint]
    wanted += [
        (item, [from_trace[item.name]]) for item in required.from_trace if item.name in from_trace
    ]
    for item, refs in wanted:
        found = [problem for name, source in refs for problem in check_tensor(item, name, source)]
        if refs and not found:
            found = list(_check_content(item, refs, reader))
        problems += found
        if refs and not found:
            name, source = refs[0]
            chosen.append(PlannedTensor(item.name, name, source, find_conversion(source.dtype)))
    return chosen, problems


def _check_content(
    item: RequiredTensor, refs: list[tuple[str, StoredTensor]], reader: TensorReader
) -> Iterator[Diagnostic]:
    """Yields what only the bytes tell: aliases that differ, integers that do not fit."""
    name, source = refs[0]
    for other, stored in refs[1:]:
        if not reader.is_equal(source, stored):
            yield Diagnostic(
                "untied-aliases",
                f"`{name}` and `{other}` are one tensor in the model, and differ here",
                Place(str(source.file), detail=f"tensor `{item.name}`"),
                hint="record the model in which they are not tied",
            )
    conversion = find_conversion(source.dtype)
    if conversion is not None and not all(
        conversion.fits(block) for _, block in reader.blocks(source)
    ):
        yield Diagnostic(
            "value-out-of-range",
            f"Candle has no {source.dtype}, and a value does not fit {conversion.target}",
            Place(str(source.file), detail=f"tensor `{name}`"),
        )


def _check_subtree(opened: Checkpoint, subtree: str) -> None:
    """Raises PyCandleError if the checkpoint has nothing below these keys."""
    known = {
        ".".join(path[:depth])
        for path in opened.tensors
        for depth in range(min(len(path), MAX_WRAPPERS + 1))
    }
    if subtree not in known:
        names = ", ".join(f"`{name}`" for name in sorted(known - {""})[:20])
        raise refusal(
            "no-subtree",
            f"the checkpoint holds no tensors below `{subtree}`",
            place=Place(str(opened.path)),
            label=f"it has {names}" if names else None,
        )


def _ambiguous_names(opened: Checkpoint, match: Match) -> Iterator[Diagnostic]:
    for target, names in match.ambiguous.items():
        yield Diagnostic(
            "ambiguous-name",
            f"several tensors of the checkpoint can be `{target}`",
            Place(str(opened.path), detail=f"tensor `{target}`"),
            label=", ".join(f"`{name}`" for name in names),
        )


def _ambiguous_subtrees(opened: Checkpoint, readings: list[Match]) -> Diagnostic:
    lines = [
        f"`{'.'.join(match.subtree)}`" + ("" if match.rule is None else f" {match.rule}")
        for match in readings
    ]
    named = [".".join(match.subtree) for match in readings if match.subtree]
    hint = f"choose one, for example `--subtree {named[0]}`" if len(set(named)) > 1 else None
    return Diagnostic(
        "ambiguous-checkpoint",
        "the checkpoint holds several state dicts of this model, with different tensors",
        Place(str(opened.path)),
        label="\n".join(lines),
        hint=hint,
    )
