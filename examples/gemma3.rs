//! `transformers.models.gemma3.modeling_gemma3.Gemma3ForCausalLM`, ported by pycandle 0.1.0.
//!
//! Recorded as `gemma3` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{DType, Module, Result, Tensor};
use candle_nn::{linear_no_bias, Embedding, Linear, VarBuilder};
use runtime::{offset_rms_norm, RmsNorm};

/// What instances of [`Gemma3ForCausalLm`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub vocab_size: usize,
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub num_key_value_heads: usize,
    pub head_dim: usize,
    pub rms_norm_eps: f64,
    pub rope_parameters_sliding_attention_rope_theta: f64,
    pub rope_parameters_full_attention_rope_theta: f64,
    pub query_pre_attn_scalar: usize,
    pub sliding_window: usize,
    pub layer_types: Vec<LayerType>,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            vocab_size: 256,
            hidden_size: 72,
            intermediate_size: 160,
            num_hidden_layers: 7,
            num_attention_heads: 6,
            num_key_value_heads: 2,
            head_dim: 14,
            rms_norm_eps: 1e-6,
            rope_parameters_sliding_attention_rope_theta: 10000.0,
            rope_parameters_full_attention_rope_theta: 1000000.0,
            query_pre_attn_scalar: 14,
            sliding_window: 8,
            layer_types: vec![
                LayerType::SlidingAttention,
                LayerType::SlidingAttention,
                LayerType::SlidingAttention,
                LayerType::SlidingAttention,
                LayerType::SlidingAttention,
                LayerType::FullAttention,
                LayerType::SlidingAttention,
            ],
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["hidden_activation"], "\"gelu_pytorch_tanh\"", true)?;
        json.require(
            &["rope_parameters.sliding_attention.rope_type"],
            "\"default\"",
            true,
        )?;
        json.require(
            &[
                "rope_parameters.full_attention.rope_type",
                "rope_scaling.rope_type",
                "rope_scaling.type",
            ],
            "\"default\"",
            true,
        )?;
        json.require(&["return_dict"], "true", true)?;
        json.require(&["tie_word_embeddings"], "true", true)?;
        json.require(&["attention_bias"], "false", true)?;
        json.require(&["final_logit_softcapping"], "null", true)?;
        json.require(&["use_bidirectional_attention"], "false", true)?;
        Ok(Self {
            vocab_size: json.number(&["vocab_size"], Some(262208))?,
            hidden_size: json.number(&["hidden_size"], Some(2304))?,
            intermediate_size: json.number(&["intermediate_size"], Some(9216))?,
            num_hidden_layers: json.number(&["num_hidden_layers"], None)?,
            num_attention_heads: json.number(&["num_attention_heads"], Some(8))?,
            num_key_value_heads: json.number(&["num_key_value_heads"], Some(4))?,
            head_dim: json.number(&["head_dim"], Some(256))?,
            rms_norm_eps: json.number(&["rms_norm_eps"], Some(1e-6))?,
            rope_parameters_sliding_attention_rope_theta: json.number(
                &[
                    "rope_parameters.sliding_attention.rope_theta",
                    "rope_local_base_freq",
                ],
                Some(10000.0),
            )?,
            rope_parameters_full_attention_rope_theta: json.number(
                &[
                    "rope_parameters.full_attention.rope_theta",
                    "rope_theta",
                    "rope_scaling.rope_theta",
                ],
                Some(1000000.0),
            )?,
            query_pre_attn_scalar: json.number(&["query_pre_attn_scalar"], Some(256))?,
            sliding_window: json.number(&["sliding_window"], Some(4096))?,
            layer_types: json.choices(
                &["layer_types"],
                &[
                    ("sliding_attention", LayerType::SlidingAttention),
                    ("full_attention", LayerType::FullAttention),
                ],
            )?,
        })
    }
}

/// What a layer of [`Gemma3ForCausalLm`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerType {
    SlidingAttention,
    FullAttention,
}

fn rotate_half(x: &Tensor) -> Result<Tensor> {
    let head_dim = x.dim(3)?;
    let x1 = x.narrow(3, 0, head_dim / 2)?;
    let x2 = x.narrow(3, head_dim / 2, head_dim / 2)?;
    Tensor::cat(&[&x2.neg()?, &x1], 3)
}

fn repeat_kv(
    hidden_states: &Tensor,
    num_key_value_groups: usize,
    num_attention_heads: usize,
) -> Result<Tensor> {
    let (b, num_key_value_heads, s, head_dim) = hidden_states.dims4()?;
    let hidden_states = hidden_states.unsqueeze(2)?.broadcast_as((
        b,
        num_key_value_heads,
        num_key_value_groups,
        s,
        head_dim,
    ))?;
    hidden_states.reshape((b, num_attention_heads, s, head_dim))
}

