"""The compiler: a manifest in, Rust source out. Writes no file and imports no torch."""

from pycandle.codegen.crate import crate_files
from pycandle.codegen.generate import EntryPoint, Generated, generate

__all__ = ["EntryPoint", "Generated", "crate_files", "generate"]
