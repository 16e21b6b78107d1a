"""The stages of the compiler, each of which can be shown as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pycandle.passes.pipeline import PIPELINE

STAGES: dict[str, str] = {
    "import": "the graph of each entry as the manifest has it",
    **{item.name: f"the graph after the pass {item.name}" for item in PIPELINE},
    "layouts": "how each value lies in memory",
    "regions": "the calls of modules and functions that the ops stand in",
    "modules": "those that become structs, methods and private functions",
    "loops": "the runs of calls that become loops",
    "types": "structs and functions, their numbers, and what is an instance of each",
    "config": "the fields of `Config`, and the settings that stay as recorded",
    "rust": "the Rust, before it is stamped",
}
"""By name, what each stage shows; in the order in which they run."""


@dataclass
class Watch:
    """Keeps the text of one stage while the compiler runs."""

    stage: str = ""
    """One of `STAGES`; without one, nothing is kept."""
    _parts: dict[str, str] = field(default_factory=dict[str, str])

    def see(self, stage: str, render: Callable[[], str], part: str = "") -> None:
        """Keeps what a stage has made; a stage that runs again replaces it.

        `part`: what the stage has made it for, where that is not the whole model.
        """
        if stage == self.stage:
            self._parts[part] = render()

    @property
    def text(self) -> str | None:
        """The text, without a final newline; None for a stage that was not reached."""
        return "\n\n".join(self._parts.values()) if self._parts else None