fn apply_rotary_pos_emb(
    q: &Tensor,
    k: &Tensor,
    cos: &Tensor,
    sin: &Tensor,
) -> Result<(Tensor, Tensor)> {
    let cos = cos.unsqueeze(1)?;
    let sin = sin.unsqueeze(1)?;
    let q_embed = (q.broadcast_mul(&cos)? + rotate_half(q)?.broadcast_mul(&sin)?)?;
    let k_embed = (k.broadcast_mul(&cos)? + rotate_half(k)?.broadcast_mul(&sin)?)?;
    Ok((q_embed, k_embed))
}

fn sdpa_attention_forward(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    attention_mask: &Tensor,
    num_key_value_groups: usize,
    scaling: f64,
) -> Result<Tensor> {
    let num_attention_heads = query.dim(1)?;
    let key = repeat_kv(key, num_key_value_groups, num_attention_heads)?;
    let value = repeat_kv(value, num_key_value_groups, num_attention_heads)?;
    runtime::scaled_dot_product_attention(
        query,
        &key,
        &value,
        Some(attention_mask),
        false,
        Some(scaling),
    )?
    .transpose(1, 2)
}

/// `transformers.models.gemma3.modeling_gemma3.Gemma3TextScaledWordEmbedding`
#[derive(Debug, Clone)]
struct Gemma3TextScaledWordEmbedding {
    embedding: Embedding,
    embed_scale: Tensor,
}

impl Gemma3TextScaledWordEmbedding {
    fn new(cfg: &Config, embed_tokens_weight: &Tensor, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embedding: Embedding::new(embed_tokens_weight.clone(), cfg.hidden_size),
            embed_scale: Tensor::new((cfg.hidden_size as f64).sqrt() as f32, vb.device())?
                .to_dtype(vb.dtype())?,
        })
    }

    fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        self.embedding
            .forward(input_ids)?
            .broadcast_mul(&self.embed_scale)
    }
}

/// `transformers.models.gemma3.modeling_gemma3.Gemma3RotaryEmbedding`
#[derive(Debug, Clone)]
struct Gemma3RotaryEmbedding {
    full_attention_inv_freq: Tensor,
    sliding_attention_inv_freq: Tensor,
    dtype: DType,
}

impl Gemma3RotaryEmbedding {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            full_attention_inv_freq: runtime::pow_scalar(
                cfg.rope_parameters_full_attention_rope_theta,
                &(Tensor::arange_step(0.0f32, cfg.head_dim as f32, 2.0, vb.device())?
                    / cfg.head_dim as f64)?,
            )?
            .recip()?,
            sliding_attention_inv_freq: runtime::pow_scalar(
                cfg.rope_parameters_sliding_attention_rope_theta,
                &(Tensor::arange_step(0.0f32, cfg.head_dim as f32, 2.0, vb.device())?
                    / cfg.head_dim as f64)?,
            )?
            .recip()?,
            dtype: vb.dtype(),
        })
    }

    fn forward_full_attention(&self, position_ids: &Tensor) -> Result<(Tensor, Tensor)> {
        let freqs = position_ids
            .unsqueeze(2)?
            .to_dtype(DType::F32)?
            .broadcast_mul(&self.full_attention_inv_freq)?;
        let emb = Tensor::cat(&[&freqs, &freqs], 2)?;
        let cos = emb.cos()?;
        let sin = emb.sin()?;
        Ok((cos.to_dtype(self.dtype)?, sin.to_dtype(self.dtype)?))
    }

    fn forward_sliding_attention(&self, position_ids: &Tensor) -> Result<(Tensor, Tensor)> {
        let freqs = position_ids
            .unsqueeze(2)?
            .to_dtype(DType::F32)?
            .broadcast_mul(&self.sliding_attention_inv_freq)?;
        let emb = Tensor::cat(&[&freqs, &freqs], 2)?;
        let cos = emb.cos()?;
        let sin = emb.sin()?;
        Ok((cos.to_dtype(self.dtype)?, sin.to_dtype(self.dtype)?))
    }
}

/// `transformers.models.gemma3.modeling_gemma3.Gemma3MLP`
#[derive(Debug, Clone)]
struct Gemma3Mlp {
    gate_proj: Linear,
    up_proj: Linear,
    down_proj: Linear,
}

