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
    pub num_layer: usize,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self { num_layer: 3 }
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2PatchEmbeddings`
#[derive(Debug, Clone)]
struct Dinov2PatchEmbeddings {
    projection: Conv2d,
}

impl Dinov2PatchEmbeddings {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            projection: conv2d(
                3,
                60,
                8,
                Conv2dConfig {
                    stride: 8,
                    ..Default::default()
                },
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

/// `transformers.models.dinov2.modeling_dinov2.Dinov2Attention`
#[derive(Debug, Clone)]
struct Dinov2Attention {
    q_proj: Linear,
    k_proj: Linear,
    v_proj: Linear,
    o_proj: Linear,
}

impl Dinov2Attention {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            q_proj: linear(60, 60, vb.pp("q_proj"))?,
            k_proj: linear(60, 60, vb.pp("k_proj"))?,
            v_proj: linear(60, 60, vb.pp("v_proj"))?,
            o_proj: linear(60, 60, vb.pp("o_proj"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let (b, n, _) = hidden_states.dims3()?;
        let query_states = self
            .q_proj
            .forward(hidden_states)?
            .reshape((b, n, (), 12))?
            .transpose(1, 2)?;
        let key_states = self
            .k_proj
            .forward(hidden_states)?
            .reshape((b, n, (), 12))?
            .transpose(1, 2)?;
        let value_states = self
            .v_proj
            .forward(hidden_states)?
            .reshape((b, n, (), 12))?
            .transpose(1, 2)?;
        let attn_output = runtime::scaled_dot_product_attention(
            &query_states,
            &key_states,
            &value_states,
            Some(attention_mask),
            false,
            Some(0.28867513459481287),
        )?
        .transpose(1, 2)?
        .reshape((b, n, ()))?;
        self.o_proj.forward(&attn_output)
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2LayerScale`
#[derive(Debug, Clone)]
struct Dinov2LayerScale {
    lambda1: Tensor,
}

impl Dinov2LayerScale {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            lambda1: vb.get(60, "lambda1")?,
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
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            fc1: linear(60, 240, vb.pp("fc1"))?,
            fc2: linear(240, 60, vb.pp("fc2"))?,
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
}

impl Dinov2Embeddings {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            cls_token: vb.get((1, 1, 60), "cls_token")?,
            position_embeddings: vb.get((1, 37, 60), "position_embeddings")?,
            patch_embeddings: Dinov2PatchEmbeddings::new(vb.pp("patch_embeddings"))?,
        })
    }

    fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let b = pixel_values.dim(0)?;
        let embeddings = self.patch_embeddings.forward(pixel_values)?;
        let cls_tokens = self.cls_token.broadcast_as((b, 1, 60))?;
        let embeddings = Tensor::cat(&[&cls_tokens, &embeddings], 1)?;
        embeddings.broadcast_add(&self.position_embeddings)
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
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            norm1: layer_norm(60, 1e-6, vb.pp("norm1"))?,
            attention: Dinov2Attention::new(vb.pp("attention"))?,
            layer_scale1: Dinov2LayerScale::new(vb.pp("layer_scale1"))?,
            norm2: layer_norm(60, 1e-6, vb.pp("norm2"))?,
            mlp: Dinov2Mlp::new(vb.pp("mlp"))?,
            layer_scale2: Dinov2LayerScale::new(vb.pp("layer_scale2"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let residual = hidden_states;
        let hidden_states = self.norm1.forward(hidden_states)?;
        let hidden_states = self.attention.forward(&hidden_states, attention_mask)?;
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
            layer: (0..cfg.num_layer)
                .map(|i| Dinov2Layer::new(vb.pp("layer").pp(i)))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let mut hidden_states = hidden_states.clone();
        for layer in &self.layer {
            hidden_states = layer.forward(&hidden_states, attention_mask)?;
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
            embeddings: Dinov2Embeddings::new(vb.pp("embeddings"))?,
            encoder: Dinov2Encoder::new(cfg, vb.pp("encoder"))?,
            layernorm: layer_norm(60, 1e-6, vb.pp("layernorm"))?,
        })
    }

    fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let (b, _, h, _) = pixel_values.dims4()?;
        let embedding_output = self.embeddings.forward(pixel_values)?;
        let q_arange = Tensor::arange(0i64, (h / 8 * (h / 8) + 1) as i64, pixel_values.device())?;
        let q_indices = q_arange.unsqueeze(0)?.unsqueeze(1)?.unsqueeze(3)?;
        let attention_mask =
            q_indices
                .ge(0i64)?
                .broadcast_as((b, 1, h / 8 * (h / 8) + 1, h / 8 * (h / 8) + 1))?;
        let encoder_outputs = self.encoder.forward(&embedding_output, &attention_mask)?;
        self.layernorm.forward(&encoder_outputs)
    }
}

/// `transformers.models.dinov2.modeling_dinov2.Dinov2ForImageClassification`
#[derive(Debug, Clone)]
pub struct Dinov2ForImageClassification {
    dinov2: Dinov2Model,
    classifier: Linear,
}

impl Dinov2ForImageClassification {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            dinov2: Dinov2Model::new(cfg, vb.pp("dinov2"))?,
            classifier: linear(120, 11, vb.pp("classifier"))?,
        })
    }

    /// - `pixel_values`: (b, 3, h, h)
    /// - returns `logits`: (b, 11)
    pub fn forward(&self, pixel_values: &Tensor) -> Result<Tensor> {
        if pixel_values.dim(1)? != 3 {
            candle_core::bail!("`pixel_values` must be (b, 3, h, h)")
        }
        if pixel_values.dim(2)? == 1 {
            candle_core::bail!("the sizes must satisfy h != 1")
        }
        if pixel_values.dim(2)? / 8 * (pixel_values.dim(2)? / 8) != 36 {
            candle_core::bail!("the sizes must satisfy (h / 8) * (h / 8) == 36")
        }
        if 0 >= pixel_values.dim(2)? / 8 * (pixel_values.dim(2)? / 8) {
            candle_core::bail!("the sizes must satisfy 0 < (h / 8) * (h / 8)")
        }
        let h = pixel_values.dim(2)?;
        let xs = self.dinov2.forward(pixel_values)?;
        let cls_token = xs.get_on_dim(1, 0)?;
        let patch_tokens = xs.narrow(1, 1, h / 8 * (h / 8))?;
        let linear_input = Tensor::cat(
            &[&cls_token, &runtime::mean_dim(&patch_tokens, &[1], false)?],
            1,
        )?;
        self.classifier.forward(&linear_input.contiguous()?)
    }
}
