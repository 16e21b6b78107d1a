"""`codegen` writes a file or a crate, whole or not at all."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cli.tiny import tiny_manifest
from pycandle.project.stamp import is_unedited


@pytest.fixture
def manifest(workdir: Path) -> Path:
    path = workdir / "tiny_manifest.json"
    path.write_bytes(msgspec.json.encode(tiny_manifest()))
    return path


def test_out_writes_a_stamped_file_and_says_what_it_depends_on(
    manifest: Path, pycandle: Callable
) -> None:
    done = pycandle("codegen", "--manifest", manifest, "--out", "src/model.rs")

    text = Path("src/model.rs").read_text()
    assert (done.code, done.stdout) == (0, "")
    assert "pub struct Tiny" in text
    assert is_unedited(text)
    assert "candle-core" in done.stderr


def test_json_says_the_same_as_data(manifest: Path, pycandle: Callable) -> None:
    done = pycandle("codegen", "--manifest", manifest, "--out", "src/net.rs", "--json")

    document = json.loads(done.stdout)
    assert document["files"][0] == str(Path("src/net.rs"))
    assert "candle-nn" in document["dependencies"]


def test_the_crate_holds_the_bytes_of_out(manifest: Path, pycandle: Callable) -> None:
    pycandle("codegen", "--manifest", manifest, "--out", "model.rs")
    done = pycandle("codegen", "--manifest", manifest, "--crate", "tiny", "--name", "Tiny-2")

    assert done.code == 0
    assert Path("tiny/src/model.rs").read_bytes() == Path("model.rs").read_bytes()
    assert 'name = "tiny_2"' in Path("tiny/Cargo.toml").read_text()
    assert {path.name for path in Path("tiny").iterdir()} >= {"Cargo.toml", "Cargo.lock", "src"}


@pytest.mark.parametrize("name", ["tiny", "zz-last"])
def test_cargo_takes_the_lock_as_it_is(manifest: Path, pycandle: Callable, name: str) -> None:
    pycandle("codegen", "--manifest", manifest, "--crate", "tiny", "--name", name)

    target = os.environ.get("CARGO_TARGET_DIR") or str(Path(__file__).parents[2] / "target")
    done = subprocess.run(
        ["cargo", "build", "--release", "--locked", "--quiet"],
        cwd="tiny",
        env={**os.environ, "CARGO_TARGET_DIR": target},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_generating_twice_gives_the_same_bytes(manifest: Path, pycandle: Callable) -> None:
    pycandle("codegen", "--manifest", manifest, "--crate", "one", "--name", "tiny")
    pycandle("codegen", "--manifest", manifest, "--crate", "two", "--name", "tiny")

    assert files("one") == files("two")


def files(folder: str) -> dict[Path, bytes]:
    paths = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in paths}


def test_an_edited_file_is_refused_and_stays(manifest: Path, pycandle: Callable) -> None:
    pycandle("codegen", "--manifest", manifest, "--out", "model.rs")
    edited = Path("model.rs").read_text() + "// mine\n"
    Path("model.rs").write_text(edited)

    done = pycandle("codegen", "--manifest", manifest, "--out", "model.rs")

    assert done.code == 1
    assert "this file was edited since PyCandle generated it" in done.stderr
    assert Path("model.rs").read_text() == edited
    assert pycandle("codegen", "--manifest", manifest, "--out", "model.rs", "--force").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--out", "model.rs", "--crate", "tiny"),
        ("--out", "model.rs", "--name", "tiny"),
        ("--out", "model.py"),
        ("--out", "model.rs", "--no-pass", "no-such-pass"),
        ("--out", "model.rs", "--no-pass", "functionalize"),
    ],
)
def test_wrong_usage_exits_with_2_and_writes_nothing(
    manifest: Path, pycandle: Callable, arguments: tuple[str, ...]
) -> None:
    done = pycandle("codegen", "--manifest", manifest, *arguments)

    assert (done.code, done.stdout) == (2, "")
    assert list(Path().iterdir()) == [Path(manifest.name)]


def test_every_gap_is_reported_and_nothing_is_written(workdir: Path, pycandle: Callable) -> None:
    path = workdir / "tiny_manifest.json"
    path.write_bytes(msgspec.json.encode(tiny_manifest("aten._fft_r2c.default")))

    done = pycandle("codegen", "--manifest", path, "--out", "model.rs")

    assert done.code == 1
    assert "error[unsupported-op]: no lowering for `aten._fft_r2c.default`" in done.stderr
    assert not Path("model.rs").exists()


def test_merge_keeps_edits_and_needs_a_project(manifest: Path, pycandle: Callable) -> None:
    refused = pycandle("codegen", "--manifest", manifest, "--out", "model.rs", "--merge")
    assert refused.code == 1
    assert "pycandle init" in refused.stderr

    Path(".pycandle").mkdir()
    Path(".pycandle/pyproject.toml").touch()
    pycandle("codegen", "--manifest", manifest, "--out", "model.rs")
    text = Path("model.rs").read_text()
    Path("model.rs").write_text(text + "\n// mine\n")

    assert pycandle("codegen", "--manifest", manifest, "--out", "model.rs").code == 1
    done = pycandle("codegen", "--manifest", manifest, "--out", "model.rs", "--merge")

    assert done.code == 0
    assert Path("model.rs").read_text() == text + "\n// mine\n"
    both = pycandle("codegen", "--manifest", manifest, "--out", "model.rs", "--merge", "--force")
    assert both.code == 2
