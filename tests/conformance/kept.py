"""Verdicts that hold while the compiler and the tests stay the same, so that a sweep resumes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from conformance.sweep import FOLDER, Verdict
from ops.crate import ROOT

GOOD = ("right", "refused", "fixed", "not exported")


@dataclass
class Kept:
    """The good verdicts of one compiler, in a file to which new ones are added."""

    path: Path
    rows: dict[str, Verdict] = field(default_factory=dict[str, Verdict])

    @staticmethod
    def of_this_compiler() -> Kept:
        """Returns what was kept for this source and this PyTorch."""
        path = FOLDER / "symbolic" / f"{_digest()}.jsonl"
        kept = Kept(path)
        if path.exists():
            found = (json.loads(line) for line in path.read_text().splitlines())
            kept.rows = {row["key"]: Verdict(**row) for row in found}
        return kept

    def verdict(self, key: str) -> Verdict | None:
        """Returns the verdict on a sample, or None where there is no good one."""
        found = self.rows.get(key)
        return found if found is not None and found.status in GOOD else None

    def add(self, verdict: Verdict) -> None:
        """Keeps a verdict."""
        self.rows[verdict.key] = verdict
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            file.write(json.dumps(asdict(verdict)) + "\n")


def _digest() -> str:
    folders = (ROOT / "src" / "pycandle", ROOT / "tests" / "conformance", ROOT / "tests" / "ops")
    files = sorted(path for folder in folders for path in folder.rglob("*.[pr][ys]"))
    texts = [str(torch.__version__), *(path.read_text("utf-8") for path in files)]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
