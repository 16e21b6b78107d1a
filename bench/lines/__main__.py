"""Prints the lines of code of candle-transformers and of the examples, model by model.

With `--pedantic` it prints what clippy counts in the examples instead.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lines.counting import count_code
from lines.pedantic import count_pedantic
from lines.theirs import fetch_source, read_parts
from pycandle.codegen import generate
from write_examples import files_of, names, read

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 0.9
"""Of their lines, in total."""

HEAD = """\
| model | theirs | ours | ratio | theirs, bare | ratio | our runtime |
|---|---:|---:|---:|---:|---:|---:|"""


@dataclass(frozen=True)
class Row:
    """The lines of one model, or of all."""

    model: str
    theirs: int
    """Without their cache, and without what is another model, task or variant."""
    bare: int
    """Without attention by other kernels and settings of further checkpoints as well."""
    ours: int
    runtime: int
    """Of what is copied beside ours because Candle lacks it."""

    def render(self) -> str:
        """Returns the row of the table."""
        ratios = (f"{self.ours / lines:.2f}" for lines in (self.theirs, self.bare))
        first, second = ratios
        cells = (self.model, self.theirs, self.ours, first, self.bare, second, self.runtime)
        return f"| {' | '.join(map(str, cells))} |"


def main(arguments: Sequence[str]) -> int:
    """Prints the table; returns 1 if the total is over the limit."""
    if "--pedantic" in arguments:
        return print_pedantic()
    print(HEAD)
    rows: list[Row] = []
    for row in measure(fetch_source(ROOT / "build" / "candle-transformers")):
        rows.append(row)
        print(row.render(), flush=True)
    total = Row(
        "total",
        sum(row.theirs for row in rows),
        sum(row.bare for row in rows),
        sum(row.ours for row in rows),
        sum(row.runtime for row in rows),
    )
    print(total.render())
    return 1 if total.ours > LIMIT * total.theirs else 0


def print_pedantic() -> int:
    """Prints the number of pedantic warnings of each example."""
    files = {name: files_of(name, generate(read(name))) for name in names()}
    counts = count_pedantic(files, ROOT / "build" / "pedantic")
    print("| model | pedantic |\n|---|---:|")
    for name in files:
        print(f"| {name} | {counts[name]} |")
    print(f"| total | {counts.total()} |")
    return 0


def measure(source: Path) -> Iterator[Row]:
    """Yields a row for each model. `source`: the folder of their models."""
    for model, parts in read_parts().items():
        files = files_of(model, generate(read(model)))
        ours = {path: count_code(text) for path, text in files.items()}
        runtime = ours.get(f"{model}/runtime.rs", 0)
        yield Row(
            model,
            sum(part.count(source, ("cache", "other")) for part in parts),
            sum(part.count(source) for part in parts),
            sum(ours.values()) - runtime,
            runtime,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
