"""Lowerings: ATen overloads to Rust on Candle. The list of families is the list of imports."""

from pycandle.lowering import activation
from pycandle.lowering.registry import LOWERINGS

__all__ = ["LOWERINGS", "activation"]
