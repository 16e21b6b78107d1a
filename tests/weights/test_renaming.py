"""Names are changed as the user says, and what changes nothing is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from pycandle.errors import PyCandleError, UsageError
from pycandle.weights import Rename, Report, extract
from pycandle.weights.command import main
from pycandle.weights.renaming import read_rename

from .manifests import write_manifest


def extracted(directory: Path, saved: object, names: list[str], *renames: str) -> Report:
    torch.save(saved, directory / "model.pt")
    state = {name: torch.zeros(1) for name in names}
    manifest = write_manifest(directory / "manifest.json", state)
    found = tuple(map(read_rename, renames))
    return extract(directory / "model.pt", manifest, directory / "out", renames=found)


def value(directory: Path, name: str) -> float:
    return load_file(directory / "out")[name].item()


ONE, TWO = torch.tensor([1.0]), torch.tensor([2.0])


def test_a_group_of_the_pattern_stands_in_the_replacement(tmp_path: Path) -> None:
    report = extracted(
        tmp_path,
        {"blocks.3.gamma": ONE},
        ["layers.3.weight"],
        r"^blocks\.(\d+)\.gamma$=layers.\1.weight",
    )

    assert value(tmp_path, "layers.3.weight") == 1
    assert report.renamed == {"layers.3.weight": "blocks.3.gamma"}


def test_renames_apply_in_order(tmp_path: Path) -> None:
    extracted(tmp_path, {"a": ONE, "z": TWO}, ["c"], "^a$=b", "^b$=c")

    assert value(tmp_path, "c") == 1


def test_a_wrapper_is_off_before_a_name_is_changed(tmp_path: Path) -> None:
    saved = {"state_dict": {"module._orig_mod.enc.w": ONE}}

    extracted(tmp_path, saved, ["encoder.w"], r"^enc\.=encoder.")

    assert value(tmp_path, "encoder.w") == 1


def test_a_rename_finds_the_state_dict_among_others(tmp_path: Path) -> None:
    saved = {"optimizer": {"step": TWO}, "net": {"gamma": ONE}}

    report = extracted(tmp_path, saved, ["weight"], "gamma=weight")

    assert report.subtree == "net"


def test_two_tensors_renamed_to_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PyCandleError) as refused:
        extracted(tmp_path, {"a.w": ONE, "b.w": TWO}, ["w"], r"^[ab]\.=")

    assert [item.code for item in refused.value.diagnostics] == ["ambiguous-name"]


def test_a_rename_that_matches_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PyCandleError) as refused:
        extracted(tmp_path, {"w": ONE}, ["w"], "^encoder=decoder")

    assert [item.code for item in refused.value.diagnostics] == ["unused-rename"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", Rename("a", "b")),
        ("a=", Rename("a", "")),
        ("(?=a)b=c", Rename("(?=a)b", "c")),
    ],
)
def test_a_rename_is_split_at_its_last_equals_sign(text: str, expected: Rename) -> None:
    assert read_rename(text) == expected


@pytest.mark.parametrize(
    "text", ["ab", "=b", "(=b", r"(a)=\2", r"a=\g<name>", r"a=\q", "a{99999999999}=b", "(?P<1>a)=b"]
)
def test_a_malformed_rename_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_rename(text)

    assert refused.value.diagnostics[0].code == "bad-rename"


def test_a_malformed_rename_has_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({"w": ONE}, tmp_path / "a.pt")
    manifest = write_manifest(tmp_path / "manifest.json", {"w": ONE})
    words = ["--checkpoint", str(tmp_path / "a.pt"), "--manifest", str(manifest)]

    code = main([*words, "--out", str(tmp_path / "out"), "--rename", "(=b"])

    assert code == 2
    assert "error[bad-rename]" in capsys.readouterr().err
