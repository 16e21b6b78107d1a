"""Shows that the code of a model does not depend on its size: `python bench/sizes.py`.

Records Llama as large as it comes, on meta, with what `record` learns by default, and prints in
which lines the Rust of the two differs. It takes minutes, and no memory for weights.
"""

from __future__ import annotations

import difflib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BUDGET = 120.0
"""Seconds to learn in, as `pycandle record` has them."""
_SHARED: dict[str, Any] = {
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
    "rms_norm_eps": 1e-5,
    "rope_parameters": {"rope_type": "default", "rope_theta": 5e5},
}
SIZES: dict[str, dict[str, Any]] = {
    "8b": {
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
    },
    "405b": {
        "hidden_size": 16384,
        "intermediate_size": 53248,
        "num_hidden_layers": 126,
        "num_attention_heads": 128,
    },
}


def generated(name: str, folder: Path) -> str:
    """Returns the Rust of a size, recorded in `folder`."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from pycandle.codegen import generate
    from pycandle.manifest.reader import read_manifest
    from pycandle.recorder import GoldenRecorder, install

    install()
    with torch.device("meta"):
        model = LlamaForCausalLM(LlamaConfig(**_SHARED, **SIZES[name])).eval()
        token_ids = torch.zeros(2, 19, dtype=torch.long)
    recorder = GoldenRecorder(folder, budget=BUDGET)
    recorder.record(model, token_ids)
    recorder.save(name)
    return generate(read_manifest(folder / f"{name}_manifest.json")).files["model.rs"]


def differing(one: str, other: str) -> Iterator[str]:
    """Yields the lines in which two texts differ, each after `-` or `+`."""
    for line in difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=0):
        if not line.startswith(("---", "+++", "@@")):
            yield line


def main() -> int:
    """Prints the seconds of each recording, and the lines that differ."""
    texts: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in SIZES:
            begin = time.monotonic()
            texts.append(generated(name, Path(folder)))
            print(f"{name}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    print("\n".join(differing(*texts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
