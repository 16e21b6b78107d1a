"""The command line of the extraction script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from pycandle.weights.command import main

from .manifests import write_manifest

STATE = {"fc.weight": torch.ones(2, 3), "flag": torch.tensor([True])}


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    torch.save(STATE | {"other": torch.zeros(1)}, tmp_path / "a.pt")
    manifest = write_manifest(tmp_path / "manifest.json", STATE)
    out = tmp_path / "weights.safetensors"
    return [
        "--checkpoint",
        str(tmp_path / "a.pt"),
        "--manifest",
        str(manifest),
        "--out",
        str(out),
    ]


def test_the_report_is_on_stderr(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(arguments)

    printed = capsys.readouterr()
    assert code == 0
    assert printed.out == ""
    assert printed.err.splitlines() == [
        f"wrote 2 tensors, 25 bytes, to {tmp_path / 'weights.safetensors'}",
        "checkpoint: torch zip",
        "converted, as Candle lacks the dtype: 1 tensors from BOOL to U8",
        "in the checkpoint, but not in the model: 1 (`other`)",
    ]


def test_a_dry_run_writes_nothing(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*arguments, "--dry-run"])

    assert code == 0
    assert capsys.readouterr().err.startswith("would write 2 tensors, 25 bytes")
    assert not (tmp_path / "weights.safetensors").exists()


def test_json_is_on_stdout(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([*arguments, "--json"])

    report = json.loads(capsys.readouterr().out)
    assert report["written"] is True
    assert report["tensors"] == 2
    assert report["unexpected"] == ["other"]
    assert report["conversions"] == {"BOOL to U8": 1}


def test_a_refusal_has_exit_code_1(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({"fc.weigh": torch.ones(2, 3)}, tmp_path / "a.pt")

    code = main([*arguments, "--json"])

    printed = capsys.readouterr()
    assert code == 1
    assert "error[missing-tensor]: the checkpoint lacks `fc.weight`" in printed.err
    assert "hint: the checkpoint has `fc.weigh`" in printed.err
    assert [item["code"] for item in json.loads(printed.out)["diagnostics"]] == [
        "missing-tensor",
        "missing-tensor",
        "unexpected-tensor",
    ]


def test_a_dry_run_refuses_a_bad_output(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*arguments[:-1], arguments[1], "--dry-run"])

    assert code == 1
    assert "error[bad-output]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [[], ["--checkpoint", "a"], ["--unknown"]], ids=["nothing", "too little", "unknown"]
)
def test_wrong_usage_has_exit_code_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(wrong) == 2
    assert "usage:" in capsys.readouterr().err


def test_help_has_exit_code_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "--dry-run" in capsys.readouterr().out
