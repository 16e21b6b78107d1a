"""The page of conformance: what became of the samples of each op."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.sweep import Verdict

_HEAD = """\
# Conformance: PyTorch's own samples

PyTorch tests its ops with samples: tensors and arguments for each, in the database `OpInfo`.
`make conformance` exports each sample, compiles it as a port is compiled, runs the Rust, and \
compares it with PyTorch under the bound of [numerics.md](numerics.md), on contiguous tensors and \
on strided ones.
A sample is *right*, or *refused* before any Rust is written, with the reason.
Anything else is a bug.
What `torch.export` itself does not take has no graph, and is not counted.
Of float32 every sample is taken, of the other dtypes the first three of each op.
*Of no port* are refused samples of ops that no port can have: random numbers, gradients, sizes \
that depend on values, memory by strides, sparse tensors.

"""


def page(verdicts: Iterable[Verdict]) -> str:
    """Returns the page, in Markdown."""
    counted = [verdict for verdict in verdicts if verdict.status != "not exported"]
    rows: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in counted:
        op, dtype, _ = verdict.key.rsplit("/", 2)
        rows.setdefault((op, dtype), []).append(verdict)
    total: dict[str, Counter[str]] = {}
    for (_, dtype), found in rows.items():
        total.setdefault(dtype, Counter()).update(verdict.status for verdict in found)
    lines = ["| dtype | samples | right | refused | wrong | of no port | right of the others |"]
    lines.append("|---|---|---|---|---|---|---|")
    lines += [f"{_row(dtype, counts)} {_share(dtype, counted)}" for dtype, counts in total.items()]
    lines += ["", "| op | dtype | samples | right | refused | wrong | first reason |"]
    lines.append("|---|---|---|---|---|---|---|")
    for (op, dtype), found in rows.items():
        counts = Counter(verdict.status for verdict in found)
        reason = next((verdict.reason for verdict in found if verdict.status != "right"), "")
        shown = " ".join(reason.replace("|", "\\|").split())[:120]
        lines.append(f"| `{op}` {_row(dtype, counts)} {shown} |")
    return _HEAD + "\n".join(lines) + "\n"


def _share(dtype: str, verdicts: list[Verdict]) -> str:
    """Returns two cells: how many samples no port can have, and the share of the others."""
    ours = [verdict for verdict in verdicts if f"/{dtype}/" in verdict.key]
    # Random numbers, gradients, sizes that depend on values: `lowering/refused.py`.
    possible = [verdict for verdict in ours if "`: it " not in verdict.reason]
    right = sum(verdict.status == "right" for verdict in possible)
    outside = len(ours) - len(possible)
    share = 100 * right / max(len(possible), 1)
    return f"{outside} | {share:.1f} % |"


def _row(dtype: str, counts: Counter[str]) -> str:
    total = counts.total()
    wrong = total - counts["right"] - counts["refused"]
    return f"| {dtype} | {total} | {counts['right']} | {counts['refused']} | {wrong} |"
