"""Edits of generated files survive what PyCandle generates anew."""

from pathlib import Path

import pytest

from pycandle.errors import PyCandleError
from pycandle.project.layout import Layout
from pycandle.project.merging import merge, remember
from pycandle.project.output import finish, write_generated

LINES = [f"fn f{i}() {{}}\n" for i in range(9)]


def source(*, first: str = LINES[0], last: str = LINES[8]) -> str:
    return "".join(("//! Model.\n", first, *LINES[1:8], last))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that was generated, and edited in its last line."""
    files = finish({tmp_path / "model.rs": source()})
    write_generated(files, force=False)
    remember(files, Layout(tmp_path))
    (path,) = files
    path.write_text(path.read_text().replace("fn f8() {}", "fn mine() {}"))
    return path


def test_both_changes_are_in_the_merged_file(path: Path) -> None:
    new = finish({path: source(first="fn new() {}\n")})

    found = merge(new, Layout(path.parent))[path]

    assert "fn new() {}" in found
    assert "fn mine() {}" in found
    assert "fn f0() {}" not in found
    assert found.partition("\n")[0] == new[path].partition("\n")[0]


def test_a_second_merge_starts_from_the_first(path: Path) -> None:
    layout = Layout(path.parent)
    for name in ("one", "two"):
        new = finish({path: source(first=f"fn {name}() {{}}\n")})
        path.write_text(merge(new, layout)[path])
        remember(new, layout)

    text = path.read_text()
    assert "fn two() {}" in text
    assert "fn one() {}" not in text
    assert "fn mine() {}" in text


def test_a_conflict_leaves_the_file_and_puts_both_versions_beside_it(path: Path) -> None:
    before = path.read_bytes()
    other = path.parent / "other.rs"
    new = finish({path: source(last="fn theirs() {}\n"), other: "//! Other.\n"})

    with pytest.raises(PyCandleError, match="1 place was changed both here and by PyCandle"):
        merge(new, Layout(path.parent))

    assert path.read_bytes() == before
    assert not other.exists()
    both = (path.parent / "model.rs.merge").read_text()
    assert "<<<<<<< edited\nfn mine() {}\n" in both
    assert "fn theirs() {}\n>>>>>>> generated now" in both


def test_a_file_of_unknown_origin_is_refused(path: Path) -> None:
    path.write_text("fn main() {}\n")

    with pytest.raises(PyCandleError, match="generated here before is not known"):
        merge(finish({path: source()}), Layout(path.parent))


def test_without_git_it_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = finish({path: source(first="fn new() {}\n")})
    monkeypatch.setenv("PATH", str(path.parent))

    with pytest.raises(PyCandleError, match="needs git"):
        merge(new, Layout(path.parent))
