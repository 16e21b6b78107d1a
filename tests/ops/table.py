"""The page of supported ops, from the rows. `PYTHONPATH=tests python -m ops.table` writes it."""

from __future__ import annotations

from pathlib import Path

from ops import cases
from ops.case import OpCase
from ops.lowered import lower
from ops.values import runs_of
from pycandle.lowering.operand import Unsupported
from pycandle.lowering.supported import Example, markdown

PAGE = Path(__file__).parents[2] / "docs/supported-ops.md"


def page() -> str:
    """Returns the page as it should be."""
    return markdown(examples())


def examples() -> dict[str, Example]:
    """Returns what the rows of each overload show."""
    families = {
        str(case): name
        for name, family in vars(cases).items()
        for case in getattr(family, "CASES", ())
    }
    grouped: dict[str, list[OpCase]] = {}
    for case in cases.CASES:
        grouped.setdefault(case.overload, []).append(case)
    return {name: _example(rows, families[str(rows[0])]) for name, rows in grouped.items()}


def _example(rows: list[OpCase], family: str) -> Example:
    right = [case for case in rows if case.refused is None]
    refused = dict.fromkeys(_refusal(case) for case in rows if case.refused is not None)
    dtypes = dict.fromkeys(name for case in right if (name := _dtype(case)))
    rust = _shown(right)
    return Example(family, rust, tuple(dtypes), tuple(refused))


def _shown(rows: list[OpCase]) -> str:
    """Returns the Rust of the first row that computes something, one with its text if there is."""
    ordered = [row for row in rows if row.rust] + [row for row in rows if not row.rust]
    texts = (lower(row, runs_of(row)).rust for row in ordered)
    return next((text for text in texts if "(" in text), "a")


def _dtype(case: OpCase) -> str | None:
    if not case.tensors:
        return None
    return "model" if case.tensors[0].follows else case.tensors[0].dtype


def _refusal(case: OpCase) -> str:
    try:
        lower(case, runs_of(case))
    except Unsupported as found:
        return f"`{found.argument}` {found.value} (supported: {found.supported})"
    raise AssertionError(f"{case} is not refused")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
