"""Records one model of the bench on meta: `record.py NAME FOLDER`.

`record.py linears-checkpoint FILE` writes weights for the model `linears`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file

from pycandle.recorder import GoldenRecorder, install

LINEARS = 4
WIDTH = 8192


def linears() -> torch.nn.Module:
    """Returns 1.07 GB of weights in float32."""
    return torch.nn.Sequential(*(torch.nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(LINEARS)))


def llama(**widths: int) -> torch.nn.Module:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(LlamaConfig(tie_word_embeddings=False, **widths))


def llama_8b() -> torch.nn.Module:
    return llama(
        vocab_size=128256,
        hidden_size=4096,
        intermediate_size=14336,
        num_hidden_layers=32,
        num_attention_heads=32,
        num_key_value_heads=8,
    )


def llama_405b() -> torch.nn.Module:
    return llama(
        vocab_size=128256,
        hidden_size=16384,
        intermediate_size=53248,
        num_hidden_layers=126,
        num_attention_heads=128,
        num_key_value_heads=8,
    )


MODELS: dict[str, Callable[[], torch.nn.Module]] = {
    "llama-8b": llama_8b,
    "llama-405b": llama_405b,
    "linears": linears,
}


def main(name: str, folder: Path) -> None:
    """Records the model to `folder/NAME_manifest.json`."""
    install()
    with torch.device("meta"):
        model = MODELS[name]().eval()
        if name == "linears":
            inputs = torch.randn(2, WIDTH)
        else:
            inputs = torch.zeros(2, 16, dtype=torch.int64)
    recorder = GoldenRecorder(output_dir=str(folder))
    recorder.record(model, inputs)
    recorder.save(name)


def write_checkpoint(path: Path) -> None:
    """Writes random weights for `linears`."""
    save_file({f"{n}.weight": torch.randn(WIDTH, WIDTH) for n in range(LINEARS)}, path)


if __name__ == "__main__":
    if sys.argv[1] == "linears-checkpoint":
        write_checkpoint(Path(sys.argv[2]))
        sys.exit()
    main(sys.argv[1], Path(sys.argv[2]))
