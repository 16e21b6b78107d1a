"""Architectures of transformers with small configurations and generic inputs."""

from __future__ import annotations

import inspect
from typing import Any

import torch
import transformers
from transformers import CONFIG_MAPPING, PretrainedConfig

BATCH = 3
SEQUENCE = 11
DECODED = 7
SAMPLES = 4000
"""Of audio."""
FRAMES = 64
"""Of a spectrogram."""
TOKEN = 1
"""Every special token: they lie in the small vocabulary."""

SMALL = {
    "hidden_size": 64,
    "d_model": 64,
    "n_embd": 64,
    "dim": 64,
    "embed_dim": 64,
    "embedding_size": 64,
    "num_hidden_layers": 2,
    "n_layer": 2,
    "n_layers": 2,
    "num_layers": 2,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "num_attention_heads": 4,
    "n_head": 4,
    "n_heads": 4,
    "num_heads": 4,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 128,
    "ffn_dim": 128,
    "encoder_ffn_dim": 128,
    "decoder_ffn_dim": 128,
    "d_ff": 128,
    "d_kv": 16,
    "head_dim": 16,
    "vocab_size": 512,
    "max_position_embeddings": 128,
    "n_positions": 128,
    "num_experts": 4,
    "num_local_experts": 4,
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 64,
}
"""Upper limits of fields by the names that configurations share."""

SPECIAL = ("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id")


def build(model_type: str, cls: str) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    """Returns a model of the class with a small configuration, and its keyword arguments."""
    made = getattr(transformers, cls)
    config = config_of(made, shrink(CONFIG_MAPPING[model_type]()))
    with torch.device("meta"):
        model = made(config).eval()
    return model, (), generic_inputs(model, config)


def config_of(made: Any, config: Any) -> Any:
    """Returns the part of a configuration that a class takes: the text's, for a decoder alone."""
    if not isinstance(config, made.config_class):
        config = config.get_text_config()
    return config


def shrink(config: Any, depth: int = 0) -> Any:
    """Limits the fields of a configuration and of those in it; fields that refuse stay."""
    for name, value in list(vars(config).items()):
        if isinstance(value, PretrainedConfig) and depth < 3:
            shrink(value, depth + 1)
        elif name in SMALL and isinstance(value, int) and not isinstance(value, bool):
            _assign(config, name, min(value, SMALL[name]))
    for name in SPECIAL:
        if isinstance(getattr(config, name, None), int):
            _assign(config, name, TOKEN)
    return config


def _assign(config: Any, name: str, value: int) -> None:
    try:
        setattr(config, name, value)
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        # A property without a setter, or a field that is checked against others.
        return


def generic_inputs(model: Any, config: Any) -> dict[str, Any]:
    """Returns inputs for the arguments that a model's `forward` has, by their shared names."""
    accepted = inspect.signature(model.forward).parameters
    found: dict[str, Any] = {}
    if "input_ids" in accepted:
        found["input_ids"] = _ids(BATCH, SEQUENCE)
    if "pixel_values" in accepted:
        found["pixel_values"] = torch.zeros(BATCH, *_image(config), device="meta")
    if "input_features" in accepted or model.main_input_name == "input_features":
        found["input_features"] = _features(config)
    if "input_values" in accepted:
        found["input_values"] = torch.zeros(BATCH, SAMPLES, device="meta")
    if "decoder_input_ids" in accepted:
        found["decoder_input_ids"] = _ids(BATCH, DECODED)
    if "bbox" in accepted:
        found["bbox"] = _ids(BATCH, SEQUENCE, 4)
    if "use_cache" in accepted:
        found["use_cache"] = False
    return found


def _ids(*shape: int) -> torch.Tensor:
    return torch.zeros(shape, dtype=torch.long, device="meta")


def _image(config: Any) -> tuple[int, int, int]:
    """Returns channels, height and width."""
    seen = getattr(config, "vision_config", config)
    channels = getattr(seen, "num_channels", 3) or 3
    match getattr(seen, "image_size", 224):
        case [height, *_, width]:
            return channels, height, width
        case {"height": height, "width": width}:
            return channels, height, width
        case int(size):
            return channels, size, size
        case _:
            return channels, 224, 224


def _features(config: Any) -> torch.Tensor:
    """Returns a spectrogram, whose layout differs between families."""
    bins = getattr(config, "num_mel_bins", None) or getattr(config, "feature_size", 80)
    positions = getattr(config, "max_source_positions", None)
    if positions is not None:
        return torch.zeros(BATCH, bins, 2 * positions, device="meta")
    return torch.zeros(BATCH, FRAMES, bins, device="meta")
