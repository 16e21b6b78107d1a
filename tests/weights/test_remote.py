"""Checkpoints at an address: few requests, the right bytes, and every fault of a server."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from pycandle.errors import PyCandleError
from pycandle.weights import Report, WriteOptions, extract
from pycandle.weights.batches import make_batches
from pycandle.weights.copying import Copy
from pycandle.weights.location import Url
from pycandle.weights.output_parts import split_plan
from pycandle.weights.planning import plan
from pycandle.weights.remote import requests

from .manifests import as_written, write_manifest
from .range_server import COMMIT, Behaviour, serving

STATE = {f"layers.{number}.weight": torch.randn(300, 400) for number in range(12)}
STATE |= {f"adapters.{number}": torch.randn(50) for number in range(40)}
STATE["transposed"] = torch.randn(200, 500).t()
STATE["flag"] = torch.tensor([True, False])
STATE["empty"] = torch.zeros(0)
NEEDED = dict(list(STATE.items())[::2]) | {"transposed": STATE["transposed"]}


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "BACKOFF", 0.001)
    monkeypatch.setattr(requests, "TIMEOUT", 5.0)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with the state in every format, and a manifest that needs half of it."""
    folder = tmp_path / "files"
    folder.mkdir()
    plain = {name: item.contiguous() for name, item in STATE.items()}
    save_file(plain, folder / "model.safetensors")
    torch.save(STATE, folder / "model.pt")
    torch.save(STATE, folder / "model.legacy", _use_new_zipfile_serialization=False)
    names = list(plain)
    halves = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for file, part in halves.items():
        save_file({name: plain[name] for name in part}, folder / file)
    weight_map = {name: file for file, part in halves.items() for name in part}
    (folder / "model.index.json").write_text(json.dumps({"weight_map": weight_map}))
    write_manifest(tmp_path / "manifest.json", NEEDED)
    save_file({name: as_written(item) for name, item in NEEDED.items()}, tmp_path / "expected")
    return folder


@pytest.fixture
def server(files: Path) -> Iterator[tuple[Behaviour, str]]:
    behaviour = Behaviour(files)
    with serving(behaviour) as address:
        yield behaviour, address


def fetched(address: str, files: Path, **options: Any) -> Report:
    """Extracts from an address, and compares with what safetensors writes."""
    out = files.parent / "out"
    report = extract(address, files.parent / "manifest.json", out, **options)
    assert out.read_bytes() == (files.parent / "expected").read_bytes()
    return report


def refused(address: str, files: Path) -> str:
    """Returns the code of a refusal that leaves nothing behind."""
    before = sorted(files.parent.iterdir())
    with pytest.raises(PyCandleError) as error:
        extract(address, files.parent / "manifest.json", files.parent / "out")
    assert sorted(files.parent.iterdir()) == before
    return error.value.diagnostics[0].code


FILES = ["model.safetensors", "model.pt", "model.legacy", "model.index.json"]


@pytest.mark.parametrize("name", FILES)
def test_every_format_is_read_by_ranges(
    name: str, files: Path, server: tuple[Behaviour, str]
) -> None:
    behaviour, address = server

    fetched(f"{address}/{name}", files)

    assert all("range" in headers for headers in behaviour.headers)
    assert behaviour.requests < 40


def test_only_what_is_needed_is_fetched(tmp_path: Path) -> None:
    state = {f"{number:02}": torch.randn(700_000) for number in range(10)}  # 2.8 MB each
    (tmp_path / "files").mkdir()
    save_file(state, tmp_path / "files" / "model.safetensors")
    manifest = write_manifest(tmp_path / "manifest.json", {"03": state["03"], "07": state["07"]})
    behaviour = Behaviour(tmp_path / "files")
    with serving(behaviour) as address:
        extract(f"{address}/model.safetensors", manifest, tmp_path / "out")

    assert behaviour.nbytes < 2 * 2_800_000 + 400_000
    assert behaviour.requests <= 5


