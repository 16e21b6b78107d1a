"""What an extraction will do, decided before a byte is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pycandle.errors import Diagnostic, Place, PyCandleError, refusal
from pycandle.weights.agreement import check_tensor, describe, missing_tensors
from pycandle.weights.byte_file import stamp_file
from pycandle.weights.checkpoint import Checkpoint, Checksum, FileStamp, ShardTensor, StoredTensor
from pycandle.weights.conversions import CASTS, Conversion, find_conversion, fits, make_converter
from pycandle.weights.location import Location, read_location
from pycandle.weights.matching import MAX_WRAPPERS, Match, match_names
from pycandle.weights.opening import open_checkpoint
from pycandle.weights.reading import TensorReader
from pycandle.weights.renaming import Rename
from pycandle.weights.required_state import RequiredState, RequiredTensor, read_required_state
from pycandle.weights.safetensors_file import Layout, plan_layout, read_header
from pycandle.weights.sharded import ShardNames, find_in_shard, list_names


class PlannedTensor(NamedTuple):
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

    @property
    def nbytes(self) -> int:
        """Bytes that are written."""
        nbytes = self.source.nbytes
        return nbytes if self.conversion is None else self.conversion.scale(nbytes)

    @property
    def transform(self) -> tuple[str, ...]:
        """What is done to the stored bytes, in order; nothing where they are copied."""
        steps = ["inflate"] if self.source.deflated is not None else []
        steps += ["make contiguous"] if self.source.strides is not None else []
        return (*steps, *([] if self.conversion is None else [str(self.conversion)]))


class Plan(NamedTuple):
    """An extraction that has passed every check."""

    checkpoint: Location
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
    stamps: Mapping[Location, FileStamp]
    """Of every file that is read."""
    inputs: tuple[Location, ...]
    """Every file that must not be overwritten, the trace last."""
    checksums: Mapping[Location, tuple[Checksum, ...]]
    """Of the parts of archives, by the archive."""

    @property
    def layout(self) -> Layout:
        """Where each tensor goes in the file to write."""
        return plan_layout((item.name, item.dtype, item.source.shape) for item in self.tensors)


def plan(
    checkpoint: str | Location,
    manifest: Path,
    *,
    subtree: str | None = None,
    renames: tuple[Rename, ...] = (),
    dtype: str | None = None,
) -> Plan:
    """Returns what an extraction of `manifest`'s state from `checkpoint` reads and writes.

    `subtree` names the state dict in a checkpoint that holds several. `renames` are applied to the
    checkpoint's names, in order. `dtype`, one of `CASTS`, is what the checkpoint's floats of 16
    bits and more are cast to. Raises PyCandleError with everything that is missing, ambiguous or
    of another shape or dtype.
    """
    required = read_required_state(manifest)
    opened = open_checkpoint(read_location(checkpoint))
    match, problems = _match(opened, required, subtree, renames)
    shards: dict[Location, Checkpoint] = {}
    sources, found = _resolve(opened, match, shards)
    problems += found
    files = (opened, *shards.values())
    stamps = {item.path: item.stamp for item in files if item.stamp is not None}
    if required.from_trace:
        stamps[required.trace] = stamp_file(required.trace)
    from_trace, found = _read_trace(required)
    problems += found
    with TensorReader(stamps) as reader:
        chosen, found = _choose(required, sources, from_trace, reader, find_cast(dtype))
    problems += found
    if problems:
        raise PyCandleError(problems)
    return Plan(
        opened.path,
        opened.format,
        manifest,
        tuple(chosen),
        ".".join(match.subtree),
        match.rule,
        match.unexpected,
        tuple(sorted({name for item in files for name in item.ignored_globals})),
        stamps,
        (*opened.files, manifest, required.trace),
        {item.path: item.checksums for item in files if item.checksums},
    )


def find_cast(dtype: str | None) -> str | None:
    """Returns the tag of a dtype to cast to; raises PyCandleError where it cannot be."""
    if dtype is None:
        return None
    if dtype not in CASTS:
        raise refusal("bad-dtype", f"`{dtype}` is none of {', '.join(CASTS)}")
    make_converter(Conversion("F64", CASTS[dtype]))  # Is NumPy there?
    return CASTS[dtype]


def _match(
    opened: Checkpoint,
    required: RequiredState,
    subtree: str | None,
    renames: tuple[Rename, ...],
) -> tuple[Match, list[Diagnostic]]:
    """Returns the reading of the checkpoint's names, and what is wrong with it."""
    if subtree is not None:
        _check_subtree(opened, subtree)
    wanted = required.from_checkpoint
    readings = match_names(opened.tensors, wanted, required.known_names, subtree, renames)
    if len(readings) > 1:
        raise PyCandleError(_ambiguous_subtrees(opened, readings))
    match = readings[0]
    problems = list(_ambiguous_names(opened, match))
    problems += missing_tensors(opened.path, match, wanted)
    problems += _unused_renames(opened, match)
    return match, problems


_Sources = dict[str, list[tuple[str, StoredTensor]]]


def _resolve(
    opened: Checkpoint, match: Match, shards: dict[Location, Checkpoint]
) -> tuple[_Sources, list[Diagnostic]]:
    """Returns the stored tensors of a match; opens the shards that hold them, and only those."""
    sources: _Sources = {}
    problems: list[Diagnostic] = []
    names: dict[Location, ShardNames] = {}
    for target, refs in match.found.items():
        for name, ref in refs:
            if isinstance(ref, ShardTensor):
                if ref.shard not in shards and opened.open_shard is not None:
                    shards[ref.shard] = opened.open_shard(ref.shard)
                    names[ref.shard] = list_names(shards[ref.shard])
                ref = find_in_shard(names[ref.shard], opened.path, ref)
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
    cast: str | None,
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
            # What the recording holds has the dtype in which the model reads it.
            wanted_dtype = cast if item.trace_name is None else None
            conversion = find_conversion(source.dtype, wanted_dtype)
            chosen.append(PlannedTensor(item.name, name, source, conversion))
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
        fits(conversion, block) for _, block in reader.blocks(source)
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


def _unused_renames(opened: Checkpoint, match: Match) -> Iterator[Diagnostic]:
    for item in match.unused_renames:
        title = f"`--rename {item}` matches no name of the checkpoint"
        yield Diagnostic("unused-rename", title, Place(str(opened.path)))


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
