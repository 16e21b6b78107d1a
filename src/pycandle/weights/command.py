"""The command line of the weights engine, for a script without PyCandle's dependencies."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from pycandle.errors import PyCandleError
from pycandle.weights.extraction import Progress, Report, check_output, summarize, write
from pycandle.weights.planning import plan

_SHOWN = 20
"""Names of unexpected tensors and ignored globals that are shown."""


def main(argv: Sequence[str] | None = None) -> int:
    """Extracts as the arguments say; returns 0, or 1 where that is refused, or 2 for misuse."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as exit_request:
        return exit_request.code if isinstance(exit_request.code, int) else 2
    try:
        planned = plan(arguments.checkpoint, arguments.manifest, subtree=arguments.subtree)
        check_output(planned, arguments.out)
        if not arguments.dry_run:
            write(planned, arguments.out, progress=_terminal_progress())
    except PyCandleError as error:
        _print_error(error, as_json=arguments.json)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    report = summarize(planned)
    done = "would write" if arguments.dry_run else "wrote"
    for line in render_report(report, done, arguments.out):
        print(line, file=sys.stderr)
    if arguments.json:
        print(json.dumps({"written": not arguments.dry_run, **asdict(report)}, indent=2))
    return 0


def render_report(report: Report, done: str, out: Path) -> Iterator[str]:
    """Yields the lines of a report; `done` is its verb."""
    yield f"{done} {report.tensors} tensors, {report.nbytes:,} bytes, to {out}"
    yield f"checkpoint: {report.format}"
    if report.subtree:
        yield f"state dict: below `{report.subtree}`"
    if report.rule is not None:
        yield f"names: {report.rule}"
    if report.from_trace:
        yield f"from the trace: {report.from_trace} tensors"
    for conversion, count in report.conversions.items():
        yield f"converted, as Candle lacks the dtype: {count} tensors from {conversion}"
    yield from _render_names("in the checkpoint, but not in the model", report.unexpected)
    yield from _render_names("not imported from the pickle", report.ignored_globals)


def _render_names(what: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
        more = ", ..." if len(names) > _SHOWN else ""
        yield f"{what}: {len(names)} ({shown}{more})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Writes the weights that a recorded model needs to one safetensors file."
    )
    parser.add_argument(
        "--checkpoint",
        type=Path,
        required=True,
        help="safetensors, torch.save file, index of shards, or a directory with one of these",
    )
    parser.add_argument(
        "--manifest", type=Path, required=True, help="manifest of the recorded model"
    )
    parser.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    parser.add_argument(
        "--subtree", help="keys, joined by dots, of the state dict in a checkpoint with several"
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    parser.add_argument("--json", action="store_true", help="print the report to stdout as JSON")
    return parser


def _print_error(error: PyCandleError, *, as_json: bool) -> None:
    print(error.render(), file=sys.stderr)
    if as_json:
        diagnostics = [asdict(item) for item in error.diagnostics]
        print(json.dumps({"written": False, "diagnostics": diagnostics}, indent=2))


def _terminal_progress() -> Progress | None:
    """Returns a function that shows the progress on stderr; None where that is no terminal."""
    if not sys.stderr.isatty():
        return None
    last = 0.0

    def show(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done >= total:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        elif now - last > 0.1:
            last = now
            text = f"\r{100 * done // total} % of {total:,} bytes"
            print(text, end="", file=sys.stderr, flush=True)

    return show