FAULTS = [
    {"unavailable": 3},
    {"cuts": 2},
    {"unavailable": 3, "status": 429},
    {"unavailable": 3, "retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"},
    {"unavailable": 3, "retry_after": "soon"},
    {"unavailable": 7, "cuts": 5},
    {"drips": 5_000},
    {"at_most": 10_000},
    {"latency": 0.02},
    {"etag": ""},
    {"etag": 'W/"weak"'},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("name", FILES)
def test_what_a_server_can_do_wrong_once_is_no_obstacle(
    name: str, fault: dict[str, Any], files: Path
) -> None:
    with serving(Behaviour(files, **fault)) as address:
        fetched(f"{address}/{name}", files)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"ignores_range": True}, "no-byte-ranges"),
        ({"wrong_range": 1}, "unreadable-file"),
        ({"wrong_range": 3}, "unreadable-file"),
        ({"nameless_range": 1}, "unreadable-file"),
        ({"excess": 1}, "unreadable-file"),
        ({"excess": 3}, "unreadable-file"),
        ({"encodes": 1}, "unreadable-file"),
        ({"not_satisfiable": 3}, "checkpoint-changed"),
        ({"unavailable": 1}, "unreadable-file"),
        ({"expires": 1}, "unreadable-file"),
        ({"changes_at": 3}, "checkpoint-changed"),
        ({"changes_at": 4}, "checkpoint-changed"),
        ({"changes_at": 3, "etag": 'W/"weak"'}, "checkpoint-changed"),
    ],
)
def test_a_server_that_cannot_be_trusted_is_refused(
    fault: dict[str, Any], code: str, files: Path
) -> None:
    with serving(Behaviour(files, **fault)) as address:
        assert refused(f"{address}/model.safetensors", files) == code


def test_the_body_of_a_server_without_ranges_is_not_read(files: Path) -> None:
    (files / "large").write_bytes(bytes(200_000_000))
    begin = time.monotonic()
    with serving(Behaviour(files, ignores_range=True)) as address:
        assert refused(f"{address}/large", files) == "no-byte-ranges"

    assert time.monotonic() - begin < 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable-file"),
        (b"1234", "malformed-checkpoint"),
        ((1 << 60).to_bytes(8, "little") + b"{}", "malformed-checkpoint"),
        (b"PK\3\4" + bytes(500), "malformed-checkpoint"),
    ],
)
def test_a_bad_file_behind_an_address_is_refused(
    content: bytes, code: str, files: Path, server: tuple[Behaviour, str]
) -> None:
    (files / "bad").write_bytes(content)

    assert refused(f"{server[1]}/bad", files) == code


def test_an_address_that_is_not_there_is_refused(
    files: Path, server: tuple[Behaviour, str]
) -> None:
    assert refused(f"{server[1]}/nothing.safetensors", files) == "unreadable-file"


def test_a_server_that_is_not_there_is_refused(files: Path) -> None:
    assert refused("http://127.0.0.1:9/model.safetensors", files) == "unreadable-file"


def test_a_redirect_is_followed_once_and_a_signed_address_renewed(files: Path) -> None:
    storage = Behaviour(files, expires=2)
    with ExitStack() as stack:
        where = stack.enter_context(serving(storage))
        front = Behaviour(files, redirects_to=where)
        address = stack.enter_context(serving(front))

        fetched(f"{address}/model.safetensors", files)

    assert 2 <= front.requests < storage.requests


def test_a_remote_checkpoint_can_be_cast_sharded_verified_and_kept_in_a_ledger(
    files: Path, server: tuple[Behaviour, str]
) -> None:
    options = WriteOptions(400_000, files.parent / "ledger.json", verify=True)
    manifest, out = files.parent / "manifest.json", files.parent / "out.safetensors"

    report = extract(f"{server[1]}/model.pt", manifest, out, dtype="bf16", options=options)

    ledger = json.loads((files.parent / "ledger.json").read_text())
    assert len(report.files) > 2
    assert ledger["sources"][0]["etag"] == '"1"'
    assert ledger["tensors"][0]["source"]["file"] == f"{server[1]}/model.pt"


