"""`make zoo`: records, generates, builds and compares every architecture, and writes the page.

What was done is kept in `build/zoo`, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from zoo.checking import build_models, check_model, find_checked
from zoo.limits import Limits, start
from zoo.outcomes import Checked, Generated, Recorded, Stage, load
from zoo.page import LONG, Row, page, summary
from zoo.porting import RECORDS, generate_subject, record_subject, source_key
from zoo.python_figures import find_original
from zoo.subjects import Subject, subjects

ROOT = Path(__file__).parents[2]
CONSOLE = Console(stderr=True)


@click.command()
@click.argument("patterns", nargs=-1)
@click.option("--jobs", default=1, show_default=True, help="Processes at a time.")
@click.option("--again", multiple=True, help="Record again what ended so: `limit`, `all` ...")
@click.option("--stale", is_flag=True, help="Record again what another recorder recorded.")
@click.option("--seconds", default=300.0, show_default=True, help="Limit of a model's stage.")
@click.option("--gigabytes", default=8.0, show_default=True, help="Limit of a model's memory.")
@click.option("--batch", default=12, show_default=True, help="Models in one crate.")
@click.option("--no-check", is_flag=True, help="Stop before the build.")
@click.option("--page/--no-page", "write", default=True, help="Write docs/zoo.md.")
def main(
    patterns: tuple[str, ...],
    jobs: int,
    again: tuple[str, ...],
    stale: bool,
    seconds: float,
    gigabytes: float,
    batch: int,
    no_check: bool,
    write: bool,
) -> None:
    """Ports the architectures that match PATTERNS, all without one."""
    start()
    limits = Limits(seconds, gigabytes)
    chosen = subjects(patterns)
    cache = ROOT / "build" / "zoo"

    def port(subject: Subject) -> Stage:
        folder = cache / subject.name
        kept = load(folder / "recorded.json", Recorded)
        old = kept is not None and (
            kept.outcome in again or "all" in again or (stale and kept.key != source_key(RECORDS))
        )
        recorded = record_subject(subject, folder, limits, again=old)
        return generate_subject(folder, limits) if recorded.outcome == "ok" else recorded

    with _bar() as bar:
        _each(bar, "record, generate", chosen, port, jobs)
        if not no_check:
            _check_all(bar, [cache / item.name for item in chosen], batch, jobs, limits)
    rows = [_row(item, cache / item.name) for item in subjects()]
    if write:
        (ROOT / "docs" / "zoo.md").write_text(page(rows), encoding="utf-8")
    click.echo(summary([row for row in rows if row.subject in chosen]))


def _check_all(
    bar: Progress, folders: Sequence[Path], size: int, jobs: int, limits: Limits
) -> None:
    generated = [f for f in folders if _outcome(f / "generated.json", Generated) == "ok"]
    ready = [f for f in generated if _outcome(f / "recorded.json", Recorded) == "ok"]
    left = [folder for folder in ready if find_checked(folder) is None]
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    scratch = target / "pycandle"
    scratch.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(left), size):
        group = left[first : first + size]
        built = build_models(group, target, lambda said: bar.console.print(said, style="dim"))
        numbers = range(len(built.folders))

        def check(number: int, built=built) -> Checked:
            return check_model(built, number, scratch, limits)

        names = f"compare {first + 1} to {first + len(group)} of {len(left)}"
        _each(bar, names, numbers, check, jobs)


def _each(
    bar: Progress, what: str, items: Sequence, action: Callable[..., Stage], jobs: int
) -> None:
    """Runs an action for each item, so many at a time, and says how each went."""
    task = bar.add_task(what, total=len(items))
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(action, item): item for item in items}
        for future in as_completed(futures):
            item, stage = futures[future], future.result()
            bar.advance(task)
            if stage.outcome != "ok":
                named = item.name if isinstance(item, Subject) else item
                said = "; ".join(reason.title for reason in stage.reasons[:3])
                bar.console.print(f"{named}: {stage.outcome}: {said}", markup=False)


def _outcome(path: Path, kind: type[Stage]) -> str | None:
    stage = load(path, kind)
    return stage.outcome if stage is not None else None


def _row(subject: Subject, folder: Path) -> Row:
    recorded = load(folder / "recorded.json", Recorded)
    generated = load(folder / "generated.json", Generated)
    if recorded is None or recorded.outcome != "ok":
        return Row(subject, recorded)
    if generated is None or generated.outcome != "ok":
        return Row(subject, recorded, generated)
    original = None
    if generated.longest > LONG:
        original = find_original((folder / "model.rs").read_text("utf-8"), generated.longest_name)
    return Row(subject, recorded, generated, find_checked(folder), original)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=CONSOLE,
    )


if __name__ == "__main__":
    main()
