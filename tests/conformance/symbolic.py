"""The sweep with free sizes: the first two dims of each tensor of a float32 sample.

`PYTHONPATH=tests python -m conformance.symbolic --help` says what can be chosen. A sample is run
at its own sizes and at others that its export allows, and compared with PyTorch at both.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.export import Dim

from conformance.bodies import Refused, body_of
from conformance.exporting import NotExported, graph_of, program_of
from conformance.judging import judge
from conformance.kept import Kept
from conformance.other_sizes import Shapes, at_another_size
from conformance.samples import Sample
from conformance.sweep import Verdict, chosen
from ops.crate import Program, run_program
from ops.lowered import Body
from ops.values import Stored
from pycandle.errors import PyCandleError
from pycandle.ir.sizes import Symbol
from pycandle.ir.types import TensorType
from pycandle.recorder.symbols import SymbolNames

BATCH = 400
FREE = 2
"""Dims of each tensor: a batch and one more."""
GOOD = ("right", "refused", "fixed", "not exported")


@dataclass(frozen=True)
class SampleRun:
    """A sample's tensors and sizes as the suite's program stores them."""

    inputs: tuple[Stored, ...]
    symbols: dict[str, int]
    model: None = None


@dataclass(frozen=True)
class Ready:
    """A sample with its Rust, at its own sizes and at others."""

    body: Body
    constants: tuple[torch.Tensor, ...]
    sizes: tuple[tuple[Sample, dict[str, int]], ...]


def sweep(samples: Iterable[Sample], crate: str, kept: Kept | None = None) -> Iterator[Verdict]:
    """Yields a verdict for each sample, those of a batch together; `kept` has those of before."""
    waiting: list[Ready] = []
    for sample in samples:
        found = kept.verdict(sample.key) if kept is not None else None
        if found is None:
            found = _prepare(sample)
            if isinstance(found, Ready):
                waiting.append(found)
                if len(waiting) == BATCH:
                    yield from _judge_all(waiting, crate, kept)
                    waiting = []
                continue
            if kept is not None:
                kept.add(found)
        yield found
    if waiting:
        yield from _judge_all(waiting, crate, kept)


def _prepare(sample: Sample) -> Ready | Verdict:
    free = [{dim: Dim.AUTO for dim in _free_dims(x)} for x in sample.tensors]
    if not any(free):
        return Verdict(sample.key, "fixed", "no tensor has a dim of 2 or more")
    try:
        return _ready(sample, {"tensors": tuple(free)})
    except NotExported as error:
        return Verdict(sample.key, "not exported", str(error))
    except Refused as error:
        return Verdict(sample.key, "refused", str(error))
    except PyCandleError as error:
        return Verdict(sample.key, "refused", error.diagnostics[0].title)
    except Exception as error:
        return Verdict(sample.key, "crash", f"{type(error).__name__}: {error}")


def _free_dims(tensor: torch.Tensor) -> list[int]:
    """Returns the dims that torch can make free: 0 and 1 are special to it."""
    return [dim for dim, size in enumerate(tensor.shape[:FREE]) if size > 1]


def _ready(sample: Sample, dynamic_shapes: Any) -> Ready | Verdict:
    program = program_of(sample, dynamic_shapes)
    names = SymbolNames()
    graph, tensors = graph_of(program, sample, names)
    own = [value.type for value in graph.inputs[: len(sample.tensors)]]
    shapes = [kind.shape for kind in own if isinstance(kind, TensorType)]
    symbols = _symbols(sample, shapes)
    if not symbols:
        return Verdict(sample.key, "fixed", "the op fixes every size")
    if symbols.keys() != set(names.names.values()):
        raise NotExported("a size that no input has")
    body = body_of(graph)
    lines = [f"let {name} = sizes[{i}];" for i, name in enumerate(sorted(symbols))]
    body = dataclasses.replace(body, text="\n".join([*lines, body.text]))
    other = at_another_size(sample, program, shapes, symbols)
    if other is None:
        return Verdict(sample.key, "fixed", "the export runs at no other size that was tried")
    return Ready(body, tuple(tensors[len(sample.tensors) :]), ((sample, symbols), other))


def _symbols(sample: Sample, shapes: Shapes) -> dict[str, int]:
    """Returns the sizes that a sample has for the symbols."""
    return {
        size.name: value
        for tensor, shape in zip(sample.tensors, shapes, strict=True)
        for size, value in zip(shape, tensor.shape, strict=True)
        if isinstance(size, Symbol)
    }


def _judge_all(ready: list[Ready], crate: str, kept: Kept | None) -> Iterator[Verdict]:
    bodies = list(dict.fromkeys(item.body for item in ready))
    places = {body: index for index, body in enumerate(bodies)}
    runs: list[tuple[int, Any]] = []
    for item in ready:
        for sample, symbols in item.sizes:
            inputs = tuple(_stored(x) for x in (*sample.tensors, *item.constants))
            runs.append((places[item.body], SampleRun(inputs, symbols)))
    outcomes = run_program(Program(tuple(bodies), tuple(runs)), crate)
    pairs = zip(outcomes[::2], outcomes[1::2], strict=True)
    for item, (plain, resized) in zip(ready, pairs, strict=True):
        (sample, _), (other, sizes) = item.sizes
        status, reason = judge(sample, plain)
        if status == "right":
            status, reason = judge(other, resized)
            reason = f"at {sizes}: {reason}" if reason else ""
        verdict = Verdict(sample.key, status, reason)
        if kept is not None:
            kept.add(verdict)
        yield verdict


def _stored(tensor: torch.Tensor) -> Stored:
    value = tensor.detach().clone(memory_format=torch.contiguous_format)
    return Stored(value, (), value)


def main() -> int:
    """Sweeps, and writes the page where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ops", default="", help="a regular expression")
    parser.add_argument("--per-op", type=int, help="the first samples of each op")
    parser.add_argument("--part", type=float, default=1.0, help="how many of them are drawn")
    parser.add_argument("--page", type=Path, help="where the table is written")
    options = parser.parse_args()
    started = time.monotonic()
    found: list[Verdict] = []
    samples = chosen(["float32"], options.ops, options.per_op, options.part)
    for verdict in sweep(samples, "conformance-symbolic", Kept.of_this_compiler()):
        found.append(verdict)
        if verdict.status not in GOOD:
            print(f"{verdict.key}: {verdict.status}: {verdict.reason}", flush=True)
        if len(found) % 500 == 0:
            print(f"{len(found)} samples, {time.monotonic() - started:.0f} s", file=sys.stderr)
    if options.page is not None:
        from conformance.symbolic_page import page

        options.page.write_text(page(found), encoding="utf-8")
    counts = Counter(verdict.status for verdict in found)
    print(", ".join(f"{n} {status}" for status, n in counts.items()), file=sys.stderr)
    return int(any(verdict.status not in GOOD for verdict in found))


if __name__ == "__main__":
    sys.exit(main())
