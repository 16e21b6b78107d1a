"""The text of the stages that find structure, for recorded models."""

from pathlib import Path

import pytest
import torch

from golden.tiny import TINY
from models.porting import record
from pycandle.codegen import Watch, generate
from pycandle.manifest.reader import read_manifest

EXPECTED = {
    ("residual_blocks", "modules"): "blocks.0 to blocks.",
    ("residual_blocks", "loops"): "calls of Block, carrying hidden",
    ("residual_blocks", "config"): ", a count of layers",
    ("residual_blocks", "types"): "  in blocks.* (",
    ("optional_child", "types"): ": Option<",
    ("python_function", "modules"): "fn ",
}


@pytest.mark.parametrize(("name", "stage"), EXPECTED)
def test_the_stage_shows_what_was_found(name: str, stage: str, tmp_path: Path) -> None:
    with torch.device("meta"):
        manifest = read_manifest(record(TINY[name], tmp_path, name))
    watch = Watch(stage)
    generate(manifest, watch=watch)

    assert watch.text is not None
    assert EXPECTED[name, stage] in watch.text
    assert "__T" not in watch.text, "a token that stands for a name"
