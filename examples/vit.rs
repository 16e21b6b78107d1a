//! `transformers.models.vit.modeling_vit.ViTForImageClassification`, ported by pycandle 0.1.0.
//!
//! Recorded as `vit` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{conv2d, linear, Conv2d, Conv2dConfig, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`ViTForImageClassification`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub intermediate_size: usize,
    pub layer_norm_eps: f64,
    pub image_size: usize,
    pub patch_size: usize,
    pub num_channels: usize,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            hidden_size: 60,
            num_hidden_layers: 3,
            num_attention_heads: 5,
            intermediate_size: 128,
            layer_norm_eps: 1e-12,
            image_size: 48,
            patch_size: 8,
            num_channels: 3,
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["hidden_act"], "\"gelu\"", true)?;
        json.require(&["return_dict"], "true", true)?;
        json.require(&["qkv_bias"], "true", true)?;
        Ok(Self {
            hidden_size: json.number(&["hidden_size"], Some(768))?,
            num_hidden_layers: json.number(&["num_hidden_layers"], Some(12))?,
            num_attention_heads: json.number(&["num_attention_heads"], Some(12))?,
            intermediate_size: json.number(&["intermediate_size"], Some(3072))?,
            layer_norm_eps: json.number(&["layer_norm_eps"], Some(1e-12))?,
            image_size: json.number(&["image_size"], Some(224))?,
            patch_size: json.number(&["patch_size"], Some(16))?,
            num_channels: json.number(&["num_channels"], Some(3))?,
        })
    }
}

fn sdpa_attention_forward(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    attention_mask: &Tensor,
    scaling: f64,
) -> Result<Tensor> {
    runtime::scaled_dot_product_attention(
        query,
        key,
        value,
        Some(attention_mask),
        false,
        Some(scaling),
    )?
    .transpose(1, 2)
}

/// `transformers.models.vit.modeling_vit.ViTPatchEmbeddings`
#[derive(Debug, Clone)]
struct ViTPatchEmbeddings {
    projection: Conv2d,
}

impl ViTPatchEmbeddings {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            stride: cfg.patch_size,
            ..Default::default()
        };
        Ok(Self {
            projection: conv2d(
                cfg.num_channels,
                cfg.hidden_size,
                cfg.patch_size,
                config,
                vb.pp("projection"),
            )?,
        })
    }

    fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        self.projection
            .forward(pixel_values)?
            .flatten_from(2)?
            .transpose(1, 2)
    }
}

/// `transformers.models.vit.modeling_vit.ViTMLP`
#[derive(Debug, Clone)]
struct ViTTmlp {
    fc1: Linear,
    fc2: Linear,
}

impl ViTTmlp {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            fc1: linear(cfg.hidden_size, cfg.intermediate_size, vb.pp("fc1"))?,
            fc2: linear(cfg.intermediate_size, cfg.hidden_size, vb.pp("fc2"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let hidden_states = self.fc1.forward(hidden_states)?.gelu_erf()?;
        self.fc2.forward(&hidden_states)
    }
}

/// `transformers.models.vit.modeling_vit.ViTEmbeddings`
#[derive(Debug, Clone)]
struct ViTEmbeddings {
    cls_token: Tensor,
    position_embeddings: Tensor,
    patch_embeddings: ViTPatchEmbeddings,
    hidden_size: usize,
}

impl ViTEmbeddings {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = cfg.image_size / cfg.patch_size;
        Ok(Self {
            cls_token: vb.get((1, 1, cfg.hidden_size), "cls_token")?,
            position_embeddings: vb
                .get((1, size * size + 1, cfg.hidden_size), "position_embeddings")?,
            patch_embeddings: ViTPatchEmbeddings::new(cfg, vb.pp("patch_embeddings"))?,
            hidden_size: cfg.hidden_size,
        })
    }

    fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let b = pixel_values.dim(0)?;
        let embeddings = self.patch_embeddings.forward(pixel_values)?;
        let cls_tokens = self.cls_token.broadcast_as((b, 1, self.hidden_size))?;
        let embeddings = Tensor::cat(&[&cls_tokens, &embeddings], 1)?;
        embeddings.broadcast_add(&self.position_embeddings)
    }
}

/// `transformers.models.vit.modeling_vit.ViTAttention`
#[derive(Debug, Clone)]
struct ViTAttention {
    q_proj: Linear,
    k_proj: Linear,
    v_proj: Linear,
    o_proj: Linear,
    size: usize,
    head_dim: usize,
    scaling: f64,
}

