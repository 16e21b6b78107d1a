"""The architectures of the zoo, and how each is built with generic inputs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

Collection = Literal["timm", "transformers"]
Built = tuple[Any, tuple[Any, ...], dict[str, Any]]
"""A module in inference mode, its positional and its keyword arguments; all on meta."""


@dataclass(frozen=True)
class Subject:
    """One architecture."""

    collection: Collection
    family: str
    """timm's module, or the `model_type` of transformers."""
    model: str
    """The name of a timm model, or the class of transformers."""

    @property
    def name(self) -> str:
        """Unique in the zoo, and good for a file."""
        return f"{self.collection}-{self.family}".replace(".", "_")

    def build(self) -> Built:
        """Returns the model and inputs for it. Runs none of its code but the constructor's."""
        if self.collection == "timm":
            from zoo.timm_models import build

            return build(self.model)
        from zoo.transformers_models import build

        return build(self.family, self.model)


def subjects(patterns: Sequence[str] = ()) -> list[Subject]:
    """Returns the architectures whose name or model matches one of the patterns; all without."""
    every = [
        *(Subject("timm", row["family"], row["model"]) for row in _rows("timm.csv")),
        *(
            Subject("transformers", row["model_type"], row["class"])
            for row in _rows("transformers.csv")
        ),
    ]
    return [
        item
        for item in every
        if not patterns
        or any(
            fnmatch(text, pattern)
            for pattern in patterns
            for text in (item.name, item.family, item.model)
        )
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
