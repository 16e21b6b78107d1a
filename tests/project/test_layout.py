"""A project is found from anywhere in it."""

from pathlib import Path

import pytest

from pycandle.errors import PyCandleError
from pycandle.project.layout import find_layout, get_layout


def make_project(root: Path) -> Path:
    (root / ".pycandle").mkdir(parents=True)
    (root / ".pycandle" / "pyproject.toml").write_text("")
    return root


def test_the_nearest_project_above_is_found(tmp_path: Path) -> None:
    make_project(tmp_path)
    inner = make_project(tmp_path / "a" / "b")
    (inner / "src").mkdir()

    found = find_layout(inner / "src")

    assert found is not None
    assert found.root == inner


def test_a_project_is_found_from_its_own_traces(tmp_path: Path) -> None:
    make_project(tmp_path)

    assert get_layout(tmp_path / ".pycandle" / "traces").root == tmp_path


def test_the_first_start_wins(tmp_path: Path) -> None:
    one, two = make_project(tmp_path / "one"), make_project(tmp_path / "two")

    assert get_layout(two, one).root == two
    assert get_layout(tmp_path / "none", one).root == one


def test_no_project_is_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(PyCandleError, match="no-project"):
        get_layout(tmp_path)
