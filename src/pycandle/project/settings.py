"""The two settings in `.pycandle/pyproject.toml` that `init` has options for."""

import re
import tomllib

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.project.contents import template

_REQUIRES_PYTHON = re.compile(r"^requires-python\s*=.*$", re.MULTILINE)
_SOURCES = re.compile(r"^\[tool\.uv\.sources\][^\n]*\n", re.MULTILINE)
_TORCH_SOURCE = re.compile(r"^torch\s*=.*\n", re.MULTILINE)
_TORCH_INDEX = re.compile(r'(?<=\n)\[\[tool\.uv\.index\]\]\nname = "torch"\n[^\[]*')


def new_pyproject(python: str) -> str:
    """Returns the text of a new project's `pyproject.toml` for a Python such as `3.12`."""
    return template("pyproject.toml.txt").replace("@python@", python)


def with_python(text: str, python: str) -> str:
    """Returns the text with another Python."""
    changed = _REQUIRES_PYTHON.sub(f'requires-python = "=={python}.*"', text, count=1)
    parsed = tomllib.loads(changed)
    if parsed.get("project", {}).get("requires-python") != f"=={python}.*":
        raise _cannot_edit("requires-python")
    return changed


def with_torch_index(text: str, url: str) -> str:
    """Returns the text with torch taken from the package index at the URL."""
    changed = _TORCH_INDEX.sub("", text).rstrip("\n")
    changed += f'\n\n[[tool.uv.index]]\nname = "torch"\nurl = "{url}"\nexplicit = true\n'
    changed = _TORCH_SOURCE.sub("", changed)
    changed = _SOURCES.sub('\\g<0>torch = { index = "torch" }\n', changed, count=1)
    uv = tomllib.loads(changed).get("tool", {}).get("uv", {})
    indexes = [index.get("url") for index in uv.get("index", []) if index.get("name") == "torch"]
    if uv.get("sources", {}).get("torch") != {"index": "torch"} or indexes != [url]:
        raise _cannot_edit("torch's index")
    return changed


def _cannot_edit(what: str) -> PyCandleError:
    return PyCandleError(
        Diagnostic(
            "edited-pyproject",
            f"cannot set {what} in a file that no longer looks as `pycandle init` wrote it",
            Place(file=".pycandle/pyproject.toml"),
            hint="set it there by hand, then `pycandle init`",
        )
    )
