"""The files of a new `.pycandle/`, by path, as this version of PyCandle writes them."""

import re
from importlib import resources
from pathlib import Path

import pycandle
from pycandle.version import VERSION

SOURCE = "vendor/pycandle/src/pycandle"
USERS = frozenset({"README.md", ".gitignore", "scripts/recorder.py"})
"""What the user is meant to edit: an edit is kept, and is no conflict."""
_SKIPPED = (".pyc", ".pyo", ".tmp")
_BUILT = {"__pycache__", "target"}


def contents() -> dict[str, str]:
    """Returns path in `.pycandle/` to text, but for `pyproject.toml`, which has settings."""
    files = {
        "README.md": template("README.md.txt"),
        ".gitignore": template("gitignore.txt"),
        "scripts/recorder.py": template("recorder.py.txt"),
        "scripts/spy.py": template("spy.py.txt"),
        "scripts/weight_extractor.py": template("weight_extractor.py.txt"),
        "traces/.gitkeep": "",
        "vendor/pycandle/pyproject.toml": template("vendored.toml.txt").replace(
            "@version@", VERSION
        ),
    }
    return files | package_source()


def template(name: str) -> str:
    """Returns the text of a file in `templates/`."""
    return (resources.files("pycandle.project") / "templates" / name).read_text("utf-8")


def package_source() -> dict[str, str]:
    """Returns the source of the running PyCandle, data files included, by its vendored path."""
    root = Path(pycandle.__file__).parent
    files: dict[str, str] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if _BUILT.intersection(relative.parts) or path.suffix in _SKIPPED or not path.is_file():
            continue
        files[f"{SOURCE}/{relative.as_posix()}"] = path.read_text("utf-8")
    return files


def vendored_version(folder: Path) -> str | None:
    """Returns the version of the PyCandle that is vendored in a `.pycandle/`, None without one."""
    path = folder / SOURCE / "version.py"
    if not path.is_file():
        return None
    found = re.search(r'^VERSION = "([^"]+)"', path.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else None
