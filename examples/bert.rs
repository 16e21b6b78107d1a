//! `transformers.models.bert.modeling_bert.BertModel`, ported by pycandle 0.1.0.
//!
//! Recorded as `bert` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{DType, Module, Result, Tensor};
use candle_nn::{embedding, linear, Embedding, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`BertModel`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub vocab_size: usize,
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub intermediate_size: usize,
    pub max_position_embeddings: usize,
    pub type_vocab_size: usize,
    pub layer_norm_eps: f64,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            vocab_size: 256,
            hidden_size: 60,
            num_hidden_layers: 3,
            num_attention_heads: 5,
            intermediate_size: 128,
            max_position_embeddings: 64,
            type_vocab_size: 2,
            layer_norm_eps: 1e-12,
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["hidden_act"], "\"gelu\"", true)?;
        json.require(&["chunk_size_feed_forward"], "0", true)?;
        json.require(&["is_decoder"], "false", true)?;
        json.require(&["add_cross_attention"], "false", true)?;
        Ok(Self {
            vocab_size: json.number(&["vocab_size"], Some(30522))?,
            hidden_size: json.number(&["hidden_size"], Some(768))?,
            num_hidden_layers: json.number(&["num_hidden_layers"], Some(12))?,
            num_attention_heads: json.number(&["num_attention_heads"], Some(12))?,
            intermediate_size: json.number(&["intermediate_size"], Some(3072))?,
            max_position_embeddings: json.number(&["max_position_embeddings"], Some(512))?,
            type_vocab_size: json.number(&["type_vocab_size"], Some(2))?,
            layer_norm_eps: json.number(&["layer_norm_eps"], Some(1e-12))?,
        })
    }
}

/// What [`BertModel::forward`] returns.
#[derive(Debug, Clone)]
pub struct BaseModelOutputWithPoolingAndCrossAttentions {
    pub last_hidden_state: Tensor,
    pub pooler_output: Tensor,
}

fn and_mask(attention_mask: &Tensor, b2: usize) -> Result<Tensor> {
    let s = attention_mask.dim(1)?;
    attention_mask
        .narrow(0, 0, b2)?
        .unsqueeze(1)?
        .unsqueeze(2)?
        .broadcast_as((b2, 1, s, s))
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

/// `transformers.models.bert.modeling_bert.BertEmbeddings`
#[derive(Debug, Clone)]
struct BertEmbeddings {
    word_embeddings: Embedding,
    position_embeddings: Embedding,
    token_type_embeddings: Embedding,
    layer_norm: LayerNorm,
    position_ids: Tensor,
    token_type_ids: Tensor,
}

impl BertEmbeddings {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            word_embeddings: embedding(cfg.vocab_size, cfg.hidden_size, vb.pp("word_embeddings"))?,
            position_embeddings: embedding(
                cfg.max_position_embeddings,
                cfg.hidden_size,
                vb.pp("position_embeddings"),
            )?,
            token_type_embeddings: embedding(
                cfg.type_vocab_size,
                cfg.hidden_size,
                vb.pp("token_type_embeddings"),
            )?,
            layer_norm: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("LayerNorm"))?,
            position_ids: Tensor::arange(0i64, cfg.max_position_embeddings as i64, vb.device())?
                .broadcast_as((1, cfg.max_position_embeddings))?
                .contiguous()?,
            token_type_ids: Tensor::zeros(
                (1, cfg.max_position_embeddings),
                DType::I64,
                vb.device(),
            )?,
        })
    }

    fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        let (b, s) = input_ids.dims2()?;
        let position_ids = self.position_ids.narrow(1, 0, s)?;
        let buffered_token_type_ids = self.token_type_ids.gather(&position_ids, 1)?;
        let token_type_ids = buffered_token_type_ids.broadcast_as((b, s))?;
        let inputs_embeds = self.word_embeddings.forward(input_ids)?;
        let token_type_embeddings = self.token_type_embeddings.forward(&token_type_ids)?;
        let position_embeddings = self.position_embeddings.forward(&position_ids)?;
        let embeddings =
            (&inputs_embeds + &token_type_embeddings)?.broadcast_add(&position_embeddings)?;
        self.layer_norm.forward(&embeddings)
    }
}

/// `transformers.models.bert.modeling_bert.BertSelfOutput`
#[derive(Debug, Clone)]
struct BertSelfOutput {
    dense: Linear,
    layer_norm: LayerNorm,
}

impl BertSelfOutput {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            dense: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("dense"))?,
            layer_norm: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("LayerNorm"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, input_tensor: &Tensor) -> Result<Tensor> {
        let hidden_states = self.dense.forward(hidden_states)?;
        self.layer_norm.forward(&(&hidden_states + input_tensor)?)
    }
}

/// `transformers.models.bert.modeling_bert.BertIntermediate`
#[derive(Debug, Clone)]
struct BertIntermediate {
    dense: Linear,
}

