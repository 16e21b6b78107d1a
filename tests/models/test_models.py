"""Every model of the registry, from PyTorch to Rust that is verified."""

from collections.abc import Callable
from functools import partial

import pytest

from models.porting import Port, assert_right, port_all
from models.registry import MODELS, build
from pycandle.recorder import install


@pytest.fixture(scope="session")
def ports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Port]:
    """All models, built on meta."""
    install()
    builders: dict[str, Callable] = {name: partial(build, name) for name in MODELS}
    return port_all(builders, tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_gives_the_answers_of_pytorch(ports: dict[str, Port], name: str) -> None:
    assert_right(ports[name])


@pytest.mark.parametrize(
    ("name", "lines"), [("llama", 330), ("vit_tiny", 250), ("vit", 250), ("resnet18", 260)]
)
def test_a_model_is_as_short_as_a_person_would_write_it(
    ports: dict[str, Port], name: str, lines: int
) -> None:
    assert ports[name].rust.count("\n") < lines


@pytest.mark.parametrize("name", MODELS)
def test_no_code_panics_or_is_left_open(ports: dict[str, Port], name: str) -> None:
    for word in ("todo!", "unimplemented!", "panic!", "unwrap()", "expect(", "Device::Cpu"):
        assert word not in ports[name].rust
