//! `transformers.models.clip.modeling_clip.CLIPVisionModel`, ported by pycandle 0.1.0.
//!
//! Recorded as `clip_vision` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{
    conv2d_no_bias, embedding, linear, Conv2d, Conv2dConfig, Embedding, Linear, VarBuilder,
};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`ClipVisionModel`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub num_channels: usize,
    pub image_size: usize,
    pub patch_size: usize,
    pub layer_norm_eps: f64,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            hidden_size: 60,
            intermediate_size: 128,
            num_hidden_layers: 3,
            num_attention_heads: 5,
            num_channels: 3,
            image_size: 48,
            patch_size: 8,
            layer_norm_eps: 1e-5,
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["hidden_act"], "\"quick_gelu\"", true)?;
        Ok(Self {
            hidden_size: json.number(&["hidden_size"], None)?,
            intermediate_size: json.number(&["intermediate_size"], Some(3072))?,
            num_hidden_layers: json.number(&["num_hidden_layers"], Some(12))?,
            num_attention_heads: json.number(&["num_attention_heads"], Some(12))?,
            num_channels: json.number(&["num_channels"], Some(3))?,
            image_size: json.number(&["image_size"], Some(224))?,
            patch_size: json.number(&["patch_size"], Some(32))?,
            layer_norm_eps: json.number(&["layer_norm_eps"], Some(1e-5))?,
        })
    }
}

/// What [`ClipVisionModel::forward`] returns.
#[derive(Debug, Clone)]
pub struct BaseModelOutputWithPooling {
    pub last_hidden_state: Tensor,
    pub pooler_output: Tensor,
}

fn sdpa_attention_forward(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    scale: f64,
) -> Result<Tensor> {
    runtime::scaled_dot_product_attention(query, key, value, None, false, Some(scale))?
        .transpose(1, 2)
}

/// `transformers.models.clip.modeling_clip.CLIPVisionEmbeddings`
#[derive(Debug, Clone)]
struct ClipVisionEmbeddings {
    class_embedding: Tensor,
    patch_embedding: Conv2d,
    position_embedding: Embedding,
    position_ids: Tensor,
    embed_dim: usize,
}

impl ClipVisionEmbeddings {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = cfg.image_size / cfg.patch_size;
        let num_embeddings = size * size + 1;
        let config = Conv2dConfig {
            stride: cfg.patch_size,
            ..Default::default()
        };
        Ok(Self {
            class_embedding: vb.get(cfg.hidden_size, "class_embedding")?,
            patch_embedding: conv2d_no_bias(
                cfg.num_channels,
                cfg.hidden_size,
                cfg.patch_size,
                config,
                vb.pp("patch_embedding"),
            )?,
            position_embedding: embedding(
                num_embeddings,
                cfg.hidden_size,
                vb.pp("position_embedding"),
            )?,
            position_ids: Tensor::arange(0i64, num_embeddings as i64, vb.device())?
                .broadcast_as((1, num_embeddings))?
                .contiguous()?,
            embed_dim: cfg.hidden_size,
        })
    }

    fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let b = pixel_values.dim(0)?;
        let patch_embeds = self
            .patch_embedding
            .forward(pixel_values)?
            .flatten_from(2)?
            .transpose(1, 2)?;
        let class_embeds = self.class_embedding.broadcast_as((b, 1, self.embed_dim))?;
        Tensor::cat(&[&class_embeds, &patch_embeds], 1)?
            .broadcast_add(&self.position_embedding.forward(&self.position_ids)?)
    }
}

/// `transformers.models.clip.modeling_clip.CLIPMLP`
#[derive(Debug, Clone)]
struct ClipClipmlp {
    fc1: Linear,
    fc2: Linear,
}

impl ClipClipmlp {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            fc1: linear(cfg.hidden_size, cfg.intermediate_size, vb.pp("fc1"))?,
            fc2: linear(cfg.intermediate_size, cfg.hidden_size, vb.pp("fc2"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let hidden_states = self.fc1.forward(hidden_states)?;
        let hidden_states =
            (&hidden_states * candle_nn::ops::sigmoid(&(&hidden_states * 1.702)?)?)?;
        self.fc2.forward(&hidden_states)
    }
}

/// `transformers.models.clip.modeling_clip.CLIPAttention`
#[derive(Debug, Clone)]
struct ClipAttention {
    k_proj: Linear,
    v_proj: Linear,
    q_proj: Linear,
    out_proj: Linear,
    size: usize,
    head_dim: usize,
    scale: f64,
}

impl ClipAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = cfg.image_size / cfg.patch_size;
        let head_dim = cfg.hidden_size / cfg.num_attention_heads;
        Ok(Self {
            k_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("k_proj"))?,
            v_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("v_proj"))?,
            q_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("q_proj"))?,
            out_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("out_proj"))?,
            size: size * size + 1,
            head_dim,
            scale: (head_dim as f64).powf(-0.5),
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let b = hidden_states.dim(0)?;
        let split_heads = |xs: &Tensor| {
            xs.reshape((b, self.size, (), self.head_dim))?
                .transpose(1, 2)
        };
        let queries = split_heads(&self.q_proj.forward(hidden_states)?)?;
        let keys = split_heads(&self.k_proj.forward(hidden_states)?)?;
        let values = split_heads(&self.v_proj.forward(hidden_states)?)?;
        let attn_output = sdpa_attention_forward(&queries, &keys, &values, self.scale)?
            .reshape((b, self.size, ()))?;
        self.out_proj.forward(&attn_output)
    }
}

