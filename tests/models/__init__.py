"""Real models, and tests of the whole compiler on them."""

from models.registry import MODELS, build

__all__ = ["MODELS", "build"]
