"""The Python functions that long functions of generated Rust come from, and their lines."""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

_STRUCT = re.compile(r"^/// `([\w.]+)`\n(?:#\[.*\]\n)*(?:pub(?:\(super\))? )?struct (\w+)", re.M)
_NO_CODE = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


@dataclass(frozen=True)
class Original:
    """A function of the model's own Python."""

    name: str
    """`Block.forward`, or a function's own name."""
    lines: int
    """Of its body: without its docstring, comments and blank lines."""


def find_original(rust: str, name: str) -> Original | None:
    """Returns the Python function of a function of generated Rust, or None.

    `name`: `Block::forward`, or a function's own name, which stands in a module of the file's
    classes or is a method of one.
    """
    classes = {struct: path for path, struct in _STRUCT.findall(rust)}
    owner, _, method = name.rpartition("::")
    if owner:
        cls = _load(classes.get(owner, ""))
        found = _unwrapped(getattr(cls, method, None))
        return None if found is None else Original(f"{cls.__name__}.{method}", count_body(found))
    for place in _places(classes.values()):
        found = _unwrapped(getattr(place, name, None))
        if found is not None:
            prefix = f"{place.__name__}." if isinstance(place, type) else ""
            return Original(f"{prefix}{name}", count_body(found))
    return None


def count_body(function: FunctionType) -> int:
    """Returns the lines of code in the body of a function."""
    source = textwrap.dedent(inspect.getsource(function))
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
    statements = definition.body
    if ast.get_docstring(definition) is not None:
        statements = statements[1:]
    if not statements:
        return 0
    first = statements[0].lineno
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE and token.start[0] >= first:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines)


def _places(paths: Any) -> Iterator[Any]:
    """Yields the modules of classes, then the classes."""
    classes = [found for found in map(_load, dict.fromkeys(paths)) if found is not None]
    yield from dict.fromkeys(importlib.import_module(cls.__module__) for cls in classes)
    yield from classes


def _load(path: str) -> Any:
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name, None) if module else None
    except ImportError:
        return None


def _unwrapped(value: Any) -> FunctionType | None:
    found = inspect.unwrap(value) if callable(value) else None
    return found if isinstance(found, FunctionType) else None
