"""The models of candle-transformers: their source, and which lines of it are the model."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lines.counting import count_code

HERE = Path(__file__).parent
VERSION = "0.11.1"
REASONS = ("cache", "other", "flash", "settings")
"""Why lines are left out; `theirs.toml` says what each means."""

_CARGO = f"""[package]
name = "candle-transformers-source"
version = "0.1.0"
edition = "2021"

[lib]
path = "lib.rs"

[dependencies]
candle-transformers = "={VERSION}"

[workspace]
"""


@dataclass(frozen=True)
class Part:
    """One file, and what of it is left out: ranges of lines by reason."""

    file: str
    left_out: dict[str, list[tuple[int, int]]]

    def count(self, source: Path, reasons: Sequence[str] = REASONS) -> int:
        """Returns the lines of code of the part, without what is left out for one of `reasons`.

        `source`: the folder of the models.
        """
        ranges = [lines for reason in reasons for lines in self.left_out.get(reason, ())]
        return count_code((source / self.file).read_text("utf-8"), ranges)


def fetch_source(folder: Path) -> Path:
    """Returns the folder of the models, downloaded by cargo where it is not yet.

    `folder` keeps a crate that depends on candle-transformers; it is never built.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(_CARGO, "utf-8")
    (folder / "lib.rs").touch()
    done = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--quiet"],
        cwd=folder,
        env=dict(os.environ),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    packages: list[dict[str, Any]] = json.loads(done.stdout)["packages"]
    found = next(item for item in packages if item["name"] == "candle-transformers")
    return Path(found["manifest_path"]).parent / "src" / "models"


def read_parts() -> dict[str, list[Part]]:
    """Returns the parts of each model, by the name of the example that it is compared with."""
    table = tomllib.loads((HERE / "theirs.toml").read_text("utf-8"))
    return {
        model: [Part(file, _ranges(entries)) for file, entries in files.items()]
        for model, files in table.items()
    }


def _ranges(entries: list[dict[str, list[list[int]]]]) -> dict[str, list[tuple[int, int]]]:
    return {
        reason: [(first, last) for first, last in ranges]
        for entry in entries
        for reason, ranges in entry.items()
    }
