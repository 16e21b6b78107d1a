"""The compiler: a manifest in, Rust source out. Writes no file and imports no torch."""

from pycandle.codegen.crate import crate_files
from pycandle.codegen.generate import EntryPoint, Generated, generate
from pycandle.codegen.stages import STAGES, Watch

__all__ = ["STAGES", "EntryPoint", "Generated", "Watch", "crate_files", "generate"]
