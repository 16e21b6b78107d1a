"""The report of a verification as one HTML file that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from pycandle.project.atomic import write_text
from pycandle.verify.report import describe_call
from pycandle.verify.results import CallResult, SetResult, Verification
from pycandle.verify.tolerance import Comparison

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; }}
table {{ border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.5rem; }}
th, td {{ border-bottom: 1px solid #ccc; padding: 0.2rem 0.6rem; text-align: left; }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
.wrong {{ background: #fdd; color: #400; }}
pre {{ white-space: pre-wrap; }}
</style>
<h1>{title}</h1>
{body}
</html>
"""

COLUMNS = ("Module", "Place", "Value", "Accumulated error", "Own error", "Allowed", "PyTorch's own")


def write_html(verifications: Sequence[Verification], path: Path) -> None:
    """Writes the report; the file appears when it is complete."""
    write_text(path, render_html(verifications))


def render_html(verifications: Sequence[Verification]) -> str:
    """Returns the page."""
    passed = all(item.passed for item in verifications)
    title = "Rust agrees with PyTorch" if passed else "Rust differs from PyTorch"
    return PAGE.format(title=title, body="\n".join(map(_verification, verifications)))


def _verification(item: Verification) -> str:
    verdict = "agrees" if item.passed else "differs"
    parts = [
        f"<h2>{escape(item.manifest.name)}, {escape(item.entry)}: {verdict}</h2>",
        f"<p>{escape(item.model)}, weights: {escape(item.weights)}</p>",
        *(f"<p>{escape(note)}</p>" for note in item.notes),
        *(_set(one) for one in item.sets),
    ]
    return "\n".join(parts)


def _set(item: SetResult) -> str:
    shapes = ", ".join(f"{path} {list(shape)}" for path, shape in item.shapes.items())
    parts = [f"<h3>{escape(item.name)}: {escape(shapes)}</h3>"]
    parts += [f"<p>{escape(note)}</p>" for note in item.notes]
    if item.failure is not None:
        parts.append(f'<pre class="wrong">{escape(item.failure)}</pre>')
    if (wrong := item.first_wrong) is not None:
        parts.append(f'<p class="wrong">Look at {escape(wrong.name)} first.</p>')
    rows = [_row("output", "", one, None) for one in item.outputs]
    rows += [_row("recording", "", one, None) for one in item.golden]
    rows += [_row("computed by new", "", one, None) for one in item.tables]
    rows += [row for call in item.calls if call.module for row in _call(call)]
    head = "".join(f"<th>{column}</th>" for column in COLUMNS)
    return "\n".join([*parts, f"<table>\n<tr>{head}</tr>", *rows, "</table>"])


def _call(call: CallResult) -> list[str]:
    place = ", ".join(describe_call(call))
    if call.skipped is not None:
        cells = f"<td>{escape(call.name)}</td><td>{escape(place)}</td>"
        return [f'<tr>{cells}<td colspan="5">{escape(call.skipped)}</td></tr>']
    own = {item.path: item for item in call.own}
    return [_row(call.name, place, item, own.get(item.path)) for item in call.accumulated]


def _row(name: str, place: str, accumulated: Comparison, own: Comparison | None) -> str:
    shape = ", ".join(str(extent) for extent in accumulated.shape)
    value = f"{accumulated.path} {accumulated.dtype}[{shape}]"
    reasons = [item.reason for item in (accumulated, own) if item and item.reason]
    text = "".join(
        f"<td>{escape(part)}</td>" for part in (name, place, "; ".join([value, *reasons]))
    )
    errors = "".join(
        f'<td class="number{"" if item.passed else " wrong"}">{item.error:.3g}</td>'
        if item is not None
        else "<td></td>"
        for item in (accumulated, own)
    )
    limits = "".join(
        f'<td class="number">{value:.3g}</td>' for value in (accumulated.bound, accumulated.noise)
    )
    return f"<tr>{text}{errors}{limits}</tr>"
