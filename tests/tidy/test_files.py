"""Sizes, names and leftovers, over all files of the repository."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PYTHON = [*SOURCES, *TESTS]
VAGUE = {"utils", "util", "helpers", "common", "core", "base", "manager", "misc"}
TABLES: set[str] = set()
"""Modules that are one table, and may be longer."""


def named(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.mark.parametrize("path", SOURCES, ids=named(SOURCES))
def test_a_module_is_short(path: Path) -> None:
    lines = path.read_text("utf-8").count("\n")

    assert lines <= 400 or path.relative_to(ROOT).as_posix() in TABLES


def test_test_modules_are_short() -> None:
    assert [name for name, path in zip(named(TESTS), TESTS, strict=True) if lines(path) > 500] == []


def lines(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


def test_functions_are_short() -> None:
    long = [
        f"{path.name}: {node.name} has {length} lines"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (length := body_lines(node)) > 50
    ]

    assert long == []


def body_lines(node: ast.FunctionDef) -> int:
    """Counts without decorators, signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_every_module_says_what_is_in_it() -> None:
    silent = [
        name
        for name, path in zip(named(PYTHON), PYTHON, strict=True)
        if path.read_text("utf-8").strip()
        and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]

    assert silent == []


def test_no_module_has_a_vague_name() -> None:
    assert [path for path in PYTHON if VAGUE & {path.stem, path.parent.name}] == []


def tracked_texts() -> dict[str, str]:
    """Returns the text of each file that git tracks, by path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts: dict[str, str] = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".safetensors", ".pth", ".bin"):
            texts[name] = path.read_text("utf-8", errors="replace")
    return texts


def test_a_todo_names_its_issue() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))")
    found = [
        f"{name}: {line.strip()}"
        for name, text in tracked_texts().items()
        if name.endswith((".py", ".rs", ".toml")) and name != "tests/tidy/test_files.py"
        for line in text.splitlines()
        if pattern.search(line)
    ]

    assert found == []


def test_no_file_names_a_path_of_one_machine_or_a_registry_host() -> None:
    pattern = re.compile(r"(?<![\w.])/(home/\w+|root|work|Users/\w+)/\w|pythonhosted|pypi\.org")
    found = [
        f"{name}: {line.strip()[:80]}"
        for name, text in tracked_texts().items()
        if name != "tests/tidy/test_files.py" and not name.endswith("Cargo.lock")
        for line in text.splitlines()
        if pattern.search(line)
    ]

    assert found == []


def test_no_test_is_skipped() -> None:
    pattern = re.compile(r"mark\.skip|pytest\.skip\(|importorskip|unittest\.skip")
    skipped = [
        name
        for name, path in zip(named(TESTS), TESTS, strict=True)
        if path.name != "test_files.py" and pattern.search(path.read_text("utf-8"))
    ]

    assert skipped == []


TESTED_IN = {"lowering": "ops", "rust": "codegen"}
"""Packages whose tests have another name."""


def test_every_package_has_tests() -> None:
    packages = {path.parent.name for path in SOURCES if path.parent.parent.name == "pycandle"}
    wanted = {TESTED_IN.get(name, name) for name in packages}
    tested = {path.name for path in (ROOT / "tests").iterdir() if list(path.glob("**/test_*.py"))}

    assert wanted - tested == set()
