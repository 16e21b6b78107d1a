"""The output appears whole or not at all, and no input is ever its victim."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from pycandle.errors import PyCandleError
from pycandle.weights import extract
from pycandle.weights.atomic_file import replacing
from pycandle.weights.safetensors_file import Header, read_header

from .manifests import write_manifest

STATE = {name: torch.arange(100_000.0) for name in ("a", "b", "c")}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A checkpoint, a manifest, and an output that holds something else."""
    checkpoint = tmp_path / "model.safetensors"
    save_file(STATE, checkpoint)
    out = tmp_path / "weights.safetensors"
    out.write_bytes(b"as it was")
    return checkpoint, write_manifest(tmp_path / "manifest.json", STATE), out


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def code_of(files: tuple[Path, Path, Path], out: Path | None = None, **options: object) -> str:
    """Returns the code of a refusal that leaves the output and its directory as they were."""
    checkpoint, manifest, usual = files
    before = names(checkpoint.parent)
    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, out or usual, **options)  # type: ignore[arg-type]
    assert names(checkpoint.parent) == before
    assert usual.read_bytes() == b"as it was"
    return refused.value.diagnostics[0].code


def test_an_existing_output_is_replaced(files: tuple[Path, Path, Path]) -> None:
    checkpoint, manifest, out = files

    extract(checkpoint, manifest, out)

    assert out.read_bytes() == checkpoint.read_bytes()
    assert names(out.parent) == ["manifest.json", "model.safetensors", "weights.safetensors"]


def test_the_umask_decides_who_may_read_the_output(tmp_path: Path) -> None:
    reference = tmp_path / "reference"
    reference.touch(0o666)
    with replacing(tmp_path / "file", 0) as file:
        file.write(b"1")

    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == stat.S_IMODE(
        reference.stat().st_mode
    )


