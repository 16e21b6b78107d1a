"""The page of the sweep with free sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.sweep import Verdict

_HEAD = """\
# Conformance with free sizes

`make conformance` exports PyTorch's samples of float32 once more, with the first two dims of each \
tensor free, runs the Rust at the sample's sizes and at others, and compares both with PyTorch.
[Conformance](conformance.md) has the samples at sizes that are fixed.
The other sizes are those at which the exported program itself runs and computes what the op does.
A sample is *fixed*, and tells nothing, where its tensors have no dim of 2 or more, or PyTorch \
fixes all that they have, as by an argument that names a size.
"""


def page(verdicts: Iterable[Verdict]) -> str:
    """Returns the page, in Markdown."""
    rows: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.status != "not exported":
            rows.setdefault(verdict.key.rsplit("/", 2)[0], []).append(verdict)
    every = [verdict for found in rows.values() for verdict in found]
    lines = ["| | samples | right | refused | wrong | fixed |", "|---|---|---|---|---|---|"]
    lines.append(f"| all | {_counts(every)} |")
    lines += ["", "| op | samples | right | refused | wrong | fixed | first reason |"]
    lines.append("|---|---|---|---|---|---|---|")
    for op, found in rows.items():
        reason = next((v.reason for v in found if v.status not in ("right", "fixed")), "")
        shown = " ".join(reason.replace("|", "\\|").split())[:120]
        lines.append(f"| `{op}` | {_counts(found)} | {shown} |")
    return _HEAD + "\n" + "\n".join(lines) + "\n"


def _counts(verdicts: list[Verdict]) -> str:
    counts = Counter(verdict.status for verdict in verdicts)
    good = [counts[status] for status in ("right", "refused", "fixed")]
    wrong = len(verdicts) - sum(good)
    return f"{len(verdicts)} | {good[0]} | {good[1]} | {wrong} | {good[2]}"