impl Gemma3Mlp {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            gate_proj: linear_no_bias(cfg.hidden_size, cfg.intermediate_size, vb.pp("gate_proj"))?,
            up_proj: linear_no_bias(cfg.hidden_size, cfg.intermediate_size, vb.pp("up_proj"))?,
            down_proj: linear_no_bias(cfg.intermediate_size, cfg.hidden_size, vb.pp("down_proj"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let xs = (self.gate_proj.forward(x)?.gelu()? * self.up_proj.forward(x)?)?;
        self.down_proj.forward(&xs)
    }
}

/// `transformers.models.gemma3.modeling_gemma3.Gemma3Attention`
#[derive(Debug, Clone)]
struct Gemma3Attention {
    q_proj: Linear,
    k_proj: Linear,
    v_proj: Linear,
    o_proj: Linear,
    q_norm: RmsNorm,
    k_norm: RmsNorm,
    head_dim: usize,
    num_key_value_groups: usize,
    scaling: f64,
}

impl Gemma3Attention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let out_features = cfg.num_attention_heads * cfg.head_dim;
        let k_proj_out_features = cfg.num_key_value_heads * cfg.head_dim;
        Ok(Self {
            q_proj: linear_no_bias(cfg.hidden_size, out_features, vb.pp("q_proj"))?,
            k_proj: linear_no_bias(cfg.hidden_size, k_proj_out_features, vb.pp("k_proj"))?,
            v_proj: linear_no_bias(cfg.hidden_size, k_proj_out_features, vb.pp("v_proj"))?,
            o_proj: linear_no_bias(out_features, cfg.hidden_size, vb.pp("o_proj"))?,
            q_norm: offset_rms_norm(cfg.head_dim, cfg.rms_norm_eps, vb.pp("q_norm"))?,
            k_norm: offset_rms_norm(cfg.head_dim, cfg.rms_norm_eps, vb.pp("k_norm"))?,
            head_dim: cfg.head_dim,
            num_key_value_groups: cfg.num_attention_heads / cfg.num_key_value_heads,
            scaling: (cfg.query_pre_attn_scalar as f64).powf(-0.5),
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        cos: &Tensor,
        sin: &Tensor,
        attention_mask: &Tensor,
    ) -> Result<Tensor> {
        let (b, s, _) = hidden_states.dims3()?;
        let split_heads = |xs: &Tensor| xs.reshape((b, s, (), self.head_dim))?.transpose(1, 2);
        let query_states = split_heads(&self.q_proj.forward(hidden_states)?)?;
        let key_states = split_heads(&self.k_proj.forward(hidden_states)?)?;
        let value_states = split_heads(&self.v_proj.forward(hidden_states)?)?;
        let query_states = self.q_norm.forward(&query_states)?;
        let key_states = self.k_norm.forward(&key_states)?;
        let (q_embed, k_embed) = apply_rotary_pos_emb(&query_states, &key_states, cos, sin)?;
        let attn_output = sdpa_attention_forward(
            &q_embed,
            &k_embed,
            &value_states,
            attention_mask,
            self.num_key_value_groups,
            self.scaling,
        )?
        .reshape((b, s, ()))?;
        self.o_proj.forward(&attn_output)
    }
}

/// `transformers.models.gemma3.modeling_gemma3.Gemma3DecoderLayer`
#[derive(Debug, Clone)]
struct Gemma3DecoderLayer {
    self_attn: Gemma3Attention,
    mlp: Gemma3Mlp,
    input_layernorm: RmsNorm,
    post_attention_layernorm: RmsNorm,
    pre_feedforward_layernorm: RmsNorm,
    post_feedforward_layernorm: RmsNorm,
}

impl Gemma3DecoderLayer {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            self_attn: Gemma3Attention::new(cfg, vb.pp("self_attn"))?,
            mlp: Gemma3Mlp::new(cfg, vb.pp("mlp"))?,
            input_layernorm: offset_rms_norm(
                cfg.hidden_size,
                cfg.rms_norm_eps,
                vb.pp("input_layernorm"),
            )?,
            post_attention_layernorm: offset_rms_norm(
                cfg.hidden_size,
                cfg.rms_norm_eps,
                vb.pp("post_attention_layernorm"),
            )?,
            pre_feedforward_layernorm: offset_rms_norm(
                cfg.hidden_size,
                cfg.rms_norm_eps,
                vb.pp("pre_feedforward_layernorm"),
            )?,
            post_feedforward_layernorm: offset_rms_norm(
                cfg.hidden_size,
                cfg.rms_norm_eps,
                vb.pp("post_feedforward_layernorm"),
            )?,
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        cos: &Tensor,
        sin: &Tensor,
        attention_mask: &Tensor,
    ) -> Result<Tensor> {
        let residual = hidden_states;
        let hidden_states = self.input_layernorm.forward(hidden_states)?;
        let hidden_states = self
            .self_attn
            .forward(&hidden_states, cos, sin, attention_mask)?;
        let hidden_states = self.post_attention_layernorm.forward(&hidden_states)?;
        let hidden_states = (residual + &hidden_states)?;
        let residual = &hidden_states;
        let hidden_states = self.pre_feedforward_layernorm.forward(&hidden_states)?;
        let hidden_states = self.mlp.forward(&hidden_states)?;
        let hidden_states = self.post_feedforward_layernorm.forward(&hidden_states)?;
        residual + &hidden_states
    }
}

/// `transformers.models.gemma3.modeling_gemma3.Gemma3TextModel`
#[derive(Debug, Clone)]
struct Gemma3TextModel {
    embed_tokens: Gemma3TextScaledWordEmbedding,
    layers: Vec<Gemma3DecoderLayer>,
    norm: RmsNorm,
    rotary_emb: Gemma3RotaryEmbedding,
    layer_types: Vec<LayerType>,
    diagonal: i64,
}

impl Gemma3TextModel {
    fn new(cfg: &Config, embed_tokens_weight: &Tensor, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embed_tokens: Gemma3TextScaledWordEmbedding::new(
                cfg,
                embed_tokens_weight,
                vb.pp("embed_tokens"),
            )?,
            layers: (0..cfg.num_hidden_layers)
                .map(|i| Gemma3DecoderLayer::new(cfg, vb.pp("layers").pp(i)))
                .collect::<Result<Vec<_>>>()?,
            norm: offset_rms_norm(cfg.hidden_size, cfg.rms_norm_eps, vb.pp("norm"))?,
            rotary_emb: Gemma3RotaryEmbedding::new(cfg, vb.pp("rotary_emb"))?,
            layer_types: cfg.layer_types.clone(),
            diagonal: 1 - cfg.sliding_window as i64,
        })
    }

    fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        let (b, s) = input_ids.dims2()?;
        let mut inputs_embeds = self.embed_tokens.forward(input_ids)?;
        let position_ids = Tensor::arange(0i64, s as i64, input_ids.device())?.unsqueeze(0)?;
        let causal_mask = runtime::tril(&Tensor::ones((s, s), DType::U8, input_ids.device())?, 0)?
            .broadcast_as((b, 1, s, s))?;
        let causal_mask2 = runtime::triu(
            &runtime::tril(&Tensor::ones((s, s), DType::U8, input_ids.device())?, 0)?,
            self.diagonal,
        )?
        .broadcast_as((b, 1, s, s))?;
        let (cos, sin) = self.rotary_emb.forward_full_attention(&position_ids)?;
        let (cos2, sin2) = self.rotary_emb.forward_sliding_attention(&position_ids)?;
        for (layer, kind) in self.layers.iter().zip(&self.layer_types) {
            let (cos, sin, attention_mask) = match kind {
                LayerType::SlidingAttention => (&cos2, &sin2, &causal_mask2),
                LayerType::FullAttention => (&cos, &sin, &causal_mask),
            };
            inputs_embeds = layer.forward(&inputs_embeds, cos, sin, attention_mask)?;
        }
        self.norm.forward(&inputs_embeds)
    }
}

/// `transformers.models.gemma3.modeling_gemma3.Gemma3ForCausalLM`
#[derive(Debug, Clone)]
pub struct Gemma3ForCausalLm {
    model: Gemma3TextModel,
    lm_head: Linear,
}

impl Gemma3ForCausalLm {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(cfg.num_hidden_layers == 1, "num_hidden_layers == 1")?;
        runtime::refuse_settings(cfg.head_dim == 0, "head_dim == 0")?;
        runtime::refuse_settings(
            cfg.layer_types.len() != cfg.num_hidden_layers,
            "layer_types.len() != num_hidden_layers",
        )?;
        let embed_tokens_weight = vb
            .pp("model.embed_tokens")
            .get((cfg.vocab_size, cfg.hidden_size), "weight")?;
        Ok(Self {
            model: Gemma3TextModel::new(cfg, &embed_tokens_weight, vb.pp("model"))?,
            lm_head: Linear::new(embed_tokens_weight.clone(), None),
        })
    }

    /// - `input_ids`: `I64` (b, s)
    /// - returns `logits`: (b, s, vocab_size)
    pub fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        let outputs = self.model.forward(input_ids)?;
        self.lm_head.forward(&outputs)
    }
}
