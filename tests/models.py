"""Real models for tests: each with arguments, small, and with sizes that differ from each other.

A builder takes a device and returns the model, its positional and its keyword arguments.
Heads, key-value heads, groups, head size, layers, batch and sequence are all different, so that
code which takes one number for another shows.
"""

from collections.abc import Callable
from typing import Any

import torch

BATCH = 2
SEQUENCE = 19

Built = tuple[torch.nn.Module, tuple[Any, ...], dict[str, Any]]
Builder = Callable[[str], Built]

MODELS: dict[str, Builder] = {}


def model(builder: Builder) -> Builder:
    """Registers a builder under its name."""
    MODELS[builder.__name__] = builder
    return builder


def build(name: str, device: str = "meta") -> Built:
    """Builds a model in inference mode; on a CPU its weights are seeded by the model's name."""
    torch.manual_seed(sum(name.encode()))
    with torch.device(device):
        built, args, kwargs = MODELS[name](device)
    return built.eval(), args, kwargs


def token_ids(vocabulary: int, length: int = SEQUENCE) -> torch.Tensor:
    return torch.randint(2, vocabulary, (BATCH, length))


def attention_mask() -> torch.Tensor:
    """All of the first row, and all but five of the others."""
    mask = torch.ones(BATCH, SEQUENCE, dtype=torch.long)
    mask[1:, SEQUENCE - 5 :] = 0
    return mask


def _timm(name: str, size: int = 224, **options: Any) -> Built:
    import timm

    return timm.create_model(name, **options), (torch.randn(BATCH, 3, size, size),), {}


@model
def resnet18(device: str) -> Built:
    return _timm("resnet18")


@model
def vit_tiny(device: str) -> Built:
    return _timm("vit_tiny_patch16_224")


@model
def convnext_atto(device: str) -> Built:
    return _timm("convnext_atto")


@model
def swin_tiny(device: str) -> Built:
    return _timm("swin_tiny_patch4_window7_224")


@model
def mobilenetv3_small(device: str) -> Built:
    return _timm("mobilenetv3_small_050")


@model
def efficientnet_lite0(device: str) -> Built:
    from efficientnet_lite_pytorch import EfficientNet

    return EfficientNet.from_name("efficientnet-lite0"), (torch.randn(BATCH, 3, 224, 224),), {}


@model
def llama(device: str) -> Built:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=72,
        intermediate_size=160,
        num_hidden_layers=3,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=14,
        vocab_size=256,
        max_position_embeddings=128,
    )
    return LlamaForCausalLM(config), (token_ids(256),), {}


@model
def mistral(device: str) -> Built:
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
    return MistralForCausalLM(config), (token_ids(256),), {}


@model
def gemma3(device: str) -> Built:
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
    return Gemma3ForCausalLM(config), (token_ids(256),), {}


@model
def gpt2(device: str) -> Built:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(n_embd=60, n_layer=3, n_head=5, n_positions=64, vocab_size=256)
    return GPT2LMHeadModel(config), (token_ids(256),), {}


@model
def bert(device: str) -> Built:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        hidden_size=60,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=5,
        vocab_size=256,
        max_position_embeddings=64,
    )
    return BertModel(config), (token_ids(256),), {"attention_mask": attention_mask()}


@model
def vit(device: str) -> Built:
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
    return ViTForImageClassification(config), (torch.randn(BATCH, 3, 48, 48),), {}


@model
def t5(device: str) -> Built:
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
    kwargs = {"input_ids": token_ids(256), "decoder_input_ids": token_ids(256, 11)}
    return T5ForConditionalGeneration(config), (), kwargs


@model
def clip_vision(device: str) -> Built:
    from transformers import CLIPVisionConfig, CLIPVisionModel

    config = CLIPVisionConfig(
        hidden_size=60,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=5,
        image_size=48,
        patch_size=8,
    )
    return CLIPVisionModel(config), (torch.randn(BATCH, 3, 48, 48),), {}
