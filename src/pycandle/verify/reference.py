"""The reference: the manifest run in torch, in a process of its own."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.project.layout import find_layout
from pycandle.project.uv import environment, get_uv

Precision = Literal["float32", "float64"]


class ReplayError(Exception):
    """PyTorch could not run the sets."""

    def __init__(self, said: str) -> None:
        """Keeps the end of what the process wrote."""
        super().__init__(said)
        self.said = said

    @property
    def reason(self) -> str:
        """The line that says why: a diagnostic's first, or else the last one."""
        lines = [line.strip() for line in self.said.splitlines() if line.strip()]
        for line in lines:
            if line.startswith("error[") and "]: " in line:
                return line.split("]: ", 1)[1]
        return lines[-1] if lines else "no reason given"


@dataclass(frozen=True)
class Reference:
    """Runs one entry of one manifest in torch."""

    python: tuple[str, ...]
    """The command that starts a Python with torch and PyCandle's recorder."""
    manifest: Path
    entry: str
    weights: Path

    def replay(
        self, inputs: Sequence[Path], out: Sequence[Path], precision: Precision, *, scratch: Path
    ) -> None:
        """Runs every input set and writes `output/PATH` and `call/MODULE@N/PATH` per set."""
        request = scratch / "replay.json"
        content = {
            "manifest": str(self.manifest),
            "entry": self.entry,
            "weights": str(self.weights),
            "inputs": [str(path) for path in inputs],
            "out": [str(path) for path in out],
            "dtype": precision,
            "calls": True,
        }
        request.write_text(json.dumps(content), encoding="utf-8")
        command = [*self.python, "-m", "pycandle.recorder", "replay", str(request)]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=environment(),
                check=False,
            )
        except OSError as error:
            title = f"cannot start Python for PyTorch: {error.strerror}"
            raise refusal("no-torch", title, place=Place(self.python[0])) from error
        if done.returncode != 0:
            raise ReplayError((done.stderr or done.stdout)[-4000:])
        absent = [path for path in out if not path.is_file()]
        if absent:
            raise ReplayError(f"it wrote no {absent[0].name}\n{done.stderr[-2000:]}")


def find_python(manifest: Path) -> tuple[str, ...]:
    """Returns the command of a Python that has torch: that of the nearest `.pycandle/`, else ours.

    Refuses, with how to get one, where there is none.
    """
    layout = find_layout(manifest.absolute().parent, Path.cwd())
    if layout is not None:
        return (get_uv(), "run", "--project", str(layout.folder), "--frozen", "python")
    if importlib.util.find_spec("torch") is not None:
        return (sys.executable,)
    raise refusal(
        "no-torch",
        "verifying needs PyTorch, and there is none: no `.pycandle/` above the manifest or here",
        place=Place(str(manifest)),
        hint="`pycandle init` makes an environment that has it",
    )


def replay_refusal(error: ReplayError, manifest: Path) -> PyCandleError:
    """Returns the refusal for a manifest that PyTorch does not run."""
    return refusal(
        "replay-failed",
        f"PyTorch does not run this: {error.reason}",
        place=Place(str(manifest)),
        label=error.said.rstrip(),
    )