impl ViTAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = cfg.image_size / cfg.patch_size;
        let head_dim = cfg.hidden_size / cfg.num_attention_heads;
        Ok(Self {
            q_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("q_proj"))?,
            k_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("k_proj"))?,
            v_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("v_proj"))?,
            o_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("o_proj"))?,
            size: size * size + 1,
            head_dim,
            scaling: (head_dim as f64).powf(-0.5),
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let b = hidden_states.dim(0)?;
        let split_heads = |xs: &Tensor| {
            xs.reshape((b, self.size, (), self.head_dim))?
                .transpose(1, 2)
        };
        let query_states = split_heads(&self.q_proj.forward(hidden_states)?)?;
        let key_states = split_heads(&self.k_proj.forward(hidden_states)?)?;
        let value_states = split_heads(&self.v_proj.forward(hidden_states)?)?;
        let attn_output = sdpa_attention_forward(
            &query_states,
            &key_states,
            &value_states,
            attention_mask,
            self.scaling,
        )?
        .reshape((b, self.size, ()))?;
        self.o_proj.forward(&attn_output)
    }
}

/// `transformers.models.vit.modeling_vit.ViTLayer`
#[derive(Debug, Clone)]
struct ViTLayer {
    attention: ViTAttention,
    layernorm_before: LayerNorm,
    layernorm_after: LayerNorm,
    mlp: ViTTmlp,
}

impl ViTLayer {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            attention: ViTAttention::new(cfg, vb.pp("attention"))?,
            layernorm_before: layer_norm(
                cfg.hidden_size,
                cfg.layer_norm_eps,
                vb.pp("layernorm_before"),
            )?,
            layernorm_after: layer_norm(
                cfg.hidden_size,
                cfg.layer_norm_eps,
                vb.pp("layernorm_after"),
            )?,
            mlp: ViTTmlp::new(cfg, vb.pp("mlp"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let residual = hidden_states;
        let hidden_states = self.layernorm_before.forward(hidden_states)?;
        let hidden_states = (self.attention.forward(&hidden_states, attention_mask)? + residual)?;
        let residual = &hidden_states;
        let hidden_states = self.layernorm_after.forward(&hidden_states)?;
        self.mlp.forward(&hidden_states)? + residual
    }
}

/// `transformers.models.vit.modeling_vit.ViTModel`
#[derive(Debug, Clone)]
struct ViTModel {
    embeddings: ViTEmbeddings,
    layers: Vec<ViTLayer>,
    layernorm: LayerNorm,
    size: usize,
}

impl ViTModel {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = cfg.image_size / cfg.patch_size;
        Ok(Self {
            embeddings: ViTEmbeddings::new(cfg, vb.pp("embeddings"))?,
            layers: (0..cfg.num_hidden_layers)
                .map(|i| ViTLayer::new(cfg, vb.pp("layers").pp(i)))
                .collect::<Result<Vec<_>>>()?,
            layernorm: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("layernorm"))?,
            size: size * size + 1,
        })
    }

    fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let b = pixel_values.dim(0)?;
        let mut embedding_output = self.embeddings.forward(pixel_values)?;
        let q_arange = Tensor::arange(0i64, self.size as i64, pixel_values.device())?;
        let q_indices = q_arange.unsqueeze(0)?.unsqueeze(1)?.unsqueeze(3)?;
        let attention_mask = q_indices
            .ge(0i64)?
            .broadcast_as((b, 1, self.size, self.size))?;
        for layer in &self.layers {
            embedding_output = layer.forward(&embedding_output, &attention_mask)?;
        }
        self.layernorm.forward(&embedding_output)
    }
}

/// `transformers.models.vit.modeling_vit.ViTForImageClassification`
#[derive(Debug, Clone)]
pub struct ViTForImageClassification {
    vit: ViTModel,
    classifier: Linear,
    num_channels: usize,
    image_size: usize,
}

impl ViTForImageClassification {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            vit: ViTModel::new(cfg, vb.pp("vit"))?,
            classifier: linear(cfg.hidden_size, 11, vb.pp("classifier"))?,
            num_channels: cfg.num_channels,
            image_size: cfg.image_size,
        })
    }

    /// - `pixel_values`: (b, num_channels, image_size, image_size)
    /// - returns `logits`: (b, 11)
    pub fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        if pixel_values.dim(1)? != self.num_channels
            || pixel_values.dim(2)? != self.image_size
            || pixel_values.dim(3)? != self.image_size
        {
            candle_core::bail!("`pixel_values` must be (b, num_channels, image_size, image_size)")
        }
        let outputs = self.vit.forward(pixel_values)?;
        let pooled_output = outputs.get_on_dim(1, 0)?;
        self.classifier.forward(&pooled_output.contiguous()?)
    }
}
