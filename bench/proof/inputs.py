"""Inputs that go with a configuration of transformers, by the names that `forward` has."""

from __future__ import annotations

from typing import Any

import torch

BATCH = 2
SEQUENCE = 11
DECODED = 7


def text(config: Any) -> dict[str, Any]:
    """Returns the indices of a text."""
    return {"input_ids": _ids(SEQUENCE), **_no_cache(config)}


def encoder_decoder(config: Any) -> dict[str, Any]:
    """Returns the texts of an encoder and a decoder."""
    return {
        "input_ids": _ids(SEQUENCE),
        "decoder_input_ids": _ids(DECODED),
        **_no_cache(config),
    }


def spectrogram(config: Any) -> dict[str, Any]:
    """Returns a spectrogram of the full length, and what was said so far."""
    frames = 2 * config.max_source_positions
    features = torch.zeros(BATCH, config.num_mel_bins, frames, device="meta")
    return {
        "input_features": features,
        "decoder_input_ids": _ids(DECODED),
        **_no_cache(config),
    }


def image(config: Any) -> dict[str, Any]:
    """Returns an image of the size that a model is made for."""
    size = config.image_size
    return {"pixel_values": torch.zeros(BATCH, config.num_channels, size, size, device="meta")}


def _no_cache(config: Any) -> dict[str, Any]:
    return {"use_cache": False} if getattr(config, "use_cache", None) is not None else {}


def _ids(length: int) -> torch.Tensor:
    return torch.zeros(BATCH, length, dtype=torch.long, device="meta")
