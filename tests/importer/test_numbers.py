"""Which samples speak for numbers, where some settings are held as they were recorded."""

import gzip
from pathlib import Path

import pytest

from pycandle.importer.numbers import read_formulas
from pycandle.manifest.reader import decode_manifest
from pycandle.manifest.schema import Manifest

MANIFESTS = Path(__file__).parents[2] / "examples" / "manifests"


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    """Returns the recording of a decoder, which is learned from few layers."""
    data = gzip.decompress((MANIFESTS / "gemma3.json.gz").read_bytes())
    return decode_manifest(data, "gemma3")


def test_a_setting_that_nothing_else_depends_on_costs_no_sample(manifest: Manifest) -> None:
    assert manifest.learned is not None
    table = read_formulas(manifest, {"num_hidden_layers": 7})

    assert table is not None
    assert "num_hidden_layers" not in table.settings
    assert len(table.samples) == len(manifest.learned.samples)
    assert {row["num_hidden_layers"] for row in table.samples} == {7}


def test_a_setting_that_shares_formulas_keeps_the_samples_that_have_its_value(
    manifest: Manifest,
) -> None:
    assert manifest.learned is not None
    place = manifest.learned.settings.index("head_dim")
    rows = [row for row in manifest.learned.samples if row[place] == 14]
    table = read_formulas(manifest, {"head_dim": 14})

    assert table is not None
    assert 0 < len(table.samples) == len(rows) < len(manifest.learned.samples)
