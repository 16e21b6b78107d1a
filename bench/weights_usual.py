"""What extraction is compared with: `weights_usual.py WAY CHECKPOINT MANIFEST OUT`.

The ways are `safe_open` and `torch.load`, each with `save_file`. `load CHECKPOINT` and
`index CHECKPOINT` print the seconds of torch.load, and of listing the same tensors with PyCandle.
"""

import json
import sys
import time
from pathlib import Path


def with_safe_open(checkpoint: str, manifest: str, out: str) -> None:
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(checkpoint, "pt") as file:
        save_file({name: file.get_tensor(name) for name in needed(manifest)}, out)


def with_torch(checkpoint: str, manifest: str, out: str) -> None:
    import torch
    from safetensors.torch import save_file

    state = torch.load(checkpoint)
    save_file({name: state[name] for name in needed(manifest)}, out)


def needed(manifest: str) -> list[str]:
    return [item["name"] for item in json.loads(Path(manifest).read_text())["state"]]


def load(checkpoint: str) -> None:
    import torch

    begin = time.monotonic()
    torch.load(checkpoint)
    print(time.monotonic() - begin)


def index(checkpoint: str) -> None:
    from pycandle.weights.opening import open_checkpoint

    begin = time.monotonic()
    open_checkpoint(Path(checkpoint))
    print(time.monotonic() - begin)


WAYS = {"safe_open": with_safe_open, "torch.load": with_torch, "load": load, "index": index}

if __name__ == "__main__":
    WAYS[sys.argv[1]](*sys.argv[2:])
