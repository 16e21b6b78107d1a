//! `transformers.models.dinov2.modeling_dinov2.Dinov2ForImageClassification`, ported by pycandle 0.1.0.
//!
//! Recorded as `dinov2` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{conv2d, linear, Conv2d, Conv2dConfig, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`Dinov2ForImageClassification`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub mlp_ratio: usize,
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
            mlp_ratio: 4,
            layer_norm_eps: 1e-6,
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
        json.require(&["use_swiglu_ffn"], "false", true)?;
        Ok(Self {
            hidden_size: json.number(&["hidden_size"], Some(768))?,
            num_hidden_layers: json.number(&["num_hidden_layers"], Some(12))?,
            num_attention_heads: json.number(&["num_attention_heads"], Some(12))?,
            mlp_ratio: json.number(&["mlp_ratio"], Some(4))?,
            layer_norm_eps: json.number(&["layer_norm_eps"], Some(1e-6))?,
            image_size: json.number(&["image_size"], Some(224))?,
            patch_size: json.number(&["patch_size"], Some(14))?,
            num_channels: json.number(&["num_channels"], Some(3))?,
        })
    }
}

fn sdpa_attention_forward(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    scaling: f64,
) -> Result<Tensor> {
    runtime::scaled_dot_product_attention(query, key, value, None, false, Some(scaling))?
        .transpose(1, 2)
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2PatchEmbeddings`
#[derive(Debug, Clone)]
struct Dinov2PatchEmbeddings {
    projection: Conv2d,
}

impl Dinov2PatchEmbeddings {
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

/// `transformers.models.dinov2.modeling_dinov2.Dinov2LayerScale`
#[derive(Debug, Clone)]
struct Dinov2LayerScale {
    lambda1: Tensor,
}

impl Dinov2LayerScale {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            lambda1: vb.get(cfg.hidden_size, "lambda1")?,
        })
    }

    fn forward(&self, hidden_state: &Tensor) -> Result<Tensor> {
        hidden_state.broadcast_mul(&self.lambda1)
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2MLP`
#[derive(Debug, Clone)]
struct Dinov2Mlp {
    fc1: Linear,
    fc2: Linear,
}

impl Dinov2Mlp {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let out_features = cfg.hidden_size * cfg.mlp_ratio;
        Ok(Self {
            fc1: linear(cfg.hidden_size, out_features, vb.pp("fc1"))?,
            fc2: linear(out_features, cfg.hidden_size, vb.pp("fc2"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let hidden_states = self.fc1.forward(hidden_states)?.gelu_erf()?;
        self.fc2.forward(&hidden_states)
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2Embeddings`
#[derive(Debug, Clone)]
struct Dinov2Embeddings {
    cls_token: Tensor,
    position_embeddings: Tensor,
    patch_embeddings: Dinov2PatchEmbeddings,
    hidden_size: usize,
}

impl Dinov2Embeddings {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = cfg.image_size / cfg.patch_size;
        Ok(Self {
            cls_token: vb.get((1, 1, cfg.hidden_size), "cls_token")?,
            position_embeddings: vb
                .get((1, size * size + 1, cfg.hidden_size), "position_embeddings")?,
            patch_embeddings: Dinov2PatchEmbeddings::new(cfg, vb.pp("patch_embeddings"))?,
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

/// `transformers.models.dinov2.modeling_dinov2.Dinov2Attention`
#[derive(Debug, Clone)]
struct Dinov2Attention {
    q_proj: Linear,
    k_proj: Linear,
    v_proj: Linear,
    o_proj: Linear,
    head_dim: usize,
    scaling: f64,
}

impl Dinov2Attention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let head_dim = cfg.hidden_size / cfg.num_attention_heads;
        Ok(Self {
            q_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("q_proj"))?,
            k_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("k_proj"))?,
            v_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("v_proj"))?,
            o_proj: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("o_proj"))?,
            head_dim,
            scaling: (head_dim as f64).powf(-0.5),
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let (b, n, _) = hidden_states.dims3()?;
        let split_heads = |xs: &Tensor| xs.reshape((b, n, (), self.head_dim))?.transpose(1, 2);
        let query_states = split_heads(&self.q_proj.forward(hidden_states)?)?;
        let key_states = split_heads(&self.k_proj.forward(hidden_states)?)?;
        let value_states = split_heads(&self.v_proj.forward(hidden_states)?)?;
        let attn_output =
            sdpa_attention_forward(&query_states, &key_states, &value_states, self.scaling)?
                .reshape((b, n, ()))?;
        self.o_proj.forward(&attn_output)
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2Layer`
#[derive(Debug, Clone)]
struct Dinov2Layer {
    norm1: LayerNorm,
    attention: Dinov2Attention,
    layer_scale1: Dinov2LayerScale,
    norm2: LayerNorm,
    mlp: Dinov2Mlp,
    layer_scale2: Dinov2LayerScale,
}

impl Dinov2Layer {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            norm1: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("norm1"))?,
            attention: Dinov2Attention::new(cfg, vb.pp("attention"))?,
            layer_scale1: Dinov2LayerScale::new(cfg, vb.pp("layer_scale1"))?,
            norm2: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("norm2"))?,
            mlp: Dinov2Mlp::new(cfg, vb.pp("mlp"))?,
            layer_scale2: Dinov2LayerScale::new(cfg, vb.pp("layer_scale2"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let residual = hidden_states;
        let hidden_states = self.norm1.forward(hidden_states)?;
        let hidden_states = self.attention.forward(&hidden_states)?;
        let hidden_states = (self.layer_scale1.forward(&hidden_states)? + residual)?;
        let residual = &hidden_states;
        let hidden_states = self.norm2.forward(&hidden_states)?;
        let hidden_states = self.mlp.forward(&hidden_states)?;
        self.layer_scale2.forward(&hidden_states)? + residual
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2Encoder`
#[derive(Debug, Clone)]
struct Dinov2Encoder {
    layer: Vec<Dinov2Layer>,
}

impl Dinov2Encoder {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            layer: (0..cfg.num_hidden_layers)
                .map(|i| Dinov2Layer::new(cfg, vb.pp("layer").pp(i)))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let mut hidden_states = hidden_states.clone();
        for layer in &self.layer {
            hidden_states = layer.forward(&hidden_states)?;
        }
        Ok(hidden_states)
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2Model`
#[derive(Debug, Clone)]
struct Dinov2Model {
    embeddings: Dinov2Embeddings,
    encoder: Dinov2Encoder,
    layernorm: LayerNorm,
}

impl Dinov2Model {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embeddings: Dinov2Embeddings::new(cfg, vb.pp("embeddings"))?,
            encoder: Dinov2Encoder::new(cfg, vb.pp("encoder"))?,
            layernorm: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("layernorm"))?,
        })
    }

    fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let embedding_output = self.embeddings.forward(pixel_values)?;
        let encoder_outputs = self.encoder.forward(&embedding_output)?;
        self.layernorm.forward(&encoder_outputs)
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2ForImageClassification`
#[derive(Debug, Clone)]
pub struct Dinov2ForImageClassification {
    dinov2: Dinov2Model,
    classifier: Linear,
    num_channels: usize,
    patch_size: usize,
    size: usize,
}

impl Dinov2ForImageClassification {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(cfg.patch_size == cfg.image_size, "patch_size == image_size")?;
        runtime::refuse_settings(cfg.patch_size == 1, "patch_size == 1")?;
        let size = cfg.image_size / cfg.patch_size;
        Ok(Self {
            dinov2: Dinov2Model::new(cfg, vb.pp("dinov2"))?,
            classifier: linear(cfg.hidden_size * 2, 11, vb.pp("classifier"))?,
            num_channels: cfg.num_channels,
            patch_size: cfg.patch_size,
            size: size * size,
        })
    }

    /// - `pixel_values`: (b, num_channels, h, h)
    /// - returns `logits`: (b, 11)
    pub fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let h = pixel_values.dim(2)?;
        if pixel_values.dim(1)? != self.num_channels {
            candle_core::bail!("`pixel_values` must be (b, num_channels, h, h)")
        }
        if h == 1 {
            candle_core::bail!("the sizes must satisfy h != 1")
        }
        if h / self.patch_size * (h / self.patch_size) != self.size {
            candle_core::bail!("the sizes must satisfy (h / patch_size) * (h / patch_size) == image_size / patch_size * (image_size / patch_size)")
        }
        if h / self.patch_size * (h / self.patch_size) == 0 {
            candle_core::bail!("the sizes must satisfy (h / patch_size) * (h / patch_size) > 0")
        }
        let xs = self.dinov2.forward(pixel_values)?;
        let cls_token = xs.get_on_dim(1, 0)?;
        let patch_tokens = xs.narrow(1, 1, h / self.patch_size * (h / self.patch_size))?;
        let linear_input = Tensor::cat(
            &[&cls_token, &runtime::mean_dim(&patch_tokens, &[1], false)?],
            1,
        )?;
        self.classifier.forward(&linear_input.contiguous()?)
    }
}
