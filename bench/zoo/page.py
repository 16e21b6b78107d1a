"""`docs/zoo.md`: the architectures in a table, and what stands between PyCandle and each."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zoo.outcomes import Checked, Generated, Reason, Recorded, Stage
from zoo.python_figures import Original
from zoo.subjects import Subject

HEAD = """# Zoo

`make zoo` takes these architectures from timm and transformers through the whole of PyCandle and writes this page.
Each is recorded on meta with generic inputs: timm's models as they are, transformers' with small configurations.
The Rust of many is built in one crate and compared with PyTorch, with random weights, at the recorded sizes, at larger ones and at the smallest that the model allows; large images only at another size than the recorded and at the smallest.

- **right**: every output of every set of inputs agrees, within the bounds of [numerics.md](numerics.md).
- **refused**: with a reason; **refused: op** where every reason is an op, or an argument of one, that has no lowering.
- **wrong**, **no build**, **crash** (an exception instead of a reason): bugs.
- **limit**: the time or the memory that one model may take was not enough.

"Nodes" are the calls in the recorded program, "lines" those of the generated file, "longest" those of the longest function that computes, `new` apart.
Seconds are of recording, generating and comparing, on a machine that did other work too.
"""  # noqa: E501


LONG = 80
"""Lines: of functions with more the page shows what they come from."""


@dataclass(frozen=True)
class Row:
    """One architecture, as far as it came."""

    subject: Subject
    recorded: Recorded | None
    generated: Generated | None = None
    checked: Checked | None = None
    original: Original | None = None
    """What the longest function comes from, if that has more than `LONG` lines."""

    @property
    def last(self) -> Stage | None:
        """The last stage that there is."""
        return self.checked or self.generated or self.recorded

    @property
    def outcome(self) -> str:
        """The word of the page."""
        stage = self.last
        if stage is None or (stage.outcome == "ok" and self.checked is None):
            return "not compared"
        if stage.outcome == "refused" and all(map(is_op, stage.reasons)):
            return "refused: op"
        return "right" if stage.outcome == "ok" else stage.outcome


def is_op(reason: Reason) -> bool:
    """Whether a refusal is of an op or of an argument that has no lowering."""
    return reason.code in ("unsupported-op", "unsupported-argument")


def blocker(reason: Reason) -> str:
    """Returns a reason without what is special to one model, so that equal ones can be counted."""
    text = re.sub(r"`[^`]*[./][^`]*\.(\w+)`(?= while)", r"`\1`", reason.title)
    return f"{reason.code}: {text}" if reason.code not in ("crash", "wrong") else text


def page(rows: Sequence[Row]) -> str:
    """Returns the text of the page."""
    parts = [HEAD, _totals(rows)]
    for collection in ("timm", "transformers"):
        of_it = [row for row in rows if row.subject.collection == collection]
        parts.append(f"## {collection}\n\n{_table(of_it)}")
    parts.append(f"## Functions over {LONG} lines\n\n{_long(rows)}")
    parts.append(f"## What blocks how many\n\n{_blockers(rows)}")
    return "\n".join(parts)


def summary(rows: Sequence[Row]) -> str:
    """Returns the totals for a terminal."""
    counts = Counter(row.outcome for row in rows)
    lines = [f"{count:4} {outcome}" for outcome, count in counts.most_common()]
    return "\n".join([*lines, _longest(rows)])


def _totals(rows: Sequence[Row]) -> str:
    kinds = ("right", "refused: op", "refused", "wrong", "no build", "crash", "limit")
    extra = ("not compared",) if any(row.outcome == "not compared" for row in rows) else ()
    lines = [f"| | {' | '.join((*kinds, *extra))} |", "|---|" + "---:|" * len((*kinds, *extra))]
    for collection in ("timm", "transformers"):
        counts = Counter(row.outcome for row in rows if row.subject.collection == collection)
        cells = " | ".join(str(counts[kind]) for kind in (*kinds, *extra))
        lines.append(f"| {collection} | {cells} |")
    return "\n".join([*lines, "", _longest(rows), ""])


def _longest(rows: Iterable[Row]) -> str:
    found = [row.generated.longest for row in rows if row.outcome == "right" and row.generated]
    if not found:
        return "Nothing was compared."
    over = sum(1 for lines in found if lines > LONG)
    return (
        f"Longest function of those that are right: median {statistics.median(found):.0f} lines, "
        f"most {max(found)}; {over} over {LONG}."
    )


def _long(rows: Iterable[Row]) -> str:
    found = [row for row in rows if row.generated is not None and row.generated.longest > LONG]
    if not found:
        return "None.\n"
    lines = ["The lines are those of the bodies, in Python without docstrings and comments.", ""]
    lines += ["| model | Rust | lines | Python | lines |", "|---|---|---:|---|---:|"]
    for row in found:
        made, original = row.generated, row.original
        assert made is not None
        python = f"`{original.name}` | {original.lines}" if original else "not found |"
        lines.append(f"| {row.subject.model} | `{made.longest_name}` | {made.longest} | {python} |")
    return "\n".join([*lines, ""])


def _table(rows: Sequence[Row]) -> str:
    lines = [
        "| family | model | nodes | lines | longest | structs | outcome | seconds |",
        "|---|---|---:|---:|---:|---:|---|---:|",
    ]
    return "\n".join([*lines, *map(_line, rows), ""])


def _line(row: Row) -> str:
    made = row.generated if row.generated and row.generated.outcome == "ok" else None
    stages = [stage for stage in (row.recorded, row.generated, row.checked) if stage]
    cells = [
        row.subject.family,
        row.subject.model,
        str(row.recorded.nodes) if row.recorded and row.recorded.nodes else "",
        str(made.lines) if made else "",
        str(made.longest) if made else "",
        str(made.structs) if made else "",
        _told(row),
        f"{sum(stage.seconds for stage in stages):.0f}" if stages else "",
    ]
    return f"| {' | '.join(cells)} |"


def _told(row: Row) -> str:
    stage = row.last
    if row.outcome in ("right", "not compared") or stage is None:
        return row.outcome
    said = list(dict.fromkeys(reason.title for reason in stage.reasons))
    more = f" (and {len(said) - 2} more)" if len(said) > 2 else ""
    told = "; ".join(said[:2]).replace("|", "\\|").replace("\n", " ")
    return f"{row.outcome.removesuffix(': op')}: {told}{more}"


def _blockers(rows: Iterable[Row]) -> str:
    counts: Counter[str] = Counter()
    for row in rows:
        if row.last is not None and row.outcome != "right":
            counts.update({blocker(reason) for reason in row.last.reasons})
    if not counts:
        return "Nothing.\n"
    lines = ["| models | reason |", "|---:|---|"]
    for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"| {count} | {text.replace('|', chr(92) + '|')} |")
    return "\n".join([*lines, ""])
