//! `transformers.models.whisper.modeling_whisper.WhisperEncoder`, ported by pycandle 0.1.0.
//!
//! Recorded as `whisper_encoder` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{
    conv1d, embedding, linear, linear_no_bias, Conv1d, Conv1dConfig, Embedding, Linear, VarBuilder,
};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`WhisperEncoder`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub num_mel_bins: usize,
    pub encoder_layers: usize,
    pub encoder_attention_heads: usize,
    pub encoder_ffn_dim: usize,
    pub d_model: usize,
    pub max_source_positions: usize,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            num_mel_bins: 20,
            encoder_layers: 3,
            encoder_attention_heads: 5,
            encoder_ffn_dim: 128,
            d_model: 60,
            max_source_positions: 50,
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["activation_function"], "\"gelu\"", true)?;
        Ok(Self {
            num_mel_bins: json.number(&["num_mel_bins"], Some(80))?,
            encoder_layers: json.number(&["encoder_layers", "num_hidden_layers"], Some(4))?,
            encoder_attention_heads: json.number(
                &[
                    "encoder_attention_heads",
                    "num_key_value_heads",
                    "num_attention_heads",
                ],
                Some(6),
            )?,
            encoder_ffn_dim: json.number(&["encoder_ffn_dim"], Some(1536))?,
            d_model: json.number(&["d_model", "hidden_size"], Some(384))?,
            max_source_positions: json.number(&["max_source_positions"], Some(1500))?,
        })
    }
}

fn sdpa_attention_forward(query: &Tensor, key: &Tensor, value: &Tensor) -> Result<Tensor> {
    runtime::scaled_dot_product_attention(query, key, value, None, false, Some(1.0))?
        .transpose(1, 2)
}

/// `transformers.models.whisper.modeling_whisper.WhisperAttention`
#[derive(Debug, Clone)]
struct WhisperAttention {
    k_proj: Linear,
    v_proj: Linear,
    q_proj: Linear,
    out_proj: Linear,
    scaling: f64,
    max_source_positions: usize,
    head_dim: usize,
    num_heads: usize,
}

impl WhisperAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let head_dim = cfg.d_model / cfg.encoder_attention_heads;
        Ok(Self {
            k_proj: linear_no_bias(cfg.d_model, cfg.d_model, vb.pp("k_proj"))?,
            v_proj: linear(cfg.d_model, cfg.d_model, vb.pp("v_proj"))?,
            q_proj: linear(cfg.d_model, cfg.d_model, vb.pp("q_proj"))?,
            out_proj: linear(cfg.d_model, cfg.d_model, vb.pp("out_proj"))?,
            scaling: (head_dim as f64).powf(-0.5),
            max_source_positions: cfg.max_source_positions,
            head_dim,
            num_heads: cfg.encoder_attention_heads,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let b = hidden_states.dim(0)?;
        let query_states = (self.q_proj.forward(hidden_states)? * self.scaling)?
            .reshape((b, self.max_source_positions, (), self.head_dim))?
            .transpose(1, 2)?;
        let key_states = self
            .k_proj
            .forward(hidden_states)?
            .reshape((b, (), self.num_heads, self.head_dim))?
            .transpose(1, 2)?;
        let value_states = self
            .v_proj
            .forward(hidden_states)?
            .reshape((b, (), self.num_heads, self.head_dim))?
            .transpose(1, 2)?;
        let attn_output = sdpa_attention_forward(&query_states, &key_states, &value_states)?
            .reshape((b, self.max_source_positions, ()))?;
        self.out_proj.forward(&attn_output)
    }
}

/// `transformers.models.whisper.modeling_whisper.WhisperEncoderLayer`
#[derive(Debug, Clone)]
struct WhisperEncoderLayer {
    self_attn: WhisperAttention,
    self_attn_layer_norm: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    final_layer_norm: LayerNorm,
}

