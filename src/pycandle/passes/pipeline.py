"""The passes, in order."""

from collections.abc import Callable

from pycandle.ir.graph import Graph
from pycandle.ir.verifier import verify
from pycandle.passes.functionalize import Functionalize
from pycandle.passes.interface import Pass
from pycandle.passes.merge_duplicates import MergeDuplicates
from pycandle.passes.recognize_bands import RecognizeBands
from pycandle.passes.recognize_ordered_indices import RecognizeOrderedIndices
from pycandle.passes.recognize_rms_norm import RecognizeRmsNorm
from pycandle.passes.remove_assertions import RemoveAssertions
from pycandle.passes.remove_dead_code import RemoveDeadCode
from pycandle.passes.remove_no_ops import RemoveNoOps
from pycandle.passes.remove_true_masks import RemoveTrueMasks

PIPELINE: tuple[Pass, ...] = (
    RemoveAssertions(),  # First: an assertion reads values, and would keep them alive.
    Functionalize(),  # Before every pass that moves or drops reads.
    RemoveNoOps(),
    MergeDuplicates(),  # After no-ops, which hide that two operands are one.
    RecognizeOrderedIndices(),  # After no-ops, which hide that an index begins at 0.
    RecognizeBands(),  # After duplicates, which hide what one mask is computed with.
    RemoveTrueMasks(),  # After bands, which make ones of masks that are true everywhere.
    RecognizeRmsNorm(),  # After no-ops: a cast that changes nothing hides which form it is.
    RemoveDeadCode(),  # Last: every pass above may leave dead nodes.
)

REQUIRED = frozenset({"remove-assertions", "functionalize"})
"""Passes without which no lowering is right; `--no-pass` cannot switch them off."""


def run_passes(
    graph: Graph,
    *,
    disabled: frozenset[str] = frozenset(),
    after: Callable[[Pass, Graph], None] | None = None,
) -> None:
    """Runs the pipeline on a graph, in place; the verifier checks it after every pass."""
    for item in PIPELINE:
        if item.name in disabled and item.name not in REQUIRED:
            continue
        if item.run(graph):
            verify(graph, after=item.name)
        if after is not None:
            after(item, graph)
