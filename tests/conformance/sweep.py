"""The sweep: samples are exported, lowered, built and run in batches, and judged.

`PYTHONPATH=tests python -m conformance.sweep --help` says what can be chosen. What was found is
kept in `build/conformance`: an export by sample, a verdict by the Rust that it was found for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from conformance.bodies import Refused, body_of
from conformance.exporting import NotExported
from conformance.exports import Exports
from conformance.judging import judge
from conformance.samples import SEED, Sample, entry_names, samples_of
from ops.crate import KERNELS, ROOT, Program, run_program
from ops.lowered import Body
from ops.values import Stored
from pycandle.codegen.source.kernels import with_dependencies
from pycandle.errors import PyCandleError

FOLDER = ROOT / "build" / "conformance"
EXPORTS = FOLDER / "exports"
BATCH = 400
DTYPES = ("float32", "float64", "bfloat16", "float16", "int64", "int32", "uint8", "bool")
PER_OP = 3
"""Of each dtype but float32, of which every sample is taken."""
GOOD = ("right", "refused", "not exported")


@dataclass(frozen=True)
class Verdict:
    """What became of a sample."""

    key: str
    status: str
    """`right`, `refused`, `not exported`; `wrong`, `error`, `panic`, `no build`, `crash`."""
    reason: str = ""
    body: str = ""
    """A digest of the Rust and of the kernels that it calls."""


@dataclass(frozen=True)
class SampleRun:
    """A sample's tensors as the suite's program stores them."""

    inputs: tuple[Stored, ...]
    model: None = None
    symbols: tuple[()] = ()


@dataclass(frozen=True)
class Ready:
    """A sample with its Rust."""

    sample: Sample
    body: Body
    tensors: tuple[torch.Tensor, ...]

    @property
    def digest(self) -> str:
        """Changes with the Rust and with the kernels that it calls."""
        names = with_dependencies(self.body.runtime)
        kernels = [(KERNELS / f"{name}.rs").read_text() for name in names]
        return hashlib.sha256(repr((self.body.text, kernels)).encode()).hexdigest()[:16]


def sweep(samples: Iterable[Sample], *, crate: str = "conformance") -> Iterator[Verdict]:
    """Yields a verdict for each sample, those of a batch together.

    What was right stays so as long as the Rust is the same, but in another `crate` than the
    sweep's own, where nothing is kept.
    """
    kept = _kept_verdicts() if crate == "conformance" else {}
    waiting: list[Ready] = []
    with Exports(EXPORTS) as exports:
        for sample in samples:
            found = _prepare(sample, exports)
            if isinstance(found, Verdict):
                yield found
                continue
            old = kept.get(sample.key)
            if old is not None and old.status == "right" and old.body == found.digest:
                yield old
                continue
            waiting.append(found)
            if len(waiting) == BATCH:
                yield from _judge_all(waiting, crate)
                waiting = []
    if waiting:
        yield from _judge_all(waiting, crate)


def _prepare(sample: Sample, exports: Exports) -> Ready | Verdict:
    try:
        graph, tensors = exports.graph(sample)
        body = body_of(graph)
    except NotExported as error:
        return Verdict(sample.key, "not exported", str(error))
    except Refused as error:
        return Verdict(sample.key, "refused", str(error))
    except PyCandleError as error:
        return Verdict(sample.key, "refused", error.diagnostics[0].title)
    except Exception as error:
        return Verdict(sample.key, "crash", f"{type(error).__name__}: {error}")
    return Ready(sample, body, tuple(tensors))


def _judge_all(ready: list[Ready], crate: str) -> Iterator[Verdict]:
    bodies = list(dict.fromkeys(item.body for item in ready))
    runs: list[tuple[int, Any]] = []
    for item in ready:
        for strided in (False, True):
            inputs = tuple(_stored(tensor, strided=strided) for tensor in item.tensors)
            runs.append((bodies.index(item.body), SampleRun(inputs)))
    outcomes = run_program(Program(tuple(bodies), tuple(runs)), crate)
    pairs = zip(outcomes[::2], outcomes[1::2], strict=True)
    for item, (plain, strided) in zip(ready, pairs, strict=True):
        status, reason = judge(item.sample, plain)
        if status == "right":
            status, reason = judge(item.sample, strided)
            reason = f"strided: {reason}" if reason else ""
        verdict = Verdict(item.sample.key, status, reason, item.digest)
        if crate == "conformance":
            with (FOLDER / "verdicts.jsonl").open("a") as file:
                file.write(json.dumps(asdict(verdict)) + "\n")
        yield verdict


def _stored(tensor: torch.Tensor, *, strided: bool) -> Stored:
    value = tensor.detach().clone(memory_format=torch.contiguous_format)
    if not strided or tensor.dim() == 0 or tensor.numel() == 0:
        return Stored(value, (), value)
    if tensor.dim() == 1:
        wide = torch.cat([value[:1], value, value[-1:]])
        return Stored(wide, (f"n:0:1:{len(value)}",), value)
    last = tensor.dim() - 1
    turned = value.transpose(last - 1, last).contiguous()
    return Stored(turned, (f"t:{last - 1}:{last}",), value)


def _kept_verdicts() -> dict[str, Verdict]:
    path = FOLDER / "verdicts.jsonl"
    if not path.exists():
        return {}
    rows = (json.loads(line) for line in path.read_text().splitlines())
    return {row["key"]: Verdict(**row) for row in rows}


def chosen(
    dtypes: Iterable[str], pattern: str = "", per_op: int | None = None, part: float = 1.0
) -> Iterator[Sample]:
    """Yields the samples of a sweep; `part` of them are drawn, the same ones every time.

    `per_op` is how many of each op and dtype are taken: all of float32, and three of others.
    """
    for dtype in dtypes:
        count = PER_OP if per_op is None and dtype != "float32" else per_op
        for name in entry_names():
            if not re.search(pattern, name):
                continue
            for sample in samples_of(name, dtype):
                if count is not None and sample.index >= count:
                    break
                drawn = random.Random(f"{SEED} {sample.key}").random() < part
                if drawn:
                    yield sample


def main() -> int:
    """Sweeps, and writes the page where everything was swept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dtypes", default=",".join(DTYPES))
    parser.add_argument("--ops", default="", help="a regular expression")
    parser.add_argument("--per-op", type=int, help="the first samples of each op and dtype")
    parser.add_argument("--part", type=float, default=1.0, help="how many of them are drawn")
    parser.add_argument("--page", type=Path, help="where the table is written")
    options = parser.parse_args()
    found: list[Verdict] = []
    names = options.dtypes.split(",")
    for verdict in sweep(chosen(names, options.ops, options.per_op, options.part)):
        found.append(verdict)
        if verdict.status not in GOOD:
            print(f"{verdict.key}: {verdict.status}: {verdict.reason}", flush=True)
    if options.page is not None:
        from conformance.page import page

        options.page.write_text(page(found), encoding="utf-8")
    counts = {s: sum(v.status == s for v in found) for s in dict.fromkeys(v.status for v in found)}
    print(", ".join(f"{count} {status}" for status, count in counts.items()), file=sys.stderr)
    return int(any(verdict.status not in GOOD for verdict in found))


if __name__ == "__main__":
    sys.exit(main())
