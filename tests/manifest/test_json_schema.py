"""The published schema is that of the types."""

from pathlib import Path

from pycandle.manifest.json_schema import json_schema

FILE = Path(__file__).parents[2] / "docs" / "manifest.schema.json"


def test_the_published_schema_is_fresh():
    message = "run `python -m pycandle.manifest.json_schema > docs/manifest.schema.json`"

    assert FILE.read_text("utf-8") == json_schema(), message
