"""A whole crate around generated Rust."""

from __future__ import annotations

from pycandle.codegen.generate import Generated
from pycandle.version import VERSION


def crate_files(generated: Generated, name: str) -> dict[str, str]:
    """Returns the files of a crate that builds, by path."""
    raise NotImplementedError(f"{generated.root} {name} {VERSION}")
