"""A Dask cluster writes the same bytes, also when it loses a worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from pycandle.errors import PyCandleError
from pycandle.weights import WriteOptions, dask_copy, extract

from .manifests import as_written, write_manifest

STATE = {f"layers.{number}.weight": torch.randn(250, 1000) for number in range(24)}
STATE["transposed"] = torch.randn(300, 400).t()
STATE["flag"] = torch.tensor([True, False])


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Runs `dask` with arguments until the block ends."""
    command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
    environment = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def cluster(directory: Path, count: int) -> Iterator[Cluster]:
    with ExitStack() as stack:
        file = directory / "scheduler.json"
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        stack.enter_context(running("scheduler", *options, "--scheduler-file", str(file)))
        workers = [
            stack.enter_context(
                running(
                    *("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny"),
                    *("--no-dashboard", "--local-directory", str(directory / str(number))),
                )
            )
            for number in range(count)
        ]
        yield Cluster(wait_for_workers(file, count), workers)


def wait_for_workers(scheduler: Path, count: int) -> str:
    """Returns the address of a scheduler once it has its workers."""
    from distributed import Client

    until = time.monotonic() + 60
    while not scheduler.exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    with Client(scheduler_file=str(scheduler), set_as_default=False) as client:
        if count:
            client.wait_for_workers(count, timeout=60)
        assert client.scheduler is not None
        return client.scheduler.address


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), 3) as found:
        yield found


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """A checkpoint, a manifest and an output; copies of a few tensors are a batch."""
    monkeypatch.setattr(dask_copy, "MAX_BYTES", 2_000_000)
    torch.save(STATE, tmp_path / "model.pt")
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    save_file({name: as_written(item) for name, item in STATE.items()}, tmp_path / "expected")
    return tmp_path / "model.pt", manifest, tmp_path / "out"


def test_a_cluster_writes_the_same_bytes(files: tuple[Path, Path, Path], three: Cluster) -> None:
    extract(*files, options=WriteOptions(dask=three.address))

    assert files[2].read_bytes() == (files[2].parent / "expected").read_bytes()
    assert list(files[2].parent.glob(".*")) == []


def test_a_cluster_casts_and_counts(files: tuple[Path, Path, Path], three: Cluster) -> None:
    torch.save(STATE | {"layers.3.weight": torch.full((250, 1000), 1e6)}, files[0])
    options = WriteOptions(max_shard_size=10_000_000, verify=True, dask=three.address)

    report = extract(*files, options=options, dtype="f16")

    assert [(item.tensor, item.overflows) for item in report.losses if item.overflows] == [
        ("layers.3.weight", 250_000)
    ]
    shards = [load_file(path) for path in report.files[:-1]]
    written = {name: tensor for shard in shards for name, tensor in shard.items()}
    assert written["layers.5.weight"].equal(STATE["layers.5.weight"].half())


def test_what_a_worker_refuses_is_told(
    files: tuple[Path, Path, Path], three: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_and_batch(*arguments: object) -> Iterator[object]:
        os.utime(files[0], (1, 1))
        return make_batches(*arguments)  # type: ignore[arg-type]

    make_batches = dask_copy.make_batches
    monkeypatch.setattr(dask_copy, "make_batches", replace_and_batch)
    with pytest.raises(PyCandleError) as refused:
        extract(*files, options=WriteOptions(dask=three.address))

    assert refused.value.diagnostics[0].code == "checkpoint-changed"
    assert not files[2].exists()
    assert list(files[2].parent.glob(".*")) == []


SLOW = """
import time
from pycandle.weights import batches

copy_tensors = batches.copy_tensors

def slowly(*arguments):
    time.sleep(0.3)
    return copy_tensors(*arguments)

batches.copy_tensors = slowly
"""


def test_a_worker_that_is_killed_half_way_makes_no_difference(
    files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from distributed import Client

    killed: list[float] = []
    with cluster(tmp_path_factory.mktemp("cluster"), 3) as found:
        with Client(found.address, set_as_default=False) as client:
            client.run(exec, SLOW, {})

        def kill_half_way(done: int, total: int) -> None:
            if not killed and done > total / 3:
                killed.append(done / total)
                found.workers[1].kill()

        extract(*files, options=WriteOptions(dask=found.address), progress=kill_half_way)

    assert len(killed) == 1
    assert killed[0] < 0.7
    assert files[2].read_bytes() == (files[2].parent / "expected").read_bytes()


def test_a_scheduler_that_is_not_there_is_refused(
    files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_copy, "TIMEOUT", 0.5)

    with pytest.raises(PyCandleError) as refused:
        extract(*files, options=WriteOptions(dask="tcp://127.0.0.1:9"))

    assert refused.value.diagnostics[0].code == "no-scheduler"
    assert not files[2].exists()


def test_a_scheduler_without_workers_is_refused(
    files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with (
        cluster(tmp_path_factory.mktemp("cluster"), 0) as found,
        pytest.raises(PyCandleError) as refused,
    ):
        extract(*files, options=WriteOptions(dask=found.address))

    assert refused.value.diagnostics[0].code == "no-workers"


def test_workers_with_another_pycandle_are_refused(
    files: tuple[Path, Path, Path], three: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_copy, "VERSION", "9.9.9")

    with pytest.raises(PyCandleError) as refused:
        extract(*files, options=WriteOptions(dask=three.address))

    assert refused.value.diagnostics[0].code == "other-version"


def test_without_distributed_it_is_refused(
    files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(PyCandleError) as refused:
        extract(*files, options=WriteOptions(dask="tcp://127.0.0.1:9"))

    assert refused.value.diagnostics[0].code == "missing-package"
