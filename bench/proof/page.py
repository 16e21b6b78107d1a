"""`docs/proof.md`: what was learned of each model, and how the code ran as two others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proof.outcomes import Compared, Compiled, Learned
from proof.subjects import Subject
from zoo.outcomes import Stage

HEAD = """# Proof by other configurations

`make proof` records each of these models in one small configuration, learns from it, and generates its code.
The code then runs as two other configurations, of which learning saw nothing: with their weights, and with the `Config` that `from_json` reads from their own `config.json`, where the model has one.
PyTorch's run of the other configuration is the reference, at several sizes of the inputs, within the bounds of [numerics.md](numerics.md).
The configurations are in `bench/proof/subjects.py`.

- "varying" numbers are sizes, arguments and lengths that a setting changes; "explained" are those with a formula. What only required settings change is not among them.
- "free" settings are fields of `Config`; "required" ones must be as recorded, and `from_json` refuses any other value.
- "from JSON" is missing where a setting differs that `from_json` requires because a tensor in the weights file follows from it (`rope_theta`); `Config` then has the recorded settings of the other configuration.
- The difference is the largest of all outputs to PyTorch in float64, beside the largest value of that output.
"""  # noqa: E501


@dataclass(frozen=True)
class Row:
    """One architecture, as far as it came."""

    subject: Subject
    learned: Learned | None
    runs: tuple[Stage | None, ...]
    """Of each other configuration, the last stage that there is."""

    @property
    def passed(self) -> bool:
        """Whether both other configurations were right."""
        return all(isinstance(run, Compared) and run.outcome == "ok" for run in self.runs)


def page(rows: Sequence[Row]) -> str:
    """Returns the text of the page."""
    parts = [HEAD, summary(rows), "", *_table(rows), ""]
    for row in rows:
        parts += _section(row)
    return "\n".join(parts)


def summary(rows: Sequence[Row]) -> str:
    """Returns the totals."""
    learned = [row.learned for row in rows if row.learned is not None]
    varying = sum(item.varying for item in learned)
    explained = sum(item.explained for item in learned)
    share = f" ({100 * explained / varying:.1f} %)" if varying else ""
    passed = sum(row.passed for row in rows)
    return (
        f"{passed} of {len(rows)} models are right as both other configurations. "
        f"{explained} of {varying} varying numbers have a formula{share}."
    )


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| model | varying | explained | free | required | first | second |"
    yield "|---|---:|---:|---:|---:|---|---|"
    for row in rows:
        learned = row.learned or Learned("", "limit", 0.0)
        cells = [
            row.subject.name,
            str(learned.varying),
            str(learned.explained),
            str(len(learned.free)),
            str(len(learned.required)),
            *(_told(run) for run in row.runs),
        ]
        yield f"| {' | '.join(cells)} |"


def _told(run: Stage | None) -> str:
    if run is None or (run.outcome == "ok" and not isinstance(run, Compared)):
        return "not compared"
    if isinstance(run, Compared) and run.outcome == "ok":
        read = ", from JSON" if run.reads_json else ""
        return f"{run.error:.1e} of {run.scale:.2g}{read}"
    said = list(dict.fromkeys(reason.title for reason in run.reasons))
    more = f" (and {len(said) - 3} more)" if len(said) > 3 else ""
    told = "; ".join(said[:3]).replace("|", "\\|").replace("\n", " ")
    return f"{run.outcome}: {told}{more}"


def _section(row: Row) -> Iterator[str]:
    if row.learned is None:
        return
    yield f"## {row.subject.name}"
    yield ""
    others = [", ".join(f"`{k}={v!r}`" for k, v in item.items()) for item in row.subject.others]
    yield f"Recorded: {', '.join(f'`{k}={v!r}`' for k, v in row.subject.recorded.items())}."
    yield ""
    for number, changes in enumerate(others, 1):
        yield f"Configuration {number}: {changes}."
        yield ""
    yield f"Free: {', '.join(f'`{path}`' for path in row.learned.free)}."
    yield ""
    if row.learned.excluded:
        yield f"Refused: {', '.join(f'`{item}`' for item in row.learned.excluded)}."
        yield ""
    fixed = [path for run in row.runs if isinstance(run, Compiled) for path in run.fixed]
    if fixed:
        yield f"Not proved: {', '.join(f'`{path}`' for path in dict.fromkeys(fixed))}."
        yield ""
    if row.learned.required:
        yield "| required | value | reason |"
        yield "|---|---|---|"
        for item in row.learned.required:
            value = item.value.replace("|", "\\|")
            yield f"| `{item.path}` | `{value}` | {item.reason} |"
        yield ""
