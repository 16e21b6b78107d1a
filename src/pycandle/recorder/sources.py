"""Python source positions without paths of this machine, and the tables that hold them."""

import os
import site
import sys
import sysconfig
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from linecache import getline
from pathlib import Path
from typing import Generic, TypeVar

from pycandle.manifest.schema import Frame

PROJECT_VARIABLE = "PYCANDLE_PROJECT"
"""The environment variable that names the project's root."""


def project_root() -> Path:
    """Returns the root of the user's project.

    It is what `PYCANDLE_PROJECT` names, else the nearest parent of the working directory with a
    `.pycandle`, else the working directory.
    """
    if named := os.environ.get(PROJECT_VARIABLE):
        return Path(named).resolve()
    return _root_above(Path.cwd())


@lru_cache(maxsize=64)
def _root_above(directory: Path) -> Path:
    here = directory.resolve()
    for parent in (here, *here.parents):
        if (parent / ".pycandle").is_dir():
            return parent
    return here


@lru_cache(maxsize=64)
def _roots(project: Path) -> tuple[tuple[str, str], ...]:
    """Returns directories with the prefix that stands for each, the most specific first."""
    paths = sysconfig.get_paths()
    packages = {paths["purelib"], paths["platlib"], *site.getsitepackages()}
    packages |= {path for path in sys.path if Path(path).name in _PACKAGES}
    if site.ENABLE_USER_SITE:
        packages.add(site.getusersitepackages())
    found = [(path, "site-packages") for path in packages]
    found += [(paths["stdlib"], "stdlib"), (paths["platstdlib"], "stdlib")]
    found.append((str(project), "project"))
    named = {(str(Path(path).resolve()), prefix) for path, prefix in found}
    return tuple(sorted(named, key=lambda row: (-len(row[0]), row)))


_PACKAGES = ("site-packages", "dist-packages")


def portable_path(file: str) -> str:
    """Returns `site-packages/...`, `stdlib/...`, `project/...`, else `elsewhere/NAME`.

    A file without a path, such as `<string>`, keeps its name.
    """
    return _portable_path(file, project_root())


@lru_cache(maxsize=4096)
def _portable_path(file: str, project: Path) -> str:
    if file.startswith("<"):
        return file
    path = Path(file).resolve()
    for root, prefix in _roots(project):
        if path.is_relative_to(root):
            return f"{prefix}/{path.relative_to(root).as_posix()}"
    return f"elsewhere/{path.name}"


@lru_cache(maxsize=1)
def torch_directory() -> str:
    """Returns the directory of the installed torch, with a separator at the end."""
    import torch

    return str(Path(torch.__file__).parent) + os.sep


def is_internal(file: str) -> bool:
    """Whether a file belongs to torch or to the recorder, whose frames are not the model's."""
    return file.startswith((torch_directory(), _HERE, MADE_BY_TORCH))


def is_standard(file: str) -> bool:
    """Whether a file belongs to Python's standard library."""
    return portable_path(file).startswith("stdlib/")


def is_torch_framework(file: str) -> bool:
    """Whether a file belongs to the recorder, or to torch below its layers (`torch.nn`)."""
    return is_internal(file) and not file.startswith(torch_directory() + f"nn{os.sep}")


MADE_BY_TORCH = "<eval_with_key>"
"""What torch names code that it writes while it traces."""

_HERE = str(Path(__file__).parent) + os.sep

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Table(Generic[Key]):
    """Distinct values in order of first use."""

    rows: dict[Key, int] = field(default_factory=dict)

    def index(self, row: Key) -> int:
        """Returns the index of a value, which is added if it is new."""
        return self.rows.setdefault(row, len(self.rows))


@dataclass(frozen=True)
class Line:
    """A frame of a file on this machine: what becomes a `Frame` in the manifest."""

    file: str
    line: int
    function: str

    def frame(self) -> Frame:
        """Returns the frame as the manifest holds it."""
        text = getline(self.file, self.line).strip() or None
        return Frame(portable_path(self.file), self.line, self.function, text)
