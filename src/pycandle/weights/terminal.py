"""What a user sees of an extraction: a bar while it runs, and a report."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from pycandle.weights.copying import CastLosses, Progress
from pycandle.weights.extraction import Report
from pycandle.weights.output_parts import Part

_SHOWN = 20
"""Names that are shown of a list."""

_INTERVAL = 0.1
"""Seconds between two pictures of the bar."""

_BAR = 24


def render_report(report: Report, done: str, out: Path) -> Iterator[str]:
    """Yields the lines of a report; `done` is its verb."""
    yield f"{done} {report.tensors} tensors, {report.nbytes:,} bytes, to {_target(report, out)}"
    yield f"checkpoint: {report.format}"
    if report.subtree:
        yield f"state dict: below `{report.subtree}`"
    if report.rule is not None:
        yield f"names: {report.rule}"
    if report.from_trace:
        yield f"from the trace: {report.from_trace} tensors"
    for conversion, count in report.conversions.items():
        yield f"converted, as Candle lacks the dtype: {count} tensors from {conversion}"
    for conversion, count in report.casts.items():
        yield f"cast: {count} tensors from {conversion}"
    yield from _render_losses(report.losses)
    yield from _render_names("in the checkpoint, but not in the model", report.unexpected)
    yield from _render_names("not imported from the pickle", report.ignored_globals)


def render_plan(parts: Sequence[Part]) -> Iterator[str]:
    """Yields a line for each tensor to write, with tabs between what it is and what it is made of.

    Columns: name, dtype, shape, file, key, offset, length, stored dtype, transform.
    """
    for part in parts:
        for copy in part.copies():
            item, source = copy.tensor, copy.tensor.source
            shape = "x".join(map(str, source.shape)) or "scalar"
            transform = ", ".join(item.transform) or "copy"
            columns = (item.name, item.dtype, shape, source.file, item.source_name, source.offset)
            yield "\t".join(map(str, (*columns, source.nbytes, source.dtype, transform)))


def terminal_progress() -> Progress | None:
    """Returns a function that shows a bar on stderr; None where that is no terminal."""
    if not sys.stderr.isatty():
        return None
    begin = last = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done >= total:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        elif now - last > _INTERVAL:
            last = now
            print(f"\r\033[K{render_bar(done, total, now - begin)}", end="", file=sys.stderr)
            sys.stderr.flush()

    return show


def render_bar(done: int, total: int, seconds: float) -> str:
    """Returns a bar with the bytes so far, the bytes per second and the seconds to go."""
    speed = done / seconds if seconds > 0 else 0.0
    left = f", {(total - done) / speed:,.0f} s left" if speed else ""
    filled = _BAR * done // total
    text = f"{100 * done // total:3} % of {_size(total)}, {_size(speed)}/s{left}"
    # Imported here, as it takes longer than all that a small extraction does.
    import shutil

    if shutil.get_terminal_size().columns <= len(text) + _BAR + 3:
        return text
    return f"[{'#' * filled}{' ' * (_BAR - filled)}] {text}"


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.2f} GB"


def _target(report: Report, out: Path) -> str:
    if len(report.files) > 1:
        return f"{len(report.files) - 1} shards of {report.files[-1]}"
    return str(out)


def _render_losses(losses: Sequence[CastLosses]) -> Iterator[str]:
    overflows: dict[str, list[CastLosses]] = defaultdict(list)
    for item in losses:
        if item.overflows:
            overflows[item.target].append(item)
    for target, found in overflows.items():
        count = sum(item.overflows for item in found)
        names = ", ".join(f"`{item.tensor}`" for item in found[:_SHOWN])
        more = ", ..." if len(found) > _SHOWN else ""
        yield (
            f"warning: {count:,} finite values of {len(found)} tensors are infinite in {target}"
            f" ({names}{more})"
        )
    if underflows := sum(item.underflows for item in losses):
        yield f"rounded to zero by casts: {underflows:,} values"


def _render_names(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
        more = ", ..." if len(names) > _SHOWN else ""
        yield f"{what}: {len(names)} ({shown}{more})"
