"""What a verification found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pycandle.verify.tolerance import Comparison


@dataclass(frozen=True)
class CallResult:
    """One call of one module."""

    module: str
    """FQN; empty for the root, whose value is the outputs'."""
    index: int
    """Counts the calls of the module, from 0."""
    cls: str
    """Qualified name of the module's class."""
    python: str | None
    """`file:line` of the class's `forward`, or of the class."""
    rust: str | None
    """`model.rs:12`, in the plain files."""
    accumulated: tuple[Comparison, ...]
    """With all errors of what ran before."""
    own: tuple[Comparison, ...]
    """With PyTorch's values as what its inputs and its submodules return."""
    skipped: str | None = None
    """Why nothing could be compared."""

    @property
    def name(self) -> str:
        """`MODULE@N`, or `the model` for the root."""
        return f"{self.module}@{self.index}" if self.module else "the model"

    @property
    def passed_own(self) -> bool:
        """Whether the module's own code is right."""
        return all(item.passed for item in self.own)

    @property
    def passed_accumulated(self) -> bool:
        """Whether its result is right in the run as it is."""
        return all(item.passed for item in self.accumulated)


@dataclass(frozen=True)
class SetResult:
    """One input set."""

    name: str
    """`recorded sizes`, `larger sizes` ... or the file of the inputs."""
    shapes: dict[str, tuple[int, ...]]
    """Of the inputs, by path."""
    outputs: tuple[Comparison, ...]
    calls: tuple[CallResult, ...]
    """In the order in which PyTorch calls them, the root first."""
    golden: tuple[Comparison, ...] = ()
    """The recording's own outputs against the reference."""
    notes: tuple[str, ...] = ()
    tables: tuple[Comparison, ...] = ()
    """What Rust computes while the model is built, and what the recording holds of it."""
    failure: str | None = None
    """What the Rust program said instead of giving outputs."""

    @property
    def passed(self) -> bool:
        """Whether every output agrees; modules explain a failure and do not make one."""
        compared = self.outputs + self.golden + self.tables
        return self.failure is None and bool(self.outputs) and all(c.passed for c in compared)

    @property
    def first_wrong(self) -> CallResult | None:
        """The first call whose own error fails: the one to look at. The root returns last."""
        return next((call for call in self._returning if not call.passed_own), None)

    @property
    def first_diverging(self) -> CallResult | None:
        """The first call whose result fails, whatever the cause."""
        return next((call for call in self._returning if not call.passed_accumulated), None)

    @property
    def _returning(self) -> tuple[CallResult, ...]:
        return self.calls[1:] + self.calls[:1]


@dataclass(frozen=True)
class Verification:
    """One entry of one manifest."""

    manifest: Path
    model: str
    """Qualified name of the model's class."""
    entry: str
    weights: str
    """Where the weights come from: a file, `recording` or `seeded`."""
    source: Path | None
    """Where the code comes from, if not this manifest: the user's own Rust file, or the manifest
    of another configuration."""
    sets: tuple[SetResult, ...]
    notes: tuple[str, ...] = ()
    """Why there is no set of larger sizes, or of the smallest."""

    @property
    def passed(self) -> bool:
        """Whether every set passes."""
        return bool(self.sets) and all(item.passed for item in self.sets)
