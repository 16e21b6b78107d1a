"""The models of the proof: each with the configuration that is recorded, and two others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from proof import inputs

BATCH = 2

Arguments = Mapping[str, Any]
Built = tuple[Any, dict[str, Any]]
"""A module in inference mode, and its keyword arguments; all on meta."""


@dataclass(frozen=True)
class Subject:
    """One architecture in three configurations."""

    name: str
    family: str
    """A configuration class of transformers without `Config`, or a model of timm."""
    model: str
    """The class of transformers; empty for timm."""
    recorded: Arguments
    others: tuple[Arguments, Arguments]
    """What no trial took part in; absent settings are those of `recorded`."""
    inputs: Callable[[Any], dict[str, Any]] = inputs.text
    constant: Arguments = field(default_factory=dict[str, Any])
    """What all three share: what is no number, and special tokens inside the vocabulary."""

    def build(self, number: int) -> Built:
        """Returns the model of a configuration, 0 for the recorded one."""
        changes = {} if number == 0 else self.others[number - 1]
        settings = {**self.constant, **self.recorded, **changes}
        if not self.model:
            return _timm(self.family, settings)
        config = self.config(number)
        import transformers

        with torch.device("meta"):
            model = getattr(transformers, self.model)(config).eval()
        return model, self.inputs(config)

    def config(self, number: int) -> Any:
        """Returns a configuration object; None for a model that has none."""
        if not self.model:
            return None
        import transformers

        changes = {} if number == 0 else self.others[number - 1]
        cls = getattr(transformers, f"{self.family}Config")
        return cls(**{**self.constant, **self.recorded, **changes})


def _timm(name: str, settings: Arguments) -> Built:
    import timm

    with torch.device("meta"):
        model: Any = timm.create_model(name, pretrained=False, **settings).eval()
    size = settings.get("img_size", 64)
    height, width = size if isinstance(size, tuple) else (size, size)
    image = torch.zeros(BATCH, settings.get("in_chans", 3), height, width, device="meta")
    return model, {"x": image}


_TOKENS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
_FULL, _SLIDING = "full_attention", "sliding_attention"
_DECODER = {**_TOKENS, "use_cache": False}

SUBJECTS = (
    Subject(
        "llama",
        "Llama",
        "LlamaForCausalLM",
        {
            "vocab_size": 128,
            "hidden_size": 64,
            "intermediate_size": 136,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "max_position_embeddings": 96,
            "rms_norm_eps": 1e-6,
        },
        (
            {
                "vocab_size": 1000,
                "hidden_size": 120,
                "intermediate_size": 344,
                "num_hidden_layers": 5,
                "num_attention_heads": 12,
                "num_key_value_heads": 3,
                "max_position_embeddings": 50,
                "rms_norm_eps": 1e-3,
                "rope_parameters": {"rope_type": "default", "rope_theta": 5e5},
            },
            {
                "vocab_size": 77,
                "hidden_size": 80,
                "intermediate_size": 100,
                "num_hidden_layers": 2,
                "num_attention_heads": 10,
                "num_key_value_heads": 1,
                "head_dim": 24,
                "rope_parameters": {"rope_type": "default", "rope_theta": 123.0},
            },
        ),
        constant=_DECODER,
    ),
    Subject(
        "qwen3",
        "Qwen3",
        "Qwen3ForCausalLM",
        {
            "vocab_size": 120,
            "hidden_size": 64,
            "intermediate_size": 136,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "head_dim": 20,
        },
        (
            {
                "vocab_size": 500,
                "hidden_size": 72,
                "intermediate_size": 100,
                "num_hidden_layers": 4,
                "num_attention_heads": 9,
                "num_key_value_heads": 3,
                "head_dim": 14,
                "rms_norm_eps": 1e-4,
                "rope_parameters": {"rope_type": "default", "rope_theta": 1e6},
            },
            {
                "vocab_size": 81,
                "hidden_size": 56,
                "num_hidden_layers": 2,
                "num_attention_heads": 8,
                "num_key_value_heads": 1,
                "head_dim": 32,
            },
        ),
        constant=_DECODER,
    ),
    Subject(
        "gemma3",
        "Gemma3Text",
        "Gemma3ForCausalLM",
        {
            "vocab_size": 120,
            "hidden_size": 64,
            "intermediate_size": 136,
            "num_hidden_layers": 7,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "head_dim": 20,
            "query_pre_attn_scalar": 20,
            "sliding_window": 5,
        },
        (
            {
                "vocab_size": 300,
                "hidden_size": 72,
                "intermediate_size": 100,
                "num_attention_heads": 9,
                "num_key_value_heads": 3,
                "head_dim": 14,
                "query_pre_attn_scalar": 50,
                "sliding_window": 3,
                "rms_norm_eps": 1e-4,
                "num_hidden_layers": 4,
                "layer_types": [_FULL, _SLIDING, _FULL, _SLIDING],
            },
            {
                "vocab_size": 81,
                "hidden_size": 56,
                "num_attention_heads": 8,
                "num_key_value_heads": 1,
                "head_dim": 32,
                "sliding_window": 9,
                "num_hidden_layers": 13,
            },
        ),
        constant=_DECODER,
    ),
    Subject(
        "mixtral",
        "Mixtral",
        "MixtralForCausalLM",
        {
            "vocab_size": 120,
            "hidden_size": 64,
            "intermediate_size": 72,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "num_local_experts": 4,
            "num_experts_per_tok": 2,
        },
        (
            {
                "vocab_size": 300,
                "hidden_size": 72,
                "intermediate_size": 50,
                "num_hidden_layers": 4,
                "num_attention_heads": 9,
                "num_key_value_heads": 3,
                "num_local_experts": 6,
                "num_experts_per_tok": 3,
                "rms_norm_eps": 1e-4,
            },
            {
                "vocab_size": 81,
                "hidden_size": 80,
                "num_hidden_layers": 2,
                "num_attention_heads": 10,
                "num_key_value_heads": 1,
                "num_local_experts": 3,
                "rope_parameters": {"rope_type": "default", "rope_theta": 500.0},
            },
        ),
        constant={**_DECODER, "sliding_window": None},
    ),
    Subject(
        "gpt2",
        "GPT2",
        "GPT2LMHeadModel",
        {"vocab_size": 120, "n_positions": 64, "n_embd": 48, "n_layer": 3, "n_head": 4},
        (
            {
                "vocab_size": 300,
                "n_positions": 90,
                "n_embd": 60,
                "n_layer": 4,
                "n_head": 6,
                "layer_norm_epsilon": 1e-3,
            },
            {"vocab_size": 70, "n_positions": 33, "n_embd": 40, "n_layer": 2, "n_head": 8},
        ),
        constant=_DECODER,
    ),
    Subject(
        "bert",
        "Bert",
        "BertForMaskedLM",
        {
            "vocab_size": 120,
            "hidden_size": 48,
            "intermediate_size": 100,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "max_position_embeddings": 64,
        },
        (
            {
                "vocab_size": 300,
                "hidden_size": 60,
                "intermediate_size": 77,
                "num_hidden_layers": 4,
                "num_attention_heads": 6,
                "max_position_embeddings": 80,
                "type_vocab_size": 3,
                "layer_norm_eps": 1e-4,
            },
            {
                "vocab_size": 75,
                "hidden_size": 40,
                "num_hidden_layers": 2,
                "num_attention_heads": 8,
                "max_position_embeddings": 40,
            },
        ),
        constant={"pad_token_id": 0},
    ),
    Subject(
        "t5",
        "T5",
        "T5ForConditionalGeneration",
        {
            "vocab_size": 120,
            "d_model": 48,
            "d_kv": 14,
            "d_ff": 100,
            "num_layers": 3,
            "num_decoder_layers": 3,
            "num_heads": 4,
        },
        (
            {
                "vocab_size": 300,
                "d_model": 60,
                "d_kv": 8,
                "d_ff": 77,
                "num_layers": 4,
                "num_decoder_layers": 2,
                "num_heads": 6,
                "relative_attention_num_buckets": 20,
                "relative_attention_max_distance": 50,
                "layer_norm_epsilon": 1e-4,
            },
            {"vocab_size": 75, "d_model": 35, "d_kv": 12, "num_heads": 5, "num_layers": 2},
        ),
        inputs=inputs.encoder_decoder,
        constant={"use_cache": False, "decoder_start_token_id": 0},
    ),
    Subject(
        "whisper",
        "Whisper",
        "WhisperForConditionalGeneration",
        {
            "vocab_size": 120,
            "num_mel_bins": 20,
            "d_model": 48,
            "encoder_layers": 3,
            "decoder_layers": 3,
            "encoder_attention_heads": 4,
            "decoder_attention_heads": 3,
            "encoder_ffn_dim": 100,
            "decoder_ffn_dim": 92,
            "max_source_positions": 30,
            "max_target_positions": 40,
        },
        (
            {
                "vocab_size": 300,
                "num_mel_bins": 24,
                "d_model": 60,
                "encoder_layers": 4,
                "decoder_layers": 2,
                "encoder_attention_heads": 6,
                "decoder_attention_heads": 5,
                "encoder_ffn_dim": 77,
                "decoder_ffn_dim": 70,
                "max_source_positions": 25,
                "max_target_positions": 33,
            },
            {
                "vocab_size": 75,
                "num_mel_bins": 11,
                "d_model": 32,
                "encoder_layers": 2,
                "encoder_attention_heads": 8,
                "decoder_attention_heads": 2,
            },
        ),
        inputs=inputs.spectrogram,
        constant={**_DECODER, "decoder_start_token_id": 1},
    ),
    Subject(
        "vit",
        "ViT",
        "ViTForImageClassification",
        {
            "image_size": 32,
            "patch_size": 8,
            "num_channels": 3,
            "hidden_size": 48,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "intermediate_size": 100,
        },
        (
            {
                "image_size": 50,
                "patch_size": 10,
                "num_channels": 1,
                "hidden_size": 60,
                "num_hidden_layers": 4,
                "num_attention_heads": 6,
                "intermediate_size": 77,
                "layer_norm_eps": 1e-4,
            },
            {
                "image_size": 21,
                "patch_size": 7,
                "num_channels": 5,
                "hidden_size": 40,
                "num_hidden_layers": 2,
                "num_attention_heads": 8,
            },
        ),
        inputs=inputs.image,
    ),
    Subject(
        "clip_vision",
        "CLIPVision",
        "CLIPVisionModelWithProjection",
        {
            "image_size": 32,
            "patch_size": 8,
            "num_channels": 3,
            "hidden_size": 48,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "intermediate_size": 100,
            "projection_dim": 28,
        },
        (
            {
                "image_size": 50,
                "patch_size": 10,
                "num_channels": 1,
                "hidden_size": 60,
                "num_hidden_layers": 4,
                "num_attention_heads": 6,
                "intermediate_size": 77,
                "projection_dim": 33,
                "layer_norm_eps": 1e-3,
            },
            {
                "image_size": 21,
                "patch_size": 7,
                "hidden_size": 40,
                "num_hidden_layers": 2,
                "num_attention_heads": 8,
            },
        ),
        inputs=inputs.image,
    ),
    Subject(
        "timm_vit",
        "vit_tiny_patch16_224",
        "",
        {
            "img_size": (32, 32),
            "patch_size": 8,
            "embed_dim": 48,
            "depth": 3,
            "num_heads": 4,
            "num_classes": 10,
        },
        (
            {
                "img_size": (30, 50),
                "patch_size": 10,
                "in_chans": 1,
                "embed_dim": 60,
                "depth": 4,
                "num_heads": 6,
                "num_classes": 7,
                "mlp_ratio": 2.5,
            },
            {"img_size": (21, 14), "patch_size": 7, "embed_dim": 40, "depth": 2, "num_heads": 8},
        ),
    ),
    Subject(
        "timm_resnet50",
        "resnet50",
        "",
        {"layers": (3, 4, 6, 3), "channels": (8, 16, 24, 40), "num_classes": 10},
        (
            {
                "layers": (2, 3, 4, 5),
                "channels": (12, 10, 30, 20),
                "num_classes": 7,
                "in_chans": 1,
                "stem_width": 24,
                "base_width": 32,
            },
            {"layers": (4, 2, 3, 2), "num_classes": 30, "channels": (6, 8, 9, 5)},
        ),
    ),
    Subject(
        "timm_convnext",
        "convnext_tiny",
        "",
        {"depths": (3, 3, 5, 3), "dims": (12, 20, 28, 36), "num_classes": 10},
        (
            {
                "depths": (2, 4, 3, 5),
                "dims": (10, 14, 30, 22),
                "num_classes": 7,
                "in_chans": 1,
                "patch_size": 3,
            },
            {"depths": (4, 2, 2, 2), "dims": (8, 24, 16, 20), "kernel_sizes": 5},
        ),
    ),
    Subject(
        "timm_swin",
        "swin_tiny_patch4_window7_224",
        "",
        {
            "img_size": (64, 64),
            "embed_dim": 24,
            "depths": (2, 4, 2),
            "num_heads": (2, 4, 6),
            "window_size": 4,
            "num_classes": 10,
        },
        (
            {
                "embed_dim": 20,
                "depths": (2, 4, 3),
                "num_heads": (4, 5, 8),
                "num_classes": 7,
                "in_chans": 1,
                "mlp_ratio": 2.5,
            },
            {
                "img_size": (56, 56),
                "patch_size": 2,
                "embed_dim": 36,
                "depths": (2, 2, 4),
                "num_heads": (3, 4, 9),
                "window_size": 7,
            },
        ),
    ),
    Subject(
        "timm_efficientnet",
        "efficientnet_b0",
        "",
        {"num_classes": 10},
        (
            {"num_classes": 7, "in_chans": 1},
            {"num_classes": 30, "in_chans": 4},
        ),
    ),
)
