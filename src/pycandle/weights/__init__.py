"""Checkpoints to weights files: only the needed bytes, in constant memory, and no pickle runs.

A plain extraction imports nothing outside the standard library, so that this package works as
vendored source.
"""

from pycandle.weights.extraction import Report, extract, summarize
from pycandle.weights.planning import Plan, PlannedTensor, plan
from pycandle.weights.renaming import Rename
from pycandle.weights.writing import WriteOptions, Written, write

__all__ = [
    "Plan",
    "PlannedTensor",
    "Rename",
    "Report",
    "WriteOptions",
    "Written",
    "extract",
    "plan",
    "summarize",
    "write",
]
