"""`pycandle verify`: what the command does with its arguments."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pycandle.verify.html import write_html
from pycandle.verify.report import render_text, to_data
from pycandle.verify.verification import verify


def verify_command(
    manifests: Sequence[Path],
    *,
    weights: Path | None = None,
    inputs: Sequence[Path] = (),
    as_json: bool = False,
    save: Path | None = None,
    source: Path | None = None,
    as_manifest: Path | None = None,
    report: Path | None = None,
    disabled: frozenset[str] = frozenset(),
) -> int:
    """Verifies, prints the report on stdout and returns the exit code: 0, or 1 where Rust differs.

    Progress goes to stderr.
    """
    found = verify(
        manifests,
        weights=weights,
        inputs=inputs,
        save=save,
        source=source,
        as_manifest=as_manifest,
        disabled=disabled,
        on_progress=lambda line: print(line, file=sys.stderr, flush=True),
    )
    if report is not None:
        write_html(found, report)
    print(json.dumps(to_data(found), indent=2) if as_json else render_text(found))
    return 0 if all(item.passed for item in found) else 1
