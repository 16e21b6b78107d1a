"""Passes: a graph in, an equal and simpler graph out."""

from pycandle.passes.pipeline import PIPELINE, run_passes

__all__ = ["PIPELINE", "run_passes"]
