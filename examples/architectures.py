"""The models of the examples: what transformers and timm have, with small configurations.

Heads, key-value heads, head size, layers, batch and length are all different, so that a reader can
tell in the Rust which is which.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

Built = tuple[torch.nn.Module, tuple[Any, ...], dict[str, Any]]
"""A model in inference mode, its positional and its keyword arguments."""

MODELS: dict[str, Callable[[], Built]] = {}

_DECODER = {
    "hidden_size": 72,
    "intermediate_size": 160,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "head_dim": 14,
    "vocab_size": 256,
    "max_position_embeddings": 128,
}
_ENCODER = {
    "hidden_size": 60,
    "intermediate_size": 128,
    "num_hidden_layers": 3,
    "num_attention_heads": 5,
}
_TEXT = {**_ENCODER, "vocab_size": 256, "max_position_embeddings": 64}
_VISION = {**_ENCODER, "image_size": 48, "patch_size": 8}


def example(builder: Callable[[], Built]) -> Callable[[], Built]:
    """Registers a builder under its name."""
    MODELS[builder.__name__] = builder
    return builder


def build(name: str) -> Built:
    """Builds a model and its inputs on meta."""
    with torch.device("meta"):
        model, args, kwargs = MODELS[name]()
    return model.eval(), args, kwargs


def _token_ids(length: int = 19) -> torch.Tensor:
    return torch.zeros(2, length, dtype=torch.long)


def _mask() -> torch.Tensor:
    return torch.ones(2, 19, dtype=torch.long)


def _image(size: int = 48) -> torch.Tensor:
    return torch.zeros(2, 3, size, size)


@example
def llama() -> Built:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(LlamaConfig(**_DECODER)), (_token_ids(),), {}


@example
def mistral() -> Built:
    from transformers import MistralConfig, MistralForCausalLM

    config = MistralConfig(**_DECODER, sliding_window=8)
    return MistralForCausalLM(config), (_token_ids(),), {}


@example
def qwen3() -> Built:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(Qwen3Config(**_DECODER)), (_token_ids(),), {}


@example
def gemma3() -> Built:
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    options = {**_DECODER, "num_hidden_layers": 7}
    config = Gemma3TextConfig(**options, query_pre_attn_scalar=14, sliding_window=8)
    return Gemma3ForCausalLM(config), (_token_ids(),), {}


@example
def gpt2() -> Built:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(n_embd=60, n_layer=3, n_head=5, n_positions=64, vocab_size=256)
    return GPT2LMHeadModel(config), (_token_ids(),), {}


@example
def bert() -> Built:
    from transformers import BertConfig, BertModel

    return BertModel(BertConfig(**_TEXT)), (_token_ids(),), {"attention_mask": _mask()}


@example
def distilbert() -> Built:
    from transformers import DistilBertConfig, DistilBertModel

    config = DistilBertConfig(
        dim=60, hidden_dim=128, n_layers=3, n_heads=5, vocab_size=256, max_position_embeddings=64
    )
    return DistilBertModel(config), (_token_ids(),), {"attention_mask": _mask()}


@example
def t5() -> Built:
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(
        d_model=60,
        d_kv=14,
        d_ff=128,
        num_layers=3,
        num_decoder_layers=4,
        num_heads=5,
        vocab_size=256,
        decoder_start_token_id=0,
    )
    kwargs = {"input_ids": _token_ids(), "decoder_input_ids": _token_ids(11)}
    return T5ForConditionalGeneration(config), (), kwargs


@example
def whisper_encoder() -> Built:
    from transformers import WhisperConfig
    from transformers.models.whisper.modeling_whisper import WhisperEncoder

    config = WhisperConfig(
        d_model=60,
        encoder_layers=3,
        encoder_attention_heads=5,
        encoder_ffn_dim=128,
        num_mel_bins=20,
        max_source_positions=50,
    )
    return WhisperEncoder(config), (torch.zeros(2, 20, 100),), {}


@example
def clip_vision() -> Built:
    from transformers import CLIPVisionConfig, CLIPVisionModel

    return CLIPVisionModel(CLIPVisionConfig(**_VISION)), (_image(),), {}


@example
def vit() -> Built:
    from transformers import ViTConfig, ViTForImageClassification

    config = ViTConfig(**_VISION, num_labels=11)
    return ViTForImageClassification(config), (_image(),), {}


@example
def dinov2() -> Built:
    from transformers import Dinov2Config, Dinov2ForImageClassification

    config = Dinov2Config(
        hidden_size=60,
        num_hidden_layers=3,
        num_attention_heads=5,
        image_size=48,
        patch_size=8,
        num_labels=11,
    )
    return Dinov2ForImageClassification(config), (_image(),), {}


@example
def resnet() -> Built:
    from timm import create_model

    return create_model("resnet50"), (_image(224),), {}


@example
def convnext() -> Built:
    from timm import create_model

    return create_model("convnext_atto"), (_image(224),), {}


@example
def efficientnet() -> Built:
    from timm import create_model

    return create_model("efficientnet_b0"), (_image(224),), {}
