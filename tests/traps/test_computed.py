"""Tensors that a model computes while it is built: in `new`, or in the weights file as before."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from models.porting import (
    TARGET,
    Port,
    assert_right,
    compile_manifest,
    edit_manifest,
    port_all,
    record,
)
from models.torch_door import open_door
from pycandle.errors import PyCandleError
from pycandle.recorder import install
from pycandle.verify import Verification
from pycandle.verify.verification import Request, verify_models
from traps.computed import COMPUTED, STORED, build, drawn, frequencies


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Port]:
    install()
    builders = {name: partial(build, make) for name, make in {**COMPUTED, **STORED}.items()}
    return port_all(builders, tmp_path_factory.mktemp("computed"))


@pytest.mark.parametrize("name", [*COMPUTED, *STORED])
def test_each_table_has_the_values_of_pytorch(ports: dict[str, Port], name: str) -> None:
    assert_right(ports[name])


@pytest.mark.parametrize("name", COMPUTED)
def test_what_follows_from_numbers_is_computed(ports: dict[str, Port], name: str) -> None:
    generated = ports[name].generated

    assert generated is not None
    assert generated.computed
    assert generated.stored == {}
    assert "recorded_state" not in ports[name].rust
    assert "vb.get(" not in ports[name].rust


@pytest.mark.parametrize("name", STORED)
def test_what_does_not_is_read_with_a_reason(ports: dict[str, Port], name: str) -> None:
    generated = ports[name].generated

    assert generated is not None
    assert generated.computed == ()
    assert all(generated.stored.values())
    assert "recorded_state" in ports[name].rust


def test_modules_of_one_class_differ_in_a_number_of_their_tables(ports: dict[str, Port]) -> None:
    rust = ports["layers_of_two_bases"].rust

    assert rust.count("struct Turned") == 1


def test_a_table_that_follows_the_models_dtype_is_cast_to_it(ports: dict[str, Port]) -> None:
    generated = ports["always_cast"].generated
    assert generated is not None

    lines = generated.files["model.rs"].partition("exact: (")[2].partition("following: (")
    assert "to_dtype(vb.dtype())" not in lines[0]
    assert "to_dtype(vb.dtype())" in lines[2].partition(",\n        })")[0]


def test_random_numbers_are_refused_as_before(tmp_path: Path) -> None:
    install()

    with pytest.raises(PyCandleError, match="the data of the non-persistent buffer `table`"):
        record(partial(build, drawn), tmp_path, "drawn")


@pytest.mark.parametrize("name", COMPUTED)
def test_each_table_is_compared_with_that_of_the_recording(
    ports: dict[str, Port], name: str
) -> None:
    generated, verification = ports[name].generated, ports[name].verification
    assert generated is not None
    assert verification is not None

    for item in verification.sets:
        names = {found.path.removesuffix(" of the recording") for found in item.tables}
        assert names == set(generated.computed)
        # Integers are to be equal; a `bound` of theirs is 0.
        assert all(found.passed for found in item.tables)


def test_a_wrong_table_is_found_wherever_it_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "CARGO_TARGET_DIR" not in os.environ:
        monkeypatch.setenv("CARGO_TARGET_DIR", str(TARGET))
    install()
    right = compile_manifest(record(partial(build, frequencies), tmp_path, "right"))
    edited = record(partial(build, frequencies), tmp_path, "edited")
    edit_manifest(edited, other_base)
    generated = replace(
        right.generated,
        files={
            name: text.replace("500.0", "499.9") for name, text in right.generated.files.items()
        },
        tapped={
            name: text.replace("500.0", "499.9") for name, text in right.generated.tapped.items()
        },
    )
    wrong_rust = replace(right, generated=generated)

    with open_door() as python:
        request = Request(python=python)
        for_edited, for_rust = verify_models([compile_manifest(edited), wrong_rust], request)

    assert wrong_tables(for_edited) == {"table of the recording"}
    assert wrong_tables(for_rust) == {"table"}


def other_base(manifest: dict[str, Any]) -> None:
    for node in manifest["recipes"]["nodes"]:
        if node["target"] == "aten.pow.Scalar":
            node["args"][0] = 499.9


def wrong_tables(verification: Verification) -> set[str]:
    assert not verification.passed
    return {found.path for item in verification.sets for found in item.tables if not found.passed}
