"""Runs a user's recorder script."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from pathlib import Path

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.recorder import golden_recorder
from pycandle.recorder.sources import (
    PROJECT_VARIABLE,
    is_internal,
    portable_path,
    project_root,
)

SHOWN = 8
"""Frames of a failed script that are shown."""


def run_script(script: Path) -> int:
    """Runs a script as `__main__` and returns its exit code.

    It runs in `.pycandle/scripts`, with that folder and the project's root, `src/` and `python/`
    importable. A script that fails, records nothing or saves nothing is refused.
    """
    script = script.absolute()
    if not script.is_file():
        raise refusal("no-script", "there is no such recorder script", place=Place(str(script)))
    root = _enter(script)
    places = [script.parent, Path.cwd(), root, root / "src", root / "python"]
    sys.path[:0] = [str(path) for path in dict.fromkeys(places) if path.is_dir()]
    sys.argv = [str(script)]
    recorded = len(golden_recorder.recorded_entries())
    saved = len(golden_recorder.saved_manifests())
    code = _run(script)
    if code == 0:
        _require_saved(script, recorded, saved)
    return code


def _enter(script: Path) -> Path:
    """Goes to the directory of the scripts, and returns the project's root."""
    if PROJECT_VARIABLE not in os.environ:
        above = [path for path in script.parents if (path / ".pycandle").is_dir()]
        if above:
            os.environ[PROJECT_VARIABLE] = str(above[0])
    root = project_root() if PROJECT_VARIABLE in os.environ else script.parent
    os.environ[PROJECT_VARIABLE] = str(root)
    scripts = root / ".pycandle" / "scripts"
    os.chdir(scripts if scripts.is_dir() else script.parent)
    return root


def _run(script: Path) -> int:
    try:
        runpy.run_path(str(script), run_name="__main__")
    except (PyCandleError, KeyboardInterrupt):
        raise
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return stop.code or 0
        print(stop.code, file=sys.stderr)
        return 1
    except BaseException as error:
        raise _failure(script, error) from error
    return 0


def _failure(script: Path, error: BaseException) -> PyCandleError:
    """Returns the refusal of a script that raised, with the frames that are not torch's."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not is_internal(frame.filename) and not frame.filename.startswith("<frozen")
    ]
    own = [frame for frame in frames if not portable_path(frame.filename).startswith("stdlib/")]
    if isinstance(error, SyntaxError) and error.filename is not None:
        place = Place(portable_path(error.filename), error.lineno, (error.text or "").strip())
    else:
        last = own[-1] if own else None
        place = Place(str(script)) if last is None else _place(last)
    said = str(error).strip().splitlines()
    title = f"the script failed with {type(error).__name__}" + (f": {said[0]}" if said else "")
    chain = [f"{portable_path(item.filename)}:{item.lineno} in {item.name}" for item in own]
    label = "\n".join(["called from", *chain[-SHOWN:-1]]) if len(chain) > 1 else None
    return refusal("script-failed", title, place=place, label=label)


def _place(frame: traceback.FrameSummary) -> Place:
    file = portable_path(frame.filename)
    return Place(file, frame.lineno, frame.line or None, f"in `{frame.name}`")


def _require_saved(script: Path, recorded: int, saved: int) -> None:
    """Refuses a script after which there are no more recordings or manifests than before."""
    place = Place(portable_path(str(script)))
    if len(golden_recorder.recorded_entries()) == recorded:
        raise refusal(
            "nothing-recorded",
            "the script ended and recorded nothing",
            place=place,
            hint="call `recorder.record(model, ...)` and then `recorder.save(NAME)`",
        )
    if len(golden_recorder.saved_manifests()) == saved:
        raise refusal(
            "nothing-saved",
            "the script recorded a model and saved nothing",
            place=place,
            hint="call `recorder.save(NAME)` after `recorder.record(...)`",
        )
