"""A run that was ended while it fetched goes on where it was, and is otherwise as any other."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import pycandle
from pycandle.errors import PyCandleError
from pycandle.weights import WriteOptions, batches, concurrent_copy, extract
from pycandle.weights.batches import Batch, make_batches
from pycandle.weights.remote import requests

from .manifests import write_manifest
from .range_server import Behaviour, serving

SOURCE = Path(pycandle.__file__).parents[1]
STATE = {f"{number:02}": torch.randn(100_000) for number in range(24)}  # 400 kB each
NEEDED = {name: item for name, item in STATE.items() if int(name) % 6 < 4}
BATCH = 500_000
SHARD = 2_500_000

RUN = f"""
import sys
sys.path.insert(0, sys.argv[1])
from pycandle.weights import batches
from pycandle.weights.command import main
from pycandle.weights.remote import requests
batches.make_batches.__defaults__ = ({BATCH},)
requests.BACKOFF = 0.001
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_batches.__defaults__ == (batches.MAX_BYTES,)
    monkeypatch.setattr(make_batches, "__defaults__", (BATCH,))
    monkeypatch.setattr(requests, "BACKOFF", 0.001)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "out").mkdir()
    save_file(STATE, tmp_path / "files" / "model.safetensors")
    save_file(NEEDED, tmp_path / "expected")
    write_manifest(tmp_path / "manifest.json", NEEDED)
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[tuple[Behaviour, str]]:
    behaviour = Behaviour(folder / "files")
    with serving(behaviour) as address:
        yield behaviour, f"{address}/model.safetensors"


def run(folder: Path, url: str, *words: str) -> subprocess.Popen[str]:
    arguments = ["--checkpoint", url, "--manifest", str(folder / "manifest.json")]
    arguments += ["--out", str(folder / "out" / "model"), *words]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(SOURCE), *arguments], stderr=subprocess.PIPE, text=True
    )


def left(folder: Path) -> list[str]:
    """Returns the kinds of files that lie beside the output."""
    return sorted(path.suffix for path in (folder / "out").iterdir() if path.name[0] == ".")


def kill_once_it_has_fetched(
    process: subprocess.Popen[str], folder: Path, rng: random.Random
) -> None:
    """Kills a run when it has got on, at any moment after that."""
    before = journals(folder)
    while process.poll() is None and journals(folder) in ("", before):
        time.sleep(0.005)
    time.sleep(rng.uniform(0, 0.1))
    process.kill()
    process.communicate()
    assert process.returncode in (0, -signal.SIGKILL)


def journals(folder: Path) -> str:
    """Returns what all journals say; a run may delete them at any moment."""
    with suppress(FileNotFoundError):
        return "".join(path.read_text() for path in sorted((folder / "out").glob(".*.journal")))
    return ""


def outputs(folder: Path) -> list[bytes]:
    files = [path for path in (folder / "out").iterdir() if path.name.startswith("model")]
    return sorted(path.read_bytes() for path in files if path.suffix != ".json")