/// `transformers.models.clip.modeling_clip.CLIPEncoderLayer`
#[derive(Debug, Clone)]
struct ClipEncoderLayer {
    self_attn: ClipAttention,
    layer_norm1: LayerNorm,
    mlp: ClipClipmlp,
    layer_norm2: LayerNorm,
}

impl ClipEncoderLayer {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            self_attn: ClipAttention::new(cfg, vb.pp("self_attn"))?,
            layer_norm1: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("layer_norm1"))?,
            mlp: ClipClipmlp::new(cfg, vb.pp("mlp"))?,
            layer_norm2: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("layer_norm2"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let residual = hidden_states;
        let hidden_states = self.layer_norm1.forward(hidden_states)?;
        let hidden_states = self.self_attn.forward(&hidden_states)?;
        let hidden_states = (residual + &hidden_states)?;
        let residual = &hidden_states;
        let hidden_states = self.layer_norm2.forward(&hidden_states)?;
        let hidden_states = self.mlp.forward(&hidden_states)?;
        residual + &hidden_states
    }
}

/// `transformers.models.clip.modeling_clip.CLIPEncoder`
#[derive(Debug, Clone)]
struct ClipEncoder {
    layers: Vec<ClipEncoderLayer>,
}

impl ClipEncoder {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            layers: (0..cfg.num_hidden_layers)
                .map(|i| ClipEncoderLayer::new(cfg, vb.pp("layers").pp(i)))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    fn forward(&self, inputs_embeds: &Tensor) -> Result<Tensor> {
        let mut hidden_states = inputs_embeds.clone();
        for layer in &self.layers {
            hidden_states = layer.forward(&hidden_states)?;
        }
        Ok(hidden_states)
    }
}

/// `transformers.models.clip.modeling_clip.CLIPVisionModel`
#[derive(Debug, Clone)]
pub struct ClipVisionModel {
    embeddings: ClipVisionEmbeddings,
    pre_layrnorm: LayerNorm,
    encoder: ClipEncoder,
    post_layernorm: LayerNorm,
    num_channels: usize,
    image_size: usize,
}

impl ClipVisionModel {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embeddings: ClipVisionEmbeddings::new(cfg, vb.pp("embeddings"))?,
            pre_layrnorm: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("pre_layrnorm"))?,
            encoder: ClipEncoder::new(cfg, vb.pp("encoder"))?,
            post_layernorm: layer_norm(
                cfg.hidden_size,
                cfg.layer_norm_eps,
                vb.pp("post_layernorm"),
            )?,
            num_channels: cfg.num_channels,
            image_size: cfg.image_size,
        })
    }

    /// - `pixel_values`: (b, num_channels, image_size, image_size)
    /// - returns `last_hidden_state`: (b, image_size / patch_size * (image_size / patch_size) + 1, hidden_size)
    /// - returns `pooler_output`: (b, hidden_size)
    pub fn forward(&self, pixel_values: &Tensor) -> Result<BaseModelOutputWithPooling> {
        if pixel_values.dim(1)? != self.num_channels
            || pixel_values.dim(2)? != self.image_size
            || pixel_values.dim(3)? != self.image_size
        {
            candle_core::bail!("`pixel_values` must be (b, num_channels, image_size, image_size)")
        }
        let hidden_states = self.embeddings.forward(pixel_values)?;
        let hidden_states = self.pre_layrnorm.forward(&hidden_states)?;
        let encoder_outputs = self.encoder.forward(&hidden_states)?;
        let pooled_output = encoder_outputs.get_on_dim(1, 0)?;
        let pooled_output = self.post_layernorm.forward(&pooled_output)?;
        Ok(BaseModelOutputWithPooling {
            last_hidden_state: encoder_outputs,
            pooler_output: pooled_output,
        })
    }
}
