"""Where the tests of verification build."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

TARGET = Path(__file__).parents[2] / "target"


@pytest.fixture(scope="session", autouse=True)
def shared_target() -> Iterator[None]:
    """Builds in the repository's target directory, where Candle is compiled already."""
    with pytest.MonkeyPatch.context() as patch:
        if "CARGO_TARGET_DIR" not in os.environ:
            patch.setenv("CARGO_TARGET_DIR", str(TARGET))
        yield