impl WhisperEncoderLayer {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            self_attn: WhisperAttention::new(cfg, vb.pp("self_attn"))?,
            self_attn_layer_norm: layer_norm(cfg.d_model, 1e-5, vb.pp("self_attn_layer_norm"))?,
            fc1: linear(cfg.d_model, cfg.encoder_ffn_dim, vb.pp("fc1"))?,
            fc2: linear(cfg.encoder_ffn_dim, cfg.d_model, vb.pp("fc2"))?,
            final_layer_norm: layer_norm(cfg.d_model, 1e-5, vb.pp("final_layer_norm"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let residual = hidden_states;
        let hidden_states = self.self_attn_layer_norm.forward(hidden_states)?;
        let hidden_states = self.self_attn.forward(&hidden_states)?;
        let hidden_states = (residual + &hidden_states)?;
        let residual = &hidden_states;
        let hidden_states = self.final_layer_norm.forward(&hidden_states)?;
        let hidden_states = self.fc1.forward(&hidden_states)?.gelu_erf()?;
        let hidden_states = self.fc2.forward(&hidden_states)?;
        residual + &hidden_states
    }
}

/// `transformers.models.whisper.modeling_whisper.WhisperEncoder`
#[derive(Debug, Clone)]
pub struct WhisperEncoder {
    conv1: Conv1d,
    conv2: Conv1d,
    embed_positions: Embedding,
    layers: Vec<WhisperEncoderLayer>,
    layer_norm: LayerNorm,
    num_mel_bins: usize,
    max_source_positions: usize,
}

impl WhisperEncoder {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(
            cfg.d_model / cfg.encoder_attention_heads * cfg.encoder_attention_heads != cfg.d_model,
            "d_model / encoder_attention_heads * encoder_attention_heads != d_model",
        )?;
        let conv1_config = Conv1dConfig {
            padding: 1,
            ..Default::default()
        };
        let conv2_config = Conv1dConfig {
            padding: 1,
            stride: 2,
            ..Default::default()
        };
        Ok(Self {
            conv1: conv1d(
                cfg.num_mel_bins,
                cfg.d_model,
                3,
                conv1_config,
                vb.pp("conv1"),
            )?,
            conv2: conv1d(cfg.d_model, cfg.d_model, 3, conv2_config, vb.pp("conv2"))?,
            embed_positions: embedding(
                cfg.max_source_positions,
                cfg.d_model,
                vb.pp("embed_positions"),
            )?,
            layers: (0..cfg.encoder_layers)
                .map(|i| WhisperEncoderLayer::new(cfg, vb.pp("layers").pp(i)))
                .collect::<Result<Vec<_>>>()?,
            layer_norm: layer_norm(cfg.d_model, 1e-5, vb.pp("layer_norm"))?,
            num_mel_bins: cfg.num_mel_bins,
            max_source_positions: cfg.max_source_positions,
        })
    }

    /// - `input_features`: (b, num_mel_bins, max_source_positions * 2)
    /// - returns `last_hidden_state`: (b, max_source_positions, d_model)
    pub fn forward(&self, input_features: &Tensor) -> Result<Tensor> {
        if input_features.dim(1)? != self.num_mel_bins
            || input_features.dim(2)? != self.max_source_positions * 2
        {
            candle_core::bail!(
                "`input_features` must be (b, num_mel_bins, max_source_positions * 2)"
            )
        }
        let inputs_embeds = self.conv1.forward(input_features)?.gelu_erf()?;
        let inputs_embeds = self
            .conv2
            .forward(&inputs_embeds)?
            .gelu_erf()?
            .permute((0, 2, 1))?;
        let all_positions = Tensor::arange(
            0i64,
            self.max_source_positions as i64,
            input_features.device(),
        )?;
        let mut hidden_states =
            inputs_embeds.broadcast_add(&self.embed_positions.forward(&all_positions)?)?;
        for layer in &self.layers {
            hidden_states = layer.forward(&hidden_states)?;
        }
        self.layer_norm.forward(&hidden_states)
    }
}
