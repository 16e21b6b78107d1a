"""Writing manifests: the same bytes, a row a line, and never half a file."""

import json
import os

import pytest

from pycandle.manifest import writer
from pycandle.manifest.writer import encode_manifest, write_manifest

from .small import small_manifest


def test_each_node_has_a_line():
    lines = encode_manifest(small_manifest()).decode().splitlines()

    rows = [line for line in lines if line.startswith('{"name":"relu"')]
    assert len(rows) == 1
    assert json.loads("\n".join(lines))["entries"][0]["nodes"][1] == json.loads(rows[0].strip(","))


def test_the_same_manifest_is_the_same_bytes():
    assert encode_manifest(small_manifest()) == encode_manifest(small_manifest())


def test_a_manifest_is_written_whole(tmp_path):
    path = tmp_path / "net_manifest.json"
    path.write_text("old")

    write_manifest(small_manifest(), path)

    assert path.read_bytes() == encode_manifest(small_manifest())
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step):
    path = tmp_path / "net_manifest.json"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer.os, step, full)
    with pytest.raises(OSError, match="No space"):
        write_manifest(small_manifest(), path)

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == [path.name]
