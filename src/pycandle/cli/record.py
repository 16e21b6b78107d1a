"""`pycandle record`: runs a recorder script in the environment of `.pycandle/`."""

from pathlib import Path

import click

from pycandle.cli.terminal import echo_note


@click.command("record", short_help="record the model")
@click.argument("script", required=False, type=click.Path(path_type=Path))
def command(script: Path | None) -> int:
    """Runs .pycandle/scripts/recorder.py, or SCRIPT, in the environment of .pycandle/.

    The script runs in .pycandle/scripts; the project's root, its src/ and its python/ are
    importable. Manifests and traces go where the script says, by default to .pycandle/traces.
    """
    from pycandle.project.layout import FOLDER, get_layout
    from pycandle.project.recording import is_vendored_source_current, record

    layout = get_layout(Path.cwd())
    code = record(layout, script)
    if code != 0 and not is_vendored_source_current(layout):
        echo_note(
            f"{FOLDER}/vendor/pycandle differs from the installed PyCandle of the same version; "
            "`pycandle init --upgrade` replaces it"
        )
    return code
