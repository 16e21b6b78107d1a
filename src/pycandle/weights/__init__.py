"""Checkpoints to weights files: only the needed bytes, in constant memory, and no pickle runs.

Nothing outside the standard library is imported, so that this package works as vendored source.
"""

from pycandle.weights.extraction import Report, extract, summarize, write
from pycandle.weights.planning import Plan, PlannedTensor, plan

__all__ = ["Plan", "PlannedTensor", "Report", "extract", "plan", "summarize", "write"]
