"""Every model of the registry, from PyTorch to Rust that is verified."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import torch

from models.lint import lint
from models.porting import Port, assert_right, compile_manifest, port_all, record
from models.registry import MODELS, RECORDED, Built, Extent, build, llama_of
from pycandle.recorder import install


@pytest.fixture(scope="session")
def ports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Port]:
    """All models, built on meta."""
    install()
    builders: dict[str, Callable[[], Built]] = {name: partial(build, name) for name in MODELS}
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


def recorded_text(folder: Path, name: str, builder: Callable[[], Built]) -> str:
    """Returns the Rust of a model, recorded under a name of its own."""
    return compile_manifest(record(builder, folder, name)).generated.files["model.rs"]


@pytest.mark.parametrize("name", ["resnet18", "vit", "llama", "bert", "t5", "swin_tiny"])
def test_the_recorded_batch_and_length_are_nowhere_in_the_text(
    ports: dict[str, Port], tmp_path: Path, name: str
) -> None:
    longer = partial(build, name, "meta", Extent(batch=5, sequence=23))

    assert recorded_text(tmp_path, name, longer) == ports[name].rust


def test_the_number_of_layers_is_in_the_configuration_alone(tmp_path: Path) -> None:
    def text(layers: int) -> str:
        def builder() -> Built:
            with torch.device("meta"):
                return llama_of(layers, RECORDED)

        return recorded_text(tmp_path / str(layers), "llama", builder)

    assert without_configuration(text(2)) == without_configuration(text(6))


def without_configuration(text: str) -> str:
    """Returns a text without the numbers of `Config::recorded()`."""
    body = re.search(r"pub fn recorded\(\) -> Self \{\n.*?\n    \}\n", text, re.DOTALL)
    assert body is not None
    return text.replace(body[0], "")


def test_the_code_of_all_models_is_without_a_warning(ports: dict[str, Port]) -> None:
    assert lint({name: port.generated for name, port in ports.items() if port.generated}) == ""
