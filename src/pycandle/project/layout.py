"""Where everything is in `.pycandle/`, and how a project is found."""

import sys
from dataclasses import dataclass
from pathlib import Path

from pycandle.errors import Place, refusal

FOLDER = ".pycandle"


@dataclass(frozen=True)
class Layout:
    """The paths of one project."""

    root: Path
    """The user's project, absolute; `.pycandle/` is in it."""

    @property
    def folder(self) -> Path:
        """`.pycandle/` itself: a uv project."""
        return self.root / FOLDER

    @property
    def pyproject(self) -> Path:
        """What the recording environment needs."""
        return self.folder / "pyproject.toml"

    @property
    def lock(self) -> Path:
        """uv's lock of the recording environment."""
        return self.folder / "uv.lock"

    @property
    def vendored(self) -> Path:
        """The copy of PyCandle that records here."""
        return self.folder / "vendor" / "pycandle"

    @property
    def scripts(self) -> Path:
        """The working directory of a recording."""
        return self.folder / "scripts"

    @property
    def recorder(self) -> Path:
        """The script that `pycandle record` runs."""
        return self.scripts / "recorder.py"

    @property
    def traces(self) -> Path:
        """Manifests, traces and weights."""
        return self.folder / "traces"

    @property
    def generated(self) -> Path:
        """What `codegen` wrote, by the hash in its stamp; `--merge` starts from it."""
        return self.folder / "generated"

    @property
    def target(self) -> Path:
        """Cargo's target directory, unless CARGO_TARGET_DIR names another."""
        return self.folder / "target"

    @property
    def ledger(self) -> Path:
        """The hashes of the files that `init` wrote."""
        return self.folder / ".init.json"

    @property
    def interpreter(self) -> Path:
        """The Python of the recording environment, once uv has made it."""
        windows = sys.platform == "win32"
        return self.folder / ".venv" / ("Scripts/python.exe" if windows else "bin/python")


def find_layout(*starts: Path) -> Layout | None:
    """Returns the nearest project at or above the first start that has one."""
    for start in starts:
        here = start.absolute()
        for candidate in (here, *here.parents):
            if (candidate / FOLDER / "pyproject.toml").is_file():
                return Layout(candidate)
    return None


def get_layout(*starts: Path) -> Layout:
    """Returns the nearest project, or refuses with how to make one."""
    found = find_layout(*starts)
    if found is None:
        raise refusal(
            "no-project",
            f"there is no `{FOLDER}/` here or above",
            place=Place(file=str(starts[0].absolute())),
            hint="`pycandle init` makes one in the working directory",
        )
    return found
