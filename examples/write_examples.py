"""Writes the Rust of the examples from their recordings; `--record` makes those anew as well."""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pycandle.codegen import Generated, generate
from pycandle.manifest.reader import decode_manifest
from pycandle.manifest.schema import Manifest

HERE = Path(__file__).resolve().parent
MANIFESTS = HERE / "manifests"
BUDGET = 600.0
"""Seconds to learn in: more than any example needs, so that a recording does not depend on it."""


def names() -> list[str]:
    """Returns the examples that are recorded."""
    return sorted(path.name.removesuffix(".json.gz") for path in MANIFESTS.glob("*.json.gz"))


def read(name: str) -> Manifest:
    """Returns the recording of an example."""
    data = gzip.decompress((MANIFESTS / f"{name}.json.gz").read_bytes())
    return decode_manifest(data, name)


def files_of(name: str, generated: Generated) -> dict[str, str]:
    """Returns the Rust of an example by path: `llama.rs`, and `llama/runtime.rs`."""
    return {path.replace("model", name, 1): text for path, text in generated.files.items()}


def kept(files: dict[str, str]) -> dict[Path, str]:
    """Returns what `examples/` holds of `files_of`: all but the copies of the runtime's kernels."""
    return {HERE / path: text for path, text in files.items() if not path.endswith("/runtime.rs")}


def record(name: str) -> None:
    """Records an example on meta and learns its settings; minutes for some."""
    from architectures import build
    from pycandle.recorder import GoldenRecorder, install

    install()
    model, args, kwargs = build(name)
    with tempfile.TemporaryDirectory() as folder:
        recorder = GoldenRecorder(output_dir=folder, budget=BUDGET)
        recorder.record(model, *args, **kwargs)
        recorder.save(name)
        text = (Path(folder) / f"{name}_manifest.json").read_bytes()
    MANIFESTS.mkdir(exist_ok=True)
    # Without a time, so that equal recordings are equal files.
    (MANIFESTS / f"{name}.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))


def main(arguments: Sequence[str]) -> int:
    """Writes every example, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="examples; all without")
    parser.add_argument("--record", action="store_true", help="record anew, which needs minutes")
    options = parser.parse_args(arguments)
    if options.record:
        from architectures import MODELS

        for name in options.names or MODELS:
            print(f"recording {name}", file=sys.stderr)
            record(name)
    for name in options.names or names():
        for path, text in kept(files_of(name, generate(read(name)))).items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
