"""`make proof`: learns each model from one configuration, runs it as two others, writes the page.

What was done is kept in `build/proof`, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import click

from proof.comparing import compare, compile_other, run_folder
from proof.outcomes import Compared, Compiled, Learned
from proof.page import Row, page, summary
from proof.recording import record_subject
from proof.subjects import SUBJECTS, Subject
from zoo.checking import build_models, check_key
from zoo.limits import Limits, start
from zoo.outcomes import Stage, load

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "build" / "proof"
OTHERS = (1, 2)


@click.command()
@click.argument("patterns", nargs=-1)
@click.option("--again", is_flag=True, help="Record again.")
@click.option("--budget", default=120.0, show_default=True, help="Seconds to learn a model.")
@click.option("--seconds", default=900.0, show_default=True, help="Limit of a model's stage.")
@click.option("--gigabytes", default=8.0, show_default=True, help="Limit of a model's memory.")
@click.option("--no-check", is_flag=True, help="Stop before the build.")
@click.option("--page/--no-page", "write", default=True, help="Write docs/proof.md.")
def main(
    patterns: tuple[str, ...],
    again: bool,
    budget: float,
    seconds: float,
    gigabytes: float,
    no_check: bool,
    write: bool,
) -> None:
    """Proves the models that match PATTERNS, all without one."""
    start()
    limits = Limits(seconds, gigabytes)
    chosen = [s for s in SUBJECTS if not patterns or any(fnmatch(s.name, p) for p in patterns)]
    ready: list[Path] = []
    for subject in chosen:
        learned = record_subject(subject, CACHE / subject.name, budget, limits, again=again)
        click.echo(f"{subject.name}: {_said(learned)}", err=True)
        for number in OTHERS if learned.outcome == "ok" else ():
            compiled = compile_other(CACHE / subject.name, number, limits)
            click.echo(f"{subject.name} {number}: {_said(compiled)}", err=True)
            if compiled.outcome == "ok":
                ready.append(run_folder(CACHE / subject.name, number))
    if not no_check:
        _compare(ready, limits)
    rows = [_row(subject) for subject in SUBJECTS]
    if write:
        (ROOT / "docs" / "proof.md").write_text(page(rows), encoding="utf-8")
    click.echo(summary([row for row in rows if row.subject in chosen]))


def _compare(folders: Sequence[Path], limits: Limits) -> None:
    left = [folder for folder in folders if _compared(folder) is None]
    if not left:
        return
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    scratch = target / "pycandle"
    scratch.mkdir(parents=True, exist_ok=True)
    built = build_models(left, target, lambda said: click.echo(said, err=True))
    for number, folder in enumerate(built.folders):
        found = compare(built, number, scratch, limits)
        click.echo(f"{folder.parent.name} {folder.name}: {_said(found)}", err=True)


def _compared(folder: Path) -> Stage | None:
    """Returns the comparison of this very code; the check of one that does not build."""
    for name, kind in (("compared.json", Compared), ("checked.json", Compared)):
        kept = load(folder / name, kind)
        if kept is not None and kept.key == check_key(folder):
            return kept
    return None


def _row(subject: Subject) -> Row:
    folder = CACHE / subject.name
    learned = load(folder / "learned.json", Learned)
    if learned is not None and learned.outcome != "ok":
        return Row(subject, learned, tuple(learned for _ in OTHERS))
    runs: list[Stage | None] = []
    for number in OTHERS:
        place = run_folder(folder, number)
        compiled = load(place / "compiled.json", Compiled)
        ready = compiled is not None and compiled.outcome == "ok"
        runs.append(_compared(place) if ready else compiled)
    return Row(subject, learned, tuple(runs))


def _said(stage: Stage) -> str:
    return "; ".join([stage.outcome, *(reason.title for reason in stage.reasons[:4])])


if __name__ == "__main__":
    main()