def fail_after(count: int, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Lets every batch after so many fail."""
    done = []

    def run_batch(batch: Batch, *rest: object) -> object:
        if len(done) >= count:
            raise error
        done.append(batch)
        return batches.run_batch(batch, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(concurrent_copy, "run_batch", run_batch)


def interrupt(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, count: int = 6) -> None:
    """Interrupts an extraction after so many batches."""
    with monkeypatch.context() as patch:
        fail_after(count, patch, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            extract(url, folder / "manifest.json", folder / "out" / "model")


def resume(folder: Path, url: str) -> None:
    extract(url, folder / "manifest.json", folder / "out" / "model")
    assert (folder / "out" / "model").read_bytes() == (folder / "expected").read_bytes()
    assert left(folder) == []


def test_what_is_there_is_not_fetched_again(
    folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, url = server
    resume(folder, url)
    whole = behaviour.nbytes
    (folder / "out" / "model").unlink()
    interrupt(folder, url, monkeypatch, count=10)
    assert left(folder) == [".journal", ".partial"]
    behaviour.nbytes = 0

    resume(folder, url)

    # Of the ten, those on three other connections may not have ended.
    assert behaviour.nbytes < whole - 6 * 400_000


@pytest.mark.parametrize("words", [(), ("--max-shard-size", str(SHARD))], ids=["file", "shards"])
def test_a_killed_run_goes_on_and_its_output_is_never_half(
    words: tuple[str, ...], folder: Path, server: tuple[Behaviour, str]
) -> None:
    behaviour, url = server
    options = WriteOptions(max_shard_size=SHARD if words else None)
    extract(url, folder / "manifest.json", folder / "whole", options=options)
    expected = sorted(path.read_bytes() for path in folder.glob("whole-*-of-*")) or [
        (folder / "whole").read_bytes()
    ]
    # Slow, and with faults.
    behaviour.latency, behaviour.cuts, behaviour.unavailable = 0.2, 5, 7
    rng = random.Random(0)
    kills = 0
    # Shards that have their names are no output before the index is there.
    decisive = folder / "out" / ("model.index.json" if words else "model")
    while not decisive.exists():
        kill_once_it_has_fetched(run(folder, url, *words), folder, rng)
        kills += 1
        assert kills < 30  # Else it does not get on.

    assert kills > 2
    assert outputs(folder) == expected
    extract(url, folder / "manifest.json", folder / "out" / "model", options=options)
    assert outputs(folder) == expected
    assert left(folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupted_run_goes_on(
    number: signal.Signals, folder: Path, server: tuple[Behaviour, str]
) -> None:
    behaviour, url = server
    behaviour.latency = 0.3
    with run(folder, url) as process:
        while left(folder) != [".journal", ".partial"]:
            time.sleep(0.01)
        process.send_signal(number)
        assert process.wait() != 0
    assert left(folder) == [".journal", ".partial"]
    behaviour.latency = 0

    resume(folder, url)


def test_a_server_that_is_gone_leaves_a_hint_and_what_was_fetched(
    folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, url = server
    monkeypatch.setattr(requests, "ATTEMPTS", 2)
    fetch = batches.run_batch
    fetched = []

    def run_batch(*arguments: object) -> object:
        fetched.append(arguments)
        if len(fetched) > 6:
            behaviour.unavailable = 1
        return fetch(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(concurrent_copy, "run_batch", run_batch)
        with pytest.raises(PyCandleError) as error:
            extract(url, folder / "manifest.json", folder / "out" / "model")
    assert error.value.diagnostics[0].code == "unreadable-file"
    assert error.value.diagnostics[0].hint == "the same command goes on from here"
    assert left(folder) == [".journal", ".partial"]
    behaviour.unavailable = 0

    resume(folder, url)


def test_a_file_that_has_changed_is_fetched_anew(
    folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, url = server
    interrupt(folder, url, monkeypatch)
    changed = {name: item + 1 for name, item in STATE.items()}
    save_file(changed, folder / "files" / "model.safetensors")
    save_file({name: changed[name] for name in NEEDED}, folder / "expected")
    behaviour.etag = '"2"'

    resume(folder, url)


def test_without_an_etag_nothing_is_kept(
    folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, url = server
    behaviour.etag = ""

    interrupt(folder, url, monkeypatch)

    assert left(folder) == []


def test_a_refusal_leaves_nothing(
    folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, url = server
    behaviour.changes_at = 6

    with pytest.raises(PyCandleError) as error:
        extract(url, folder / "manifest.json", folder / "out" / "model")

    assert error.value.diagnostics[0].code == "checkpoint-changed"
    assert left(folder) == []


@pytest.mark.parametrize("damage", ["bytes", "short", "journal", "torn", "foreign"])
def test_what_is_damaged_is_fetched_again(
    damage: str, folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(folder, server[1], monkeypatch)
    journal, partial = sorted((folder / "out").iterdir(), key=lambda path: path.suffix)
    match damage:
        case "bytes":
            with partial.open("r+b") as file:
                file.write(bytes(partial.stat().st_size))
        case "short":
            with partial.open("r+b") as file:
                file.truncate(1000)
        case "journal":
            journal.unlink()
        case "torn":
            journal.write_bytes(journal.read_bytes()[:-30])
        case _:
            journal.write_bytes(
                b'[0, "x"]\n[[], 1, 2]\n{"a": 1}\nnull\n\xff\n' + journal.read_bytes()
            )

    resume(folder, server[1])


def test_a_partial_output_that_another_run_has_is_left_to_it(
    folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    interrupt(folder, server[1], monkeypatch)
    partial = next((folder / "out").glob(".*.partial"))
    with partial.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = partial.read_bytes()

        extract(server[1], folder / "manifest.json", folder / "out" / "model")

        assert partial.read_bytes() == before
    assert (folder / "out" / "model").read_bytes() == (folder / "expected").read_bytes()
    assert left(folder) == [".journal", ".partial"]


def test_what_no_run_goes_on_with_is_deleted(
    folder: Path, server: tuple[Behaviour, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(folder, server[1], monkeypatch)
    other = folder / "out" / ".model.b.0123456789abcdef.partial"
    other.touch()  # Of an output with another name.
    (folder / "out" / ".model.0123456789abcdef.partial.journal").touch()  # Of a finished run.
    few = write_manifest(folder / "few.json", {"00": STATE["00"]})

    extract(server[1], few, folder / "out" / "model")

    assert [path.name for path in (folder / "out").iterdir() if path.name[0] == "."] == [other.name]
