"""A model to verify or run: its manifest, its code and its trace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pycandle.manifest.schema import Manifest
from pycandle.verify.tensor_file import TensorFile

if TYPE_CHECKING:
    from pycandle.codegen import Generated


@dataclass(frozen=True)
class Model:
    """One manifest and what the compiler made of it."""

    path: Path
    """Of the manifest."""
    manifest: Manifest
    generated: Generated
    trace: TensorFile | None
    """Constants, and what the recording holds of weights, inputs and outputs."""
    code: Path | None = None
    """The manifest that the code comes from, where that is another one."""

    @property
    def text(self) -> str:
        """The generated Rust of the model itself."""
        return self.generated.files["model.rs"]