def test_a_query_is_sent_and_not_shown(files: Path, server: tuple[Behaviour, str]) -> None:
    url = Url(f"{server[1]}/model.safetensors?signature=secret")

    report = fetched(url.text, files)

    assert report.tensors == len(NEEDED)
    assert "secret" not in str(url)
    assert url.sibling("b").text == f"{server[1]}/b?signature=secret"


@pytest.fixture
def hub(files: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Behaviour, str]]:
    """A hub with the repository `org/model`."""
    names = [{"rfilename": path.name} for path in files.iterdir() if path.suffix != ".json"]
    info = {"id": "org/model", "sha": COMMIT, "siblings": names}
    answers = {
        f"/api/models/org/model{end}": info for end in ("", "/revision/main", "/revision/v1")
    }
    behaviour = Behaviour(files, answers=answers)
    with serving(behaviour) as address:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        monkeypatch.setattr(
            "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
            address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", address)
        monkeypatch.setattr("huggingface_hub.hf_api.constants.ENDPOINT", address)
        monkeypatch.setenv("HF_TOKEN", "hf_secret")
        yield behaviour, address


@pytest.mark.parametrize(
    "url",
    [
        "hf://org/model",
        "hf://org/model@v1",
        "hf://org/model/model.pt",
        "hf://org/model@v1/model.pt",
    ],
)
def test_a_repository_of_the_hub_is_read_at_one_commit(
    url: str, files: Path, hub: tuple[Behaviour, str]
) -> None:
    fetched(url, files, options=WriteOptions(ledger=files.parent / "ledger.json"))

    ledger = json.loads((files.parent / "ledger.json").read_text())
    assert ledger["checkpoint"].startswith(f"hf://org/model@{COMMIT}/model.")
    assert hub[0].headers[-1]["authorization"] == "Bearer hf_secret"


def test_a_token_is_not_sent_to_another_host(files: Path, hub: tuple[Behaviour, str]) -> None:
    storage = Behaviour(files)
    with serving(storage) as address:
        hub[0].redirects_to = address

        fetched("hf://org/model/model.safetensors", files)

    assert storage.requests > 1
    assert not any("authorization" in headers for headers in storage.headers)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("hf://org/model/nothing.bin", "unreadable-file"),
        ("hf://org/other", "unreadable-file"),
        ("hf://gpt2", "bad-address"),
        ("hf://datasets/org/data", "bad-address"),
        ("hf://", "bad-address"),
    ],
)
def test_what_the_hub_does_not_have_is_refused(
    url: str, code: str, files: Path, hub: tuple[Behaviour, str]
) -> None:
    assert refused(url, files) == code


@pytest.mark.parametrize("url", ["https://localhost:9/model.bin", "hf://org/model"])
def test_without_the_library_an_address_is_refused(
    url: str, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("huggingface_hub", "huggingface_hub.errors", "httpx2"):
        monkeypatch.setitem(sys.modules, name, None)

    assert refused(url, files) == "missing-package"


def test_batches_join_what_is_close_and_end_at_their_size(tmp_path: Path) -> None:
    state = {f"{number:02}": torch.zeros(100_000) for number in range(20)}
    save_file(state, tmp_path / "model")
    needed = {name: item for name, item in state.items() if int(name) not in (8, 9, 10)}
    planned = plan(tmp_path / "model", write_manifest(tmp_path / "manifest.json", needed))
    copies = list(split_plan(planned, None)[0].copies())

    batches = list(make_batches(copies, max_bytes=2_000_000))

    def names(batch: Any) -> list[str]:
        return [copy.tensor.name for copy in batch.copies]

    assert [names(batch) for batch in batches] == [
        ["00", "01", "02", "03", "04"],
        ["05", "06", "07"],
        ["11", "12", "13", "14", "15"],
        ["16", "17", "18", "19"],
    ]
    assert all(isinstance(copy, Copy) for batch in batches for copy in batch.copies)
