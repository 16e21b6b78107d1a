"""Settles the input sets of an entry: given, recorded or drawn, and accepted by PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pycandle.errors import Diagnostic, PyCandleError
from pycandle.manifest.schema import Entry, Manifest
from pycandle.verify.door import read_inputs, write_for_rust, write_for_torch
from pycandle.verify.input_sets import Sizes, choices, draw_inputs
from pycandle.verify.reference import Reference, ReplayError, replay_refusal
from pycandle.verify.tensor_file import Array, TensorFile


@dataclass(frozen=True)
class Proposal:
    """Values for a set, before PyTorch has seen them."""

    name: str
    values: dict[str, Array]
    """By path."""
    golden: str | None = None
    """Where the trace has the recording's own outputs: the prefix of their names."""


@dataclass(frozen=True)
class InputSet:
    """One input set, and the file of PyTorch's float32 answer to it."""

    proposal: Proposal
    torch_inputs: Path
    rust_inputs: Path
    torch: Path
    notes: tuple[str, ...] = ()
    """Which larger or smaller sizes PyTorch refused before."""


@dataclass(frozen=True)
class Settled:
    """The sets of an entry."""

    sets: tuple[InputSet, ...]
    dropped: tuple[str, ...] = ()
    """Why there is no set of larger sizes, or of the smallest."""


@dataclass(frozen=True)
class Subject:
    """What is verified: an entry of a manifest, and how PyTorch runs it."""

    manifest: Manifest
    entry: Entry
    reference: Reference
    weights: Path
    """As Rust reads them."""
    trace: TensorFile | None
    own_weights: bool
    """Whether the weights are those that the model was recorded with."""
    scratch: Path


Options = Sequence[Callable[[], Proposal]]
"""The choices for one set, in order; the first one that PyTorch accepts is the set."""


def settle_sets(subject: Subject, inputs: Sequence[Path]) -> Settled:
    """Returns the sets, each replayed in float32.

    Sizes that PyTorch refuses give way to smaller ones, which the set's notes say. A set that was
    given or recorded, or that has the recorded sizes, must run: PyTorch's error is a refusal.
    """
    options = list(_given(subject, inputs) if inputs else _own(subject))
    try:
        # One process for all: starting torch costs seconds.
        return Settled(tuple(_replay(subject, [first[0]() for first in options])))
    except ReplayError as error:
        if len(options) == 1 and len(options[0]) == 1:
            raise replay_refusal(error, subject.reference.manifest) from error
    sets: list[InputSet] = []
    dropped: list[str] = []
    for choice in options:
        notes: list[str] = []
        for propose in choice:
            proposal = propose()
            try:
                sets += _replay(subject, [proposal], len(sets), tuple(notes))
                break
            except ReplayError as error:
                if len(choice) == 1 and _must_run(choice, options, inputs):
                    raise replay_refusal(error, subject.reference.manifest) from error
                notes.append(f"PyTorch refuses {proposal.name}: {error.reason}")
        else:
            dropped += notes
    return Settled(tuple(sets), tuple(dropped))


def _must_run(choice: Options, options: Sequence[Options], inputs: Sequence[Path]) -> bool:
    """Whether the set was asked for, or has the recorded sizes, which come first."""
    return bool(inputs) or choice is options[0]


def _given(subject: Subject, inputs: Sequence[Path]) -> Iterator[Options]:
    problems: list[Diagnostic] = []
    for path in inputs:
        try:
            values = read_inputs(subject.entry, path)
        except PyCandleError as error:
            problems += error.diagnostics
            continue
        yield [lambda path=path, values=values: Proposal(path.name, values)]
    if problems:
        raise PyCandleError(problems)


def _own(subject: Subject) -> Iterator[Options]:
    """Yields the recording's own inputs in place of the set of recorded sizes, and drawn ones."""
    recorded = list(_recorded(subject))
    yield from recorded
    for number, sizes in enumerate(choices(subject.entry)):
        if number == 0 and recorded:
            continue
        yield [lambda item=item, number=number: _drawn(subject, item, number) for item in sizes]


def _recorded(subject: Subject) -> Iterator[Options]:
    for position, record in enumerate(subject.entry.records):
        trace = subject.trace
        number = position if record.number is None else record.number
        prefix = f"record.{number}/"
        if not record.golden or trace is None:
            continue
        values = read_inputs(subject.entry, trace.path, prefix=f"{prefix}input/")
        # What a model of half floats returned is rounded as the replay in float32 is not.
        is_whole = subject.manifest.dtype in ("float32", "float64")
        golden = f"{prefix}output/" if subject.own_weights and is_whole else None
        proposal = Proposal(f"record {number}", values, golden)
        yield [lambda proposal=proposal: proposal]


def _drawn(subject: Subject, sizes: Sizes, number: int) -> Proposal:
    seed = f"set.{number}"
    return Proposal(sizes.name, draw_inputs(subject.entry, seed, sizes.shapes))


def _replay(
    subject: Subject,
    proposals: Sequence[Proposal],
    start: int = 0,
    notes: tuple[str, ...] = (),
) -> list[InputSet]:
    """Writes the sets and replays them in float32; raises ReplayError."""
    sets = [
        InputSet(
            proposal,
            subject.scratch / f"set{number}.torch_inputs.safetensors",
            subject.scratch / f"set{number}.inputs.safetensors",
            subject.scratch / f"set{number}.float32.safetensors",
            notes,
        )
        for number, proposal in enumerate(proposals, start)
    ]
    for item in sets:
        values, entry, model = item.proposal.values, subject.entry, subject.manifest.dtype
        write_for_torch(item.torch_inputs, entry, values, model=model)
        write_for_rust(item.rust_inputs, entry, values, model=model, dtype="float32")
        item.torch.unlink(missing_ok=True)
    files = [item.torch_inputs for item in sets]
    subject.reference.replay(
        files, [item.torch for item in sets], "float32", scratch=subject.scratch
    )
    return sets