impl BertIntermediate {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            dense: linear(cfg.hidden_size, cfg.intermediate_size, vb.pp("dense"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        self.dense.forward(hidden_states)?.gelu_erf()
    }
}

/// `transformers.models.bert.modeling_bert.BertOutput`
#[derive(Debug, Clone)]
struct BertOutput {
    dense: Linear,
    layer_norm: LayerNorm,
}

impl BertOutput {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            dense: linear(cfg.intermediate_size, cfg.hidden_size, vb.pp("dense"))?,
            layer_norm: layer_norm(cfg.hidden_size, cfg.layer_norm_eps, vb.pp("LayerNorm"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, input_tensor: &Tensor) -> Result<Tensor> {
        let hidden_states = self.dense.forward(hidden_states)?;
        self.layer_norm.forward(&(&hidden_states + input_tensor)?)
    }
}

/// `transformers.models.bert.modeling_bert.BertPooler`
#[derive(Debug, Clone)]
struct BertPooler {
    dense: Linear,
}

impl BertPooler {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            dense: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("dense"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let first_token_tensor = hidden_states.get_on_dim(1, 0)?;
        self.dense
            .forward(&first_token_tensor.contiguous()?)?
            .tanh()
    }
}

/// `transformers.models.bert.modeling_bert.BertSelfAttention`
#[derive(Debug, Clone)]
struct BertSelfAttention {
    query: Linear,
    key: Linear,
    value: Linear,
    attention_head_size: usize,
    scaling: f64,
}

impl BertSelfAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let attention_head_size = cfg.hidden_size / cfg.num_attention_heads;
        Ok(Self {
            query: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("query"))?,
            key: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("key"))?,
            value: linear(cfg.hidden_size, cfg.hidden_size, vb.pp("value"))?,
            attention_head_size,
            scaling: (attention_head_size as f64).powf(-0.5),
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let (b, s, _) = hidden_states.dims3()?;
        let split_heads = |xs: &Tensor| {
            xs.reshape((b, s, (), self.attention_head_size))?
                .transpose(1, 2)
        };
        let query_layer = split_heads(&self.query.forward(hidden_states)?)?;
        let key_layer = split_heads(&self.key.forward(hidden_states)?)?;
        let value_layer = split_heads(&self.value.forward(hidden_states)?)?;
        sdpa_attention_forward(
            &query_layer,
            &key_layer,
            &value_layer,
            attention_mask,
            self.scaling,
        )?
        .reshape((b, s, ()))
    }
}

/// `transformers.models.bert.modeling_bert.BertAttention`
#[derive(Debug, Clone)]
struct BertAttention {
    self_: BertSelfAttention,
    output: BertSelfOutput,
}

impl BertAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            self_: BertSelfAttention::new(cfg, vb.pp("self"))?,
            output: BertSelfOutput::new(cfg, vb.pp("output"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let xs = self.self_.forward(hidden_states, attention_mask)?;
        self.output.forward(&xs, hidden_states)
    }
}

/// `transformers.models.bert.modeling_bert.BertLayer`
#[derive(Debug, Clone)]
struct BertLayer {
    attention: BertAttention,
    intermediate: BertIntermediate,
    output: BertOutput,
}

impl BertLayer {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            attention: BertAttention::new(cfg, vb.pp("attention"))?,
            intermediate: BertIntermediate::new(cfg, vb.pp("intermediate"))?,
            output: BertOutput::new(cfg, vb.pp("output"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let self_attention_output = self.attention.forward(hidden_states, attention_mask)?;
        let intermediate_output = self.intermediate.forward(&self_attention_output)?;
        self.output
            .forward(&intermediate_output, &self_attention_output)
    }
}

/// `transformers.models.bert.modeling_bert.BertEncoder`
#[derive(Debug, Clone)]
struct BertEncoder {
    layer: Vec<BertLayer>,
}

impl BertEncoder {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            layer: (0..cfg.num_hidden_layers)
                .map(|i| BertLayer::new(cfg, vb.pp("layer").pp(i)))
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

/// `transformers.models.bert.modeling_bert.BertModel`
#[derive(Debug, Clone)]
pub struct BertModel {
    embeddings: BertEmbeddings,
    encoder: BertEncoder,
    pooler: BertPooler,
}

impl BertModel {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(
            !cfg.hidden_size.is_multiple_of(cfg.num_attention_heads),
            "hidden_size % num_attention_heads != 0",
        )?;
        Ok(Self {
            embeddings: BertEmbeddings::new(cfg, vb.pp("embeddings"))?,
            encoder: BertEncoder::new(cfg, vb.pp("encoder"))?,
            pooler: BertPooler::new(cfg, vb.pp("pooler"))?,
        })
    }

    /// - `input_ids`: `I64` (b, s)
    /// - `attention_mask`: `I64` (b2, s)
    /// - returns `last_hidden_state`: (b, s, hidden_size)
    /// - returns `pooler_output`: (b, hidden_size)
    pub fn forward(
        &self,
        input_ids: &Tensor,
        attention_mask: &Tensor,
    ) -> Result<BaseModelOutputWithPoolingAndCrossAttentions> {
        let b = input_ids.dim(0)?;
        let embedding_output = self.embeddings.forward(input_ids)?;
        let attention_mask = attention_mask.ne(0.0)?;
        let attention_mask = and_mask(&attention_mask, b)?;
        let encoder_outputs = self.encoder.forward(&embedding_output, &attention_mask)?;
        Ok(BaseModelOutputWithPoolingAndCrossAttentions {
            last_hidden_state: encoder_outputs.clone(),
            pooler_output: self.pooler.forward(&encoder_outputs)?,
        })
    }
}
