"""`pycandle record`: runs a recorder script in the environment of `.pycandle/`."""

from pathlib import Path

import click

from pycandle.cli.terminal import echo_note


@click.command("record", short_help="record the model")
@click.argument("script", required=False, type=click.Path(path_type=Path))
@click.option(
    "--budget",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=120.0,
    show_default=True,
    help="Processor time to record other configurations of each model in, to learn which of its "
    "settings its numbers follow from.",
)
@click.option("--quick", is_flag=True, help="Learn nothing: the same as --budget 0.")
def command(script: Path | None, budget: float, quick: bool) -> int:
    """Runs .pycandle/scripts/recorder.py, or SCRIPT, in the environment of .pycandle/.

    The script runs in .pycandle/scripts; the project's root, its src/ and its python/ are
    importable. Manifests and traces go where the script says, by default to .pycandle/traces.
    """
    from pycandle.project.layout import FOLDER, get_layout
    from pycandle.project.recording import is_vendored_source_current, record

    layout = get_layout(Path.cwd())
    code = record(layout, script, budget=0.0 if quick else budget)
    if code != 0 and not is_vendored_source_current(layout):
        echo_note(
            f"{FOLDER}/vendor/pycandle differs from the installed PyCandle of the same version; "
            "`pycandle init --upgrade` replaces it"
        )
    return code
