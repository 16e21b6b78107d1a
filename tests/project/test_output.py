"""Generated files: where they go, and what they never replace."""

from pathlib import Path

import pytest

from pycandle.errors import PyCandleError
from pycandle.project.output import find_left_over, finish, place_model, write_generated
from pycandle.project.stamp import is_unedited

MODEL = {"model.rs": "//! Model.\nmod runtime;\n", "model/runtime.rs": "//! Runtime.\n"}


@pytest.mark.parametrize(
    ("out", "runtime"),
    [
        ("src/model.rs", "src/model/runtime.rs"),
        ("src/net.rs", "src/net/runtime.rs"),
        ("src/net/mod.rs", "src/net/runtime.rs"),
        ("src/lib.rs", "src/runtime.rs"),
        ("net.rs", "net/runtime.rs"),
    ],
)
def test_the_runtime_goes_where_rust_looks_for_it(out: str, runtime: str) -> None:
    assert list(place_model(MODEL, Path(out))) == [Path(out), Path(runtime)]


@pytest.mark.parametrize("out", ["src", "src/my-model.rs", "src/model.txt", "src/1.rs", "ä.rs"])
def test_a_path_that_is_no_rust_module_is_refused(out: str) -> None:
    with pytest.raises(PyCandleError, match="is no file of a Rust module") as caught:
        place_model(MODEL, Path(out))

    assert caught.value.exit_code == 2


def test_rust_is_formatted_and_stamped() -> None:
    finished = finish({Path("a.rs"): "//! A.\nfn  f( ) { }\n", Path("Cargo.toml"): "[package]\n"})

    assert finished[Path("a.rs")].endswith("fn f() {}\n")
    assert all(is_unedited(text) for text in finished.values())


def test_an_untouched_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "model.rs"
    write_generated(finish({path: "//! One.\n"}), force=False)

    write_generated(finish({path: "//! Two.\n"}), force=False)

    assert path.read_text().startswith("//! Two.")


def test_edited_and_foreign_files_are_refused_together(tmp_path: Path) -> None:
    edited, foreign, free = tmp_path / "a.rs", tmp_path / "b.rs", tmp_path / "c.rs"
    write_generated(finish({edited: "//! One.\n"}), force=False)
    edited.write_text(edited.read_text() + "// mine\n")
    foreign.write_text("fn main() {}\n")

    with pytest.raises(PyCandleError) as caught:
        write_generated(finish({p: "//! Two.\n" for p in (free, edited, foreign)}), force=False)

    assert [item.title for item in caught.value.diagnostics] == [
        "this file was edited since PyCandle generated it",
        "PyCandle did not write this file",
    ]
    assert not free.exists()


def test_force_replaces_an_edited_file(tmp_path: Path) -> None:
    path = tmp_path / "model.rs"
    path.write_text("// mine\n")

    write_generated(finish({path: "//! Two.\n"}), force=True)

    assert path.read_text().startswith("//! Two.")


def test_a_missing_rustfmt_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(PyCandleError, match="rustup component add rustfmt"):
        finish({Path("a.rs"): "fn main() {}\n"})


def test_what_a_model_no_longer_has_is_told(tmp_path: Path) -> None:
    out = tmp_path / "net.rs"
    before = place_model({**MODEL, "model/block.rs": "//! Block.\n"}, out)
    write_generated(finish(before), force=False)
    (tmp_path / "net" / "mine.rs").write_text("fn mine() {}\n")

    now = finish(place_model(MODEL, out))

    assert find_left_over(now, out) == [tmp_path / "net" / "block.rs"]
    assert find_left_over(finish(before), out) == []


def test_a_library_has_no_folder_of_its_own(tmp_path: Path) -> None:
    out = tmp_path / "lib.rs"
    write_generated(finish({tmp_path / "other.rs": "//! Another model.\n"}), force=False)

    assert find_left_over(finish(place_model(MODEL, out)), out) == []