@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS])
def test_a_file_system_that_reserves_nothing_is_no_obstacle(
    number: int, files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, manifest, out = files
    monkeypatch.setattr(os, "posix_fallocate", failing_with(number), raising=False)

    extract(checkpoint, manifest, out)

    assert out.read_bytes() == checkpoint.read_bytes()


def failing_with(number: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_neither_fallocate_nor_directory_sync_is_needed(
    files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, manifest, out = files
    for name in ("posix_fallocate", "O_DIRECTORY", "O_CLOEXEC"):
        monkeypatch.delattr(os, name, raising=False)

    extract(checkpoint, manifest, out)

    assert out.read_bytes() == checkpoint.read_bytes()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("function", ["posix_fallocate", "fsync", "replace"])
def test_a_full_disk_is_refused(
    function: str,
    number: int,
    files: tuple[Path, Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, function, failing_with(number), raising=False)

    assert code_of(files) == "write-failed"


def test_an_output_that_is_the_checkpoint_is_refused(files: tuple[Path, Path, Path]) -> None:
    assert code_of(files, files[0]) == "bad-output"


def test_an_output_that_is_the_manifest_is_refused(files: tuple[Path, Path, Path]) -> None:
    assert code_of(files, files[1]) == "bad-output"


def test_an_output_that_is_a_hard_link_to_the_checkpoint_is_refused(
    files: tuple[Path, Path, Path],
) -> None:
    link = files[0].parent / "link"
    os.link(files[0], link)

    assert code_of(files, link) == "bad-output"


def test_an_output_that_is_a_symbolic_link_is_refused(files: tuple[Path, Path, Path]) -> None:
    link = files[0].parent / "link"
    link.symlink_to(files[0].parent / "elsewhere")

    assert code_of(files, link) == "bad-output"


def test_an_output_that_is_a_directory_is_refused(files: tuple[Path, Path, Path]) -> None:
    assert code_of(files, files[0].parent) == "bad-output"


def test_an_output_in_no_directory_is_refused(files: tuple[Path, Path, Path]) -> None:
    assert code_of(files, files[0].parent / "nowhere" / "weights.safetensors") == "bad-output"


def test_an_output_that_is_a_device_is_refused(files: tuple[Path, Path, Path]) -> None:
    assert code_of(files, Path(os.devnull)) == "bad-output"


def test_a_shard_that_is_not_needed_is_not_overwritten(tmp_path: Path) -> None:
    directory = tmp_path / "model"
    directory.mkdir()
    for name in ("a", "b"):
        save_file({name: STATE[name]}, directory / f"{name}.safetensors")
    index = '{"weight_map": {"a": "a.safetensors", "b": "b.safetensors"}}'
    (directory / "model.safetensors.index.json").write_text(index)
    manifest = write_manifest(tmp_path / "manifest.json", {"a": STATE["a"]})

    with pytest.raises(PyCandleError) as refused:
        extract(directory, manifest, directory / "b.safetensors")

    assert refused.value.diagnostics[0].code == "bad-output"


def test_a_checkpoint_that_is_a_link_is_read_with_its_siblings(tmp_path: Path) -> None:
    """A cache of the hub holds links into another directory, where shards have other names."""
    blobs, snapshot = tmp_path / "blobs", tmp_path / "snapshot"
    blobs.mkdir()
    snapshot.mkdir()
    save_file({"a": STATE["a"]}, blobs / "1")
    (blobs / "2").write_text('{"weight_map": {"a": "model.safetensors"}}')
    (snapshot / "model.safetensors").symlink_to(blobs / "1")
    (snapshot / "index.json").symlink_to(blobs / "2")
    manifest = write_manifest(tmp_path / "manifest.json", {"a": STATE["a"]})

    report = extract(snapshot / "index.json", manifest, tmp_path / "out")

    assert report.tensors == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path: os.truncate(path, 900_000), id="truncated"),
        pytest.param(lambda path: os.utime(path, (1, 1)), id="touched"),
        pytest.param(lambda path: save_file({"a": STATE["a"]}, path), id="replaced"),
        pytest.param(lambda path: path.unlink(), id="removed"),
    ],
)
def test_a_checkpoint_that_changes_meanwhile_is_refused(
    change: Callable[[Path], None], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "model.safetensors"
    save_file(STATE, checkpoint)
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    out = tmp_path / "weights.safetensors"
    pending = [change]

    def once(_done: int, _total: int) -> None:
        if pending:
            pending.pop()(checkpoint)

    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, out, progress=once)

    assert refused.value.diagnostics[0].code in ("checkpoint-changed", "unreadable-file")
    assert not out.exists()
    assert [name for name in names(tmp_path) if name.endswith(".tmp")] == []


def test_a_checkpoint_replaced_while_its_header_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file of the same layout would give other weights without an error."""
    checkpoint = tmp_path / "model.safetensors"
    save_file(STATE, checkpoint)
    manifest = write_manifest(tmp_path / "manifest.json", STATE)

    def read_and_replace(path: Path) -> Header:
        header = read_header(path)
        save_file({name: -tensor for name, tensor in STATE.items()}, path)
        return header

    monkeypatch.setattr("pycandle.weights.formats.safetensors.read_header", read_and_replace)
    with pytest.raises(PyCandleError) as refused:
        extract(checkpoint, manifest, tmp_path / "weights.safetensors")

    assert refused.value.diagnostics[0].code == "checkpoint-changed"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError, MemoryError])
def test_an_interruption_leaves_the_output_as_it_was(
    error: type[BaseException], files: tuple[Path, Path, Path]
) -> None:
    checkpoint, manifest, out = files

    def interrupt(done: int, _total: int) -> None:
        if done > 500_000:
            raise error

    with pytest.raises(error):
        extract(checkpoint, manifest, out, progress=interrupt)

    assert out.read_bytes() == b"as it was"
    assert names(out.parent) == ["manifest.json", "model.safetensors", "weights.safetensors"]


SLOW = """
import sys, time
from pathlib import Path
from pycandle.weights import extract

def progress(done, total):
    print(done, flush=True)
    time.sleep(0.05)

extract(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), progress=progress)
"""

SIGNALS = ["SIGINT", "SIGTERM"] + (["SIGHUP"] if hasattr(signal, "SIGHUP") else [])


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_leaves_the_output_as_it_was(name: str, files: tuple[Path, Path, Path]) -> None:
    number = getattr(signal, name)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *map(str, files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        code = process.wait(timeout=20)

    assert code in (-number, 128 + number, 130)
    assert files[2].read_bytes() == b"as it was"
    assert names(files[0].parent) == ["manifest.json", "model.safetensors", "weights.safetensors"]


def test_handlers_of_signals_are_put_back(files: tuple[Path, Path, Path]) -> None:
    before = [signal.getsignal(getattr(signal, name)) for name in SIGNALS]

    extract(*files)

    assert [signal.getsignal(getattr(signal, name)) for name in SIGNALS] == before


def test_two_extractions_to_one_output_both_end_whole(files: tuple[Path, Path, Path]) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", SLOW, *map(str, files)], stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]

    codes = [process.wait(timeout=20) for process in processes]

    assert codes == [0, 0]
    assert files[2].read_bytes() == files[0].read_bytes()
    assert names(files[0].parent) == ["manifest.json", "model.safetensors", "weights.safetensors"]
