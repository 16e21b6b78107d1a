"""Tensors that a model computes while it is built: in `new`, or in the weights file as before."""

from functools import partial
from pathlib import Path

import pytest

from models.porting import Port, assert_right, port_all, record
from pycandle.errors import PyCandleError
from pycandle.recorder import install
from traps.computed import COMPUTED, STORED, build, drawn


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
