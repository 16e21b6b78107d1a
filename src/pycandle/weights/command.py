"""The command line of the weights engine, for a script without PyCandle's dependencies."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from pycandle.errors import Diagnostic, PyCandleError, UsageError
from pycandle.weights.conversions import CASTS
from pycandle.weights.extraction import summarize
from pycandle.weights.output_parts import split_plan
from pycandle.weights.planning import Plan, plan
from pycandle.weights.renaming import read_rename
from pycandle.weights.terminal import render_plan, render_report, terminal_progress
from pycandle.weights.writing import WriteOptions, Written, check_output, write

_WIDTH = 100
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS |= {"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40}


def main(argv: Sequence[str] | None = None) -> int:
    """Extracts as the arguments say; returns 0, or 1 where that is refused, or 2 for misuse."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as exit_request:
        return exit_request.code if isinstance(exit_request.code, int) else 2
    try:
        options = _read_options(arguments)
        planned = plan(
            arguments.checkpoint,
            arguments.manifest,
            subtree=arguments.subtree,
            renames=tuple(map(read_rename, arguments.rename)),
            dtype=arguments.dtype,
        )
        check_output(planned, arguments.out, options)
        parts = split_plan(planned, options.max_shard_size)
        written = None
        if not arguments.dry_run:
            written = write(planned, arguments.out, options, progress=terminal_progress())
    except PyCandleError as error:
        _print_error(error, as_json=arguments.json)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; the output is as it was", file=sys.stderr)
        return 130
    report = summarize(planned, written)
    for line in render_report(report, "would write" if written is None else "wrote", arguments.out):
        print(line, file=sys.stderr)
    if arguments.json:
        _print_json(planned, written, options)
    elif arguments.dry_run:
        for line in render_plan(parts):
            print(line)
    return 0


def parse_size(text: str) -> int:
    """Returns the bytes that `5GB`, `500MiB` or `1000` are; raises UsageError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([A-Za-z]*)", text.strip())
    unit = None if found is None else _UNITS.get(found[2].upper())
    if found is None or unit is None:
        raise UsageError(Diagnostic("bad-size", f"`{text}` is no size such as `5GB` or `500MiB`"))
    size = int(float(found[1]) * unit) if "." in found[1] else int(found[1]) * unit
    if size < 1:
        raise UsageError(Diagnostic("bad-size", f"`{text}` holds no tensor"))
    return size


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Writes the weights that a recorded model needs to one safetensors file.",
        # Asked for the width of the terminal, argparse imports compression libraries.
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=_WIDTH),
    )
    add = parser.add_argument
    add(
        "--checkpoint",
        required=True,
        help="safetensors, torch.save file, index of shards, a directory with one of these, or"
        " an https:// or hf:// address",
    )
    add("--manifest", type=Path, required=True, help="manifest of the recorded model")
    add("--out", type=Path, required=True, help="safetensors file to write")
    add("--subtree", help="keys, joined by dots, of the state dict in a checkpoint with several")
    add(
        "--rename",
        action="append",
        default=[],
        metavar="REGEX=REPL",
        help="change the checkpoint's names, as re.sub does; may be repeated, in order",
    )
    add("--dtype", choices=list(CASTS), help="cast floats of the checkpoint; needs NumPy")
    add("--max-shard-size", metavar="SIZE", help="write shards of at most 5GB or so, and an index")
    add("--ledger", type=Path, help="write to this JSON file what each tensor was made of")
    add("--verify", action="store_true", help="read everything again before replacing the output")
    add("--dask", metavar="ADDRESS", help="copy with the workers of this Dask scheduler")
    add("--dry-run", action="store_true", help="check everything, print the plan, write nothing")
    add("--json", action="store_true", help="print report and plan to stdout as JSON")
    return parser


def _read_options(arguments: argparse.Namespace) -> WriteOptions:
    size = arguments.max_shard_size
    return WriteOptions(
        max_shard_size=None if size is None else parse_size(size),
        ledger=arguments.ledger,
        verify=arguments.verify,
        dask=arguments.dask,
    )


def _print_json(planned: Plan, written: Written | None, options: WriteOptions) -> None:
    from pycandle.weights.ledger import describe_plan

    report = summarize(planned, written)._asdict()
    report["losses"] = [item._asdict() for item in report["losses"]]
    described = describe_plan(split_plan(planned, options.max_shard_size))
    print(json.dumps({"written": written is not None, **report, "plan": described}, indent=2))


def _print_error(error: PyCandleError, *, as_json: bool) -> None:
    print(error.render(), file=sys.stderr)
    if as_json:
        diagnostics = [
            {**item._asdict(), "place": None if item.place is None else item.place._asdict()}
            for item in error.diagnostics
        ]
        print(json.dumps({"written": False, "diagnostics": diagnostics}, indent=2))
