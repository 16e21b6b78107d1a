"""Records one model of the bench on meta: `record.py NAME FOLDER`."""

import sys
from collections.abc import Callable
from pathlib import Path

import torch

from pycandle.recorder import GoldenRecorder, install


def resnet18() -> torch.nn.Module:
    import timm

    return timm.create_model("resnet18")


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
    "resnet18": resnet18,
    "llama-8b": llama_8b,
    "llama-405b": llama_405b,
}


def main(name: str, folder: Path) -> None:
    """Records the model to `folder/NAME_manifest.json`."""
    install()
    with torch.device("meta"):
        model = MODELS[name]().eval()
        if name == "resnet18":
            inputs = torch.randn(1, 3, 224, 224)
        else:
            inputs = torch.zeros(1, 8, dtype=torch.int64)
    recorder = GoldenRecorder(output_dir=str(folder))
    recorder.record(model, inputs)
    recorder.save(name)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
