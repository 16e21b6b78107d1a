"""Real models for tests: each with arguments, small, and with sizes that differ from each other.

A builder takes the sizes of the inputs and returns the model, its positional and its keyword
arguments. Heads, key-value heads, groups, head size, layers, batch and sequence are all different,
so that code which takes one number for another shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Extent:
    """The sizes of inputs that a model must not depend on."""

    batch: int = 2
    sequence: int = 19
    """Longer than every sliding window."""


RECORDED = Extent()

Built = tuple[torch.nn.Module, tuple[Any, ...], dict[str, Any]]
Builder = Callable[[Extent], Built]

MODELS: dict[str, Builder] = {}


def model(builder: Builder) -> Builder:
    """Registers a builder under its name."""
    MODELS[builder.__name__] = builder
    return builder


def build(name: str, device: str = "meta", extent: Extent = RECORDED) -> Built:
    """Builds a model in inference mode; on a CPU its weights are seeded by the model's name."""
    torch.manual_seed(sum(name.encode()))
    with torch.device(device):
        built, args, kwargs = MODELS[name](extent)
    return built.eval(), args, kwargs


def token_ids(vocabulary: int, extent: Extent, length: int | None = None) -> torch.Tensor:
    return torch.randint(2, vocabulary, (extent.batch, length or extent.sequence))


def attention_mask(extent: Extent) -> torch.Tensor:
    """All of the first row, and all but five of the others."""
    mask = torch.ones(extent.batch, extent.sequence, dtype=torch.long)
    mask[1:, extent.sequence - 5 :] = 0
    return mask


def _timm(name: str, extent: Extent, size: int = 224) -> Built:
    import timm

    return timm.create_model(name), (torch.randn(extent.batch, 3, size, size),), {}


@model
def resnet18(extent: Extent) -> Built:
    return _timm("resnet18", extent)


@model
def vit_tiny(extent: Extent) -> Built:
    return _timm("vit_tiny_patch16_224", extent)


@model
def convnext_atto(extent: Extent) -> Built:
    return _timm("convnext_atto", extent)


@model
def swin_tiny(extent: Extent) -> Built:
    return _timm("swin_tiny_patch4_window7_224", extent)


@model
def mobilenetv3_small(extent: Extent) -> Built:
    return _timm("mobilenetv3_small_050", extent)


@model
def efficientnet_lite0(extent: Extent) -> Built:
    from efficientnet_lite_pytorch import EfficientNet

    images = torch.randn(extent.batch, 3, 224, 224)
    return EfficientNet.from_name("efficientnet-lite0"), (images,), {}


@model
def llama(extent: Extent) -> Built:
    return llama_of(3, extent)


@model
def llama_tied(extent: Extent) -> Built:
    """The head is the embedding."""
    return llama_of(2, extent, tie_word_embeddings=True)


def llama_of(layers: int, extent: Extent, **options: Any) -> Built:
    """Returns a Llama with so many layers."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=72,
        intermediate_size=160,
        num_hidden_layers=layers,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=14,
        vocab_size=256,
        max_position_embeddings=128,
        **options,
    )
    return LlamaForCausalLM(config), (token_ids(256, extent),), {}


@model
def mistral(extent: Extent) -> Built:
    from transformers import MistralConfig, MistralForCausalLM

    config = MistralConfig(
        hidden_size=72,
        intermediate_size=160,
        num_hidden_layers=3,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=14,
        vocab_size=256,
        max_position_embeddings=128,
        sliding_window=8,
    )
    return MistralForCausalLM(config), (token_ids(256, extent),), {}


@model
def gemma3(extent: Extent) -> Built:
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    config = Gemma3TextConfig(
        hidden_size=72,
        intermediate_size=160,
        num_hidden_layers=7,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=14,
        query_pre_attn_scalar=14,
        vocab_size=256,
        max_position_embeddings=128,
        sliding_window=8,
    )
    return Gemma3ForCausalLM(config), (token_ids(256, extent),), {}


@model
def gpt2(extent: Extent) -> Built:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(n_embd=60, n_layer=3, n_head=5, n_positions=64, vocab_size=256)
    return GPT2LMHeadModel(config), (token_ids(256, extent),), {}


@model
def bert(extent: Extent) -> Built:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        hidden_size=60,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=5,
        vocab_size=256,
        max_position_embeddings=64,
    )
    return BertModel(config), (token_ids(256, extent),), {"attention_mask": attention_mask(extent)}


@model
def vit(extent: Extent) -> Built:
    from transformers import ViTConfig, ViTForImageClassification

    config = ViTConfig(
        hidden_size=60,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=5,
        image_size=48,
        patch_size=8,
        num_labels=11,
    )
    return ViTForImageClassification(config), (torch.randn(extent.batch, 3, 48, 48),), {}


@model
def t5(extent: Extent) -> Built:
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(
        d_model=60,
        d_kv=14,
        d_ff=128,
        num_layers=3,
        num_decoder_layers=3,
        num_heads=5,
        vocab_size=256,
        decoder_start_token_id=0,
    )
    kwargs = {
        "input_ids": token_ids(256, extent),
        "decoder_input_ids": token_ids(256, extent, extent.sequence - 8),
    }
    return T5ForConditionalGeneration(config), (), kwargs


@model
def clip_vision(extent: Extent) -> Built:
    from transformers import CLIPVisionConfig, CLIPVisionModel

    config = CLIPVisionConfig(
        hidden_size=60,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=5,
        image_size=48,
        patch_size=8,
    )
    return CLIPVisionModel(config), (torch.randn(extent.batch, 3, 48, 48),), {}
