"""The kept exports: one file for each op and dtype, so that a sweep exports a sample once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import torch

from conformance.exporting import NotExported, export
from conformance.samples import Sample
from pycandle.ir.graph import Graph
from pycandle.ir.parser import parse_graph
from pycandle.ir.printer import print_graph


class Exports:
    """The exports of samples, which come one op after the other. Writes an op's when it ends."""

    def __init__(self, folder: Path) -> None:
        """Keeps the exports in a folder, which need not exist."""
        self.folder = folder
        self.name = ""
        self.rows: dict[int, dict[str, Any]] = {}
        self.changed = False

    def __enter__(self) -> Exports:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.flush()

    def graph(self, sample: Sample) -> tuple[Graph, list[torch.Tensor]]:
        """Returns the graph of a sample, and the tensors that its inputs stand for.

        Raises NotExported with the reason that was kept.
        """
        self._turn_to(f"{sample.op}.{sample.dtype}")
        row = self.rows.get(sample.index)
        if row is None or row.get("call") != sample.call:
            row = self.rows[sample.index] = _exported(sample)
            self.changed = True
        if row["problem"]:
            raise NotExported(row["problem"])
        return parse_graph(row["graph"]), [*sample.tensors, *row["constants"]]

    def flush(self) -> None:
        """Writes what is new."""
        if self.changed:
            path = self.folder / f"{self.name}.pt"
            path.parent.mkdir(parents=True, exist_ok=True)
            written = path.with_suffix(".part")
            torch.save({"torch": str(torch.__version__), "rows": self.rows}, written)
            written.replace(path)
        self.changed = False

    def _turn_to(self, name: str) -> None:
        if name != self.name:
            self.flush()
            self.name = name
            self.rows = _kept(self.folder / f"{name}.pt")


def kept_graphs(folder: Path, dtype: str) -> Iterator[tuple[str, str]]:
    """Yields the key and the graph, as text, of every sample of a dtype that was exported."""
    for path in sorted(folder.glob(f"*.{dtype}.pt")):
        op = path.name.removesuffix(f".{dtype}.pt")
        for index, row in sorted(_kept(path).items()):
            if not row["problem"]:
                yield f"{op}/{dtype}/{index}", row["graph"]


def _kept(path: Path) -> dict[int, dict[str, Any]]:
    """Returns what another run of this version of PyTorch exported."""
    if not path.exists():
        return {}
    kept = torch.load(path, weights_only=True)
    return kept["rows"] if kept["torch"] == torch.__version__ else {}


def _exported(sample: Sample) -> dict[str, Any]:
    row: dict[str, Any] = {"call": sample.call}
    try:
        graph, tensors = export(sample)
    except NotExported as error:
        return row | {"problem": str(error), "graph": "", "constants": []}
    constants = tensors[len(sample.tensors) :]
    return row | {"problem": "", "graph": print_graph(graph), "constants": constants}
