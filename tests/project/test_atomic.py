"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from pycandle.errors import PyCandleError
from pycandle.project.atomic import write_text, write_texts


def test_writes_utf8_with_the_texts_own_line_endings(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "a.rs", "ä\nb\n")

    assert (tmp_path / "new" / "a.rs").read_bytes() == "ä\nb\n".encode()


def test_a_failure_before_the_last_file_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    first = tmp_path / "first.rs"
    first.write_text("old")
    (tmp_path / "folder").mkdir()

    with pytest.raises(PyCandleError, match="folder"):
        write_texts({first: "new", tmp_path / "folder": "a file cannot be here"})

    assert first.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.rs", "folder"]


def test_a_full_disk_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(PyCandleError, match="no space left on device"):
        write_text(tmp_path / "a.rs", "text")

    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(source: object, target: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)

    with pytest.raises(KeyboardInterrupt):
        write_texts({tmp_path / "a.rs": "a", tmp_path / "b.rs": "b"})

    assert list(tmp_path.iterdir()) == []


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")

    write_text(tmp_path / "ours", "text")

    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode
