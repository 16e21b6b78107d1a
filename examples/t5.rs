//! `transformers.models.t5.modeling_t5.T5ForConditionalGeneration`, ported by pycandle 0.1.0.
//!
//! Recorded as `t5` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{DType, Module, Result, Tensor};
use candle_nn::{embedding, linear_no_bias, Embedding, Linear, VarBuilder};
use runtime::{rms_norm, RmsNorm};

/// What instances of [`T5ForConditionalGeneration`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub vocab_size: usize,
    pub d_model: usize,
    pub d_kv: usize,
    pub d_ff: usize,
    pub num_layers: usize,
    pub num_decoder_layers: usize,
    pub num_heads: usize,
    pub relative_attention_num_buckets: usize,
    pub relative_attention_max_distance: usize,
    pub layer_norm_epsilon: f64,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            vocab_size: 256,
            d_model: 60,
            d_kv: 14,
            d_ff: 128,
            num_layers: 3,
            num_decoder_layers: 4,
            num_heads: 5,
            relative_attention_num_buckets: 32,
            relative_attention_max_distance: 128,
            layer_norm_epsilon: 1e-6,
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["dense_act_fn"], "\"relu\"", true)?;
        json.require(&["return_dict"], "true", true)?;
        json.require(&["is_gated_act"], "false", true)?;
        json.require(&["scale_decoder_outputs"], "true", true)?;
        json.require(&["tie_word_embeddings"], "true", true)?;
        let num_layers = json.number(&["num_layers", "num_hidden_layers"], Some(6))?;
        Ok(Self {
            vocab_size: json.number(&["vocab_size"], Some(32128))?,
            d_model: json.number(&["d_model", "hidden_size"], Some(512))?,
            d_kv: json.number(&["d_kv", "head_dim"], Some(64))?,
            d_ff: json.number(&["d_ff"], Some(2048))?,
            num_layers,
            num_decoder_layers: json.number(&["num_decoder_layers"], Some(num_layers))?,
            num_heads: json.number(&["num_heads", "num_attention_heads"], Some(8))?,
            relative_attention_num_buckets: json
                .number(&["relative_attention_num_buckets"], Some(32))?,
            relative_attention_max_distance: json
                .number(&["relative_attention_max_distance"], Some(128))?,
            layer_norm_epsilon: json.number(&["layer_norm_epsilon"], Some(1e-6))?,
        })
    }
}

/// What [`T5ForConditionalGeneration::forward`] returns.
#[derive(Debug, Clone)]
pub struct Seq2SeqLmOutput {
    pub logits: Tensor,
    pub encoder_last_hidden_state: Tensor,
}

fn relative_position_bucket(
    relative_position: &Tensor,
    dtype: DType,
    bidirectional: bool,
    relative_attention_num_buckets: usize,
    relative_attention_max_distance: usize,
) -> Result<Tensor> {
    let s = relative_position.dim(0)?;
    if bidirectional {
        let relative_buckets = (runtime::triu(
            &Tensor::ones((s, s), DType::U8, relative_position.device())?,
            1,
        )?
        .to_dtype(DType::I64)?
            * (relative_attention_num_buckets / 2) as f64)?;
        let relative_position = relative_position.abs()?;
        let is_small = runtime::triu(
            &runtime::tril(
                &Tensor::ones((s, s), DType::U8, relative_position.device())?,
                (relative_attention_num_buckets / 4) as i64 + -1,
            )?,
            1 - (relative_attention_num_buckets / 4) as i64,
        )?;
        let xs = (((relative_position.to_dtype(dtype)?
            / (relative_attention_num_buckets / 4) as f64)?
            .log()?
            / (relative_attention_max_distance as f64 / relative_attention_num_buckets as f64
                * 4.0)
                .ln())?
            * (relative_attention_num_buckets / 4) as f64)?;
        let relative_position_if_large =
            (xs.to_dtype(DType::I64)? + (relative_attention_num_buckets / 4) as f64)?;
        let relative_position_if_large = relative_position_if_large.minimum(&Tensor::full(
            (relative_attention_num_buckets / 2 - 1) as i64,
            (s, s),
            relative_position.device(),
        )?)?;
        let residual = &relative_buckets;
        let relative_buckets =
            is_small.where_cond(&relative_position, &relative_position_if_large)?;
        residual + &relative_buckets
    } else {
        let relative_position =
            (relative_position.minimum(&relative_position.zeros_like()?)? * -1.0)?;
        let is_small = relative_position.lt((relative_attention_num_buckets / 2) as i64)?;
        let xs = (((relative_position.to_dtype(dtype)?
            / (relative_attention_num_buckets / 2) as f64)?
            .log()?
            / (relative_attention_max_distance as f64 / relative_attention_num_buckets as f64
                * 2.0)
                .ln())?
            * (relative_attention_num_buckets / 2) as f64)?;
        let relative_position_if_large =
            (xs.to_dtype(DType::I64)? + (relative_attention_num_buckets / 2) as f64)?;
        let relative_position_if_large = relative_position_if_large.minimum(&Tensor::full(
            (relative_attention_num_buckets - 1) as i64,
            (s, s),
            relative_position.device(),
        )?)?;
        is_small.where_cond(&relative_position, &relative_position_if_large)
    }
}

fn sdpa_attention_forward(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    attention_mask: &Tensor,
    position_bias: &Tensor,
) -> Result<Tensor> {
    let (b, num_heads, s, _) = query.dims4()?;
    let s2 = key.dim(2)?;
    let dtype = query.dtype();
    let attention_mask = attention_mask
        .broadcast_as((b, num_heads, s, s2))?
        .where_cond(
            &position_bias.broadcast_as((b, num_heads, s, s2))?,
            &Tensor::full(-3.4028235e38f32, (b, num_heads, s, s2), query.device())?
                .to_dtype(dtype)?,
        )?;
    runtime::scaled_dot_product_attention(
        query,
        key,
        value,
        Some(&attention_mask),
        false,
        Some(1.0),
    )?
    .transpose(1, 2)
}

/// `transformers.models.t5.modeling_t5.T5DenseActDense`
#[derive(Debug, Clone)]
struct T5DenseActDense {
    wi: Linear,
    wo: Linear,
}

impl T5DenseActDense {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            wi: linear_no_bias(cfg.d_model, cfg.d_ff, vb.pp("wi"))?,
            wo: linear_no_bias(cfg.d_ff, cfg.d_model, vb.pp("wo"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let hidden_states = self.wi.forward(hidden_states)?.maximum(0.0)?;
        self.wo.forward(&hidden_states)
    }
}

/// `transformers.models.t5.modeling_t5.T5Attention`
#[derive(Debug, Clone)]
struct T5SelfAttention {
    q: Linear,
    k: Linear,
    v: Linear,
    o: Linear,
    relative_attention_bias: Option<Embedding>,
    key_value_proj_dim: usize,
    relative_attention_num_buckets: usize,
    relative_attention_max_distance: usize,
    bidirectional: bool,
}

impl T5SelfAttention {
    fn new(
        cfg: &Config,
        has_relative_attention_bias: bool,
        bidirectional: bool,
        vb: VarBuilder,
    ) -> Result<Self> {
        let inner_dim = cfg.d_kv * cfg.num_heads;
        Ok(Self {
            q: linear_no_bias(cfg.d_model, inner_dim, vb.pp("q"))?,
            k: linear_no_bias(cfg.d_model, inner_dim, vb.pp("k"))?,
            v: linear_no_bias(cfg.d_model, inner_dim, vb.pp("v"))?,
            o: linear_no_bias(inner_dim, cfg.d_model, vb.pp("o"))?,
            relative_attention_bias: if has_relative_attention_bias {
                Some(embedding(
                    cfg.relative_attention_num_buckets,
                    cfg.num_heads,
                    vb.pp("relative_attention_bias"),
                )?)
            } else {
                None
            },
            key_value_proj_dim: cfg.d_kv,
            relative_attention_num_buckets: cfg.relative_attention_num_buckets,
            relative_attention_max_distance: cfg.relative_attention_max_distance,
            bidirectional,
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        mask: &Tensor,
        position_bias: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor)> {
        let (b, s, _) = hidden_states.dims3()?;
        let dtype = hidden_states.dtype();
        let split_heads = |xs: &Tensor| {
            xs.reshape((b, s, (), self.key_value_proj_dim))?
                .transpose(1, 2)
        };
        let query_states = split_heads(&self.q.forward(hidden_states)?)?;
        let key_states = split_heads(&self.k.forward(hidden_states)?)?;
        let value_states = split_heads(&self.v.forward(hidden_states)?)?;
        let position_bias = match (position_bias, &self.relative_attention_bias) {
            (Some(position_bias), _) => position_bias.clone(),
            (None, Some(relative_attention_bias)) => {
                let arange = Tensor::arange(0i64, s as i64, hidden_states.device())?;
                let context_position = arange.unsqueeze(1)?;
                let memory_position = arange.unsqueeze(0)?;
                let relative_position = memory_position.broadcast_sub(&context_position)?;
                let relative_position_bucket = relative_position_bucket(
                    &relative_position,
                    dtype,
                    self.bidirectional,
                    self.relative_attention_num_buckets,
                    self.relative_attention_max_distance,
                )?;
                let values = relative_attention_bias
                    .forward(&relative_position_bucket)?
                    .permute((2, 0, 1))?;
                values.unsqueeze(0)?
            }
            (None, None) => candle_core::bail!(
                "`position_bias` is needed where there is no `relative_attention_bias`"
            ),
        };
        let attn_output = sdpa_attention_forward(
            &query_states,
            &key_states,
            &value_states,
            mask,
            &position_bias,
        )?
        .reshape((b, s, ()))?;
        let attn_output = self.o.forward(&attn_output)?;
        Ok((attn_output, position_bias))
    }
}

/// `transformers.models.t5.modeling_t5.T5LayerFF`
#[derive(Debug, Clone)]
struct T5LayerFf {
    dense_relu_dense: T5DenseActDense,
    layer_norm: RmsNorm,
}

impl T5LayerFf {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            dense_relu_dense: T5DenseActDense::new(cfg, vb.pp("DenseReluDense"))?,
            layer_norm: rms_norm(cfg.d_model, cfg.layer_norm_epsilon, vb.pp("layer_norm"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let forwarded_states = self.layer_norm.forward(hidden_states)?;
        let forwarded_states = self.dense_relu_dense.forward(&forwarded_states)?;
        hidden_states + &forwarded_states
    }
}

/// `transformers.models.t5.modeling_t5.T5Attention`
#[derive(Debug, Clone)]
struct T5EncDecAttention {
    q: Linear,
    k: Linear,
    v: Linear,
    o: Linear,
    key_value_proj_dim: usize,
    n_heads: usize,
}

impl T5EncDecAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let inner_dim = cfg.d_kv * cfg.num_heads;
        Ok(Self {
            q: linear_no_bias(cfg.d_model, inner_dim, vb.pp("q"))?,
            k: linear_no_bias(cfg.d_model, inner_dim, vb.pp("k"))?,
            v: linear_no_bias(cfg.d_model, inner_dim, vb.pp("v"))?,
            o: linear_no_bias(inner_dim, cfg.d_model, vb.pp("o"))?,
            key_value_proj_dim: cfg.d_kv,
            n_heads: cfg.num_heads,
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        mask: &Tensor,
        key_value_states: &Tensor,
        position_bias: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor)> {
        let (b, s, _) = hidden_states.dims3()?;
        let s2 = mask.dim(3)?;
        let dtype = hidden_states.dtype();
        let query_states = self
            .q
            .forward(hidden_states)?
            .reshape((b, s, (), self.key_value_proj_dim))?
            .transpose(1, 2)?;
        let split_heads = |xs: &Tensor| {
            xs.reshape((b, s2, (), self.key_value_proj_dim))?
                .transpose(1, 2)
        };
        let key_states = split_heads(&self.k.forward(&key_value_states.contiguous()?)?)?;
        let value_states = split_heads(&self.v.forward(&key_value_states.contiguous()?)?)?;
        let position_bias = match position_bias {
            Some(position_bias) => position_bias.clone(),
            None => Tensor::zeros((1, self.n_heads, s, s2), dtype, hidden_states.device())?,
        };
        let attn_output = sdpa_attention_forward(
            &query_states,
            &key_states,
            &value_states,
            mask,
            &position_bias,
        )?
        .reshape((b, s, ()))?;
        let attn_output = self.o.forward(&attn_output)?;
        Ok((attn_output, position_bias))
    }
}

/// `transformers.models.t5.modeling_t5.T5LayerSelfAttention`
#[derive(Debug, Clone)]
struct T5LayerSelfAttention {
    self_attention: T5SelfAttention,
    layer_norm: RmsNorm,
}

impl T5LayerSelfAttention {
    fn new(
        cfg: &Config,
        has_relative_attention_bias: bool,
        bidirectional: bool,
        vb: VarBuilder,
    ) -> Result<Self> {
        Ok(Self {
            self_attention: T5SelfAttention::new(
                cfg,
                has_relative_attention_bias,
                bidirectional,
                vb.pp("SelfAttention"),
            )?,
            layer_norm: rms_norm(cfg.d_model, cfg.layer_norm_epsilon, vb.pp("layer_norm"))?,
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        attention_mask: &Tensor,
        position_bias: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor)> {
        let normed_hidden_states = self.layer_norm.forward(hidden_states)?;
        let (attention_output, position_bias) =
            self.self_attention
                .forward(&normed_hidden_states, attention_mask, position_bias)?;
        let attention_output = (hidden_states + &attention_output)?;
        Ok((attention_output, position_bias))
    }
}

/// `transformers.models.t5.modeling_t5.T5LayerCrossAttention`
#[derive(Debug, Clone)]
struct T5LayerCrossAttention {
    enc_dec_attention: T5EncDecAttention,
    layer_norm: RmsNorm,
}

impl T5LayerCrossAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            enc_dec_attention: T5EncDecAttention::new(cfg, vb.pp("EncDecAttention"))?,
            layer_norm: rms_norm(cfg.d_model, cfg.layer_norm_epsilon, vb.pp("layer_norm"))?,
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        key_value_states: &Tensor,
        attention_mask: &Tensor,
        position_bias: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor)> {
        let normed_hidden_states = self.layer_norm.forward(hidden_states)?;
        let (attention_output, position_bias) = self.enc_dec_attention.forward(
            &normed_hidden_states,
            attention_mask,
            key_value_states,
            position_bias,
        )?;
        let layer_output = (hidden_states + &attention_output)?;
        Ok((layer_output, position_bias))
    }
}

/// `transformers.models.t5.modeling_t5.T5Block`
#[derive(Debug, Clone)]
struct T5EncoderBlock {
    layer_0: T5LayerSelfAttention,
    layer_1: T5LayerFf,
}

impl T5EncoderBlock {
    fn new(cfg: &Config, has_relative_attention_bias: bool, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            layer_0: T5LayerSelfAttention::new(
                cfg,
                has_relative_attention_bias,
                true,
                vb.pp("layer.0"),
            )?,
            layer_1: T5LayerFf::new(cfg, vb.pp("layer.1"))?,
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        attention_mask: &Tensor,
        position_bias: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor)> {
        let (hidden_states, self_attn_position_bias) =
            self.layer_0
                .forward(hidden_states, attention_mask, position_bias)?;
        let hidden_states = self.layer_1.forward(&hidden_states)?;
        Ok((hidden_states, self_attn_position_bias))
    }
}

/// `transformers.models.t5.modeling_t5.T5Block`
#[derive(Debug, Clone)]
struct T5DecoderBlock {
    layer_0: T5LayerSelfAttention,
    layer_1: T5LayerCrossAttention,
    layer_2: T5LayerFf,
}

impl T5DecoderBlock {
    fn new(cfg: &Config, has_relative_attention_bias: bool, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            layer_0: T5LayerSelfAttention::new(
                cfg,
                has_relative_attention_bias,
                false,
                vb.pp("layer.0"),
            )?,
            layer_1: T5LayerCrossAttention::new(cfg, vb.pp("layer.1"))?,
            layer_2: T5LayerFf::new(cfg, vb.pp("layer.2"))?,
        })
    }

    fn forward(
        &self,
        hidden_states: &Tensor,
        attention_mask: &Tensor,
        position_bias: Option<&Tensor>,
        encoder_hidden_states: &Tensor,
        encoder_attention_mask: &Tensor,
        encoder_decoder_position_bias: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor, Tensor)> {
        let (hidden_states, self_attn_position_bias) =
            self.layer_0
                .forward(hidden_states, attention_mask, position_bias)?;
        let (hidden_states, cross_attn_position_bias) = self.layer_1.forward(
            &hidden_states,
            &encoder_hidden_states.contiguous()?,
            encoder_attention_mask,
            encoder_decoder_position_bias,
        )?;
        let hidden_states = self.layer_2.forward(&hidden_states)?;
        Ok((
            hidden_states,
            self_attn_position_bias,
            cross_attn_position_bias,
        ))
    }
}

/// `transformers.models.t5.modeling_t5.T5Stack`
#[derive(Debug, Clone)]
struct T5EncoderStack {
    embed_tokens: Embedding,
    block: Vec<T5EncoderBlock>,
    final_layer_norm: RmsNorm,
}

impl T5EncoderStack {
    fn new(cfg: &Config, shared_weight: &Tensor, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embed_tokens: Embedding::new(shared_weight.clone(), cfg.d_model),
            block: (0..cfg.num_layers)
                .map(|i| T5EncoderBlock::new(cfg, i == 0, vb.pp("block").pp(i)))
                .collect::<Result<Vec<_>>>()?,
            final_layer_norm: rms_norm(
                cfg.d_model,
                cfg.layer_norm_epsilon,
                vb.pp("final_layer_norm"),
            )?,
        })
    }

    fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        let (b, s) = input_ids.dims2()?;
        let mut inputs_embeds = self.embed_tokens.forward(input_ids)?;
        let attention_mask =
            Tensor::ones((s, s), DType::U8, input_ids.device())?.broadcast_as((b, 1, s, s))?;
        let mut position_bias = None;
        for layer in &self.block {
            let (next_inputs_embeds, next_position_bias) =
                layer.forward(&inputs_embeds, &attention_mask, position_bias.as_ref())?;
            inputs_embeds = next_inputs_embeds;
            position_bias = Some(next_position_bias);
        }
        self.final_layer_norm.forward(&inputs_embeds)
    }
}

/// `transformers.models.t5.modeling_t5.T5Stack`
#[derive(Debug, Clone)]
struct T5DecoderStack {
    embed_tokens: Embedding,
    block: Vec<T5DecoderBlock>,
    final_layer_norm: RmsNorm,
}

impl T5DecoderStack {
    fn new(cfg: &Config, shared_weight: &Tensor, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embed_tokens: Embedding::new(shared_weight.clone(), cfg.d_model),
            block: (0..cfg.num_decoder_layers)
                .map(|i| T5DecoderBlock::new(cfg, i == 0, vb.pp("block").pp(i)))
                .collect::<Result<Vec<_>>>()?,
            final_layer_norm: rms_norm(
                cfg.d_model,
                cfg.layer_norm_epsilon,
                vb.pp("final_layer_norm"),
            )?,
        })
    }

    fn forward(&self, input_ids: &Tensor, encoder_hidden_states: &Tensor) -> Result<Tensor> {
        let (b, s) = input_ids.dims2()?;
        let s2 = encoder_hidden_states.dim(1)?;
        let mut inputs_embeds = self.embed_tokens.forward(input_ids)?;
        let attention_mask =
            runtime::tril(&Tensor::ones((s, s), DType::U8, input_ids.device())?, 0)?
                .broadcast_as((b, 1, s, s))?;
        let encoder_extended_attention_mask =
            Tensor::ones((s, s2), DType::U8, input_ids.device())?.broadcast_as((b, 1, s, s2))?;
        let mut position_bias = None;
        let mut position_bias2 = None;
        for layer in &self.block {
            let (next_inputs_embeds, next_position_bias, next_position_bias2) = layer.forward(
                &inputs_embeds,
                &attention_mask,
                position_bias.as_ref(),
                encoder_hidden_states,
                &encoder_extended_attention_mask,
                position_bias2.as_ref(),
            )?;
            inputs_embeds = next_inputs_embeds;
            position_bias = Some(next_position_bias);
            position_bias2 = Some(next_position_bias2);
        }
        self.final_layer_norm.forward(&inputs_embeds)
    }
}

/// `transformers.models.t5.modeling_t5.T5ForConditionalGeneration`
#[derive(Debug, Clone)]
pub struct T5ForConditionalGeneration {
    lm_head: Linear,
    encoder: T5EncoderStack,
    decoder: T5DecoderStack,
    scale: f64,
}

impl T5ForConditionalGeneration {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(cfg.num_layers == 1, "num_layers == 1")?;
        runtime::refuse_settings(cfg.num_decoder_layers == 1, "num_decoder_layers == 1")?;
        if vb.dtype() != DType::F32 {
            candle_core::bail!("this model was recorded in DType::F32, and computes something else in other dtypes")
        }
        let shared_weight = vb
            .pp("shared")
            .get((cfg.vocab_size, cfg.d_model), "weight")?;
        Ok(Self {
            lm_head: Linear::new(shared_weight.clone(), None),
            encoder: T5EncoderStack::new(cfg, &shared_weight, vb.pp("encoder"))?,
            decoder: T5DecoderStack::new(cfg, &shared_weight, vb.pp("decoder"))?,
            scale: (cfg.d_model as f64).powf(-0.5),
        })
    }

    /// - `input_ids`: `I64` (b, s)
    /// - `decoder_input_ids`: `I64` (b, s2)
    /// - returns `logits`: (b, s2, vocab_size)
    /// - returns `encoder_last_hidden_state`: (b, s, d_model)
    pub fn forward(
        &self,
        input_ids: &Tensor,
        decoder_input_ids: &Tensor,
    ) -> Result<Seq2SeqLmOutput> {
        let encoder_outputs = self.encoder.forward(input_ids)?;
        let decoder_outputs = self.decoder.forward(decoder_input_ids, &encoder_outputs)?;
        let sequence_output = (&decoder_outputs * self.scale)?;
        let lm_logits = self.lm_head.forward(&sequence_output)?;
        Ok(Seq2SeqLmOutput {
            logits: lm_logits,
            encoder_last_hidden_state: encoder_outputs,
        })
    }
}
