//! `transformers.models.distilbert.modeling_distilbert.DistilBertModel`, ported by pycandle 0.1.0.
//!
//! Recorded as `distilbert` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{embedding, linear, Embedding, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`DistilBertModel`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub vocab_size: usize,
    pub max_position_embeddings: usize,
    pub n_layers: usize,
    pub n_heads: usize,
    pub dim: usize,
    pub hidden_dim: usize,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            vocab_size: 256,
            max_position_embeddings: 64,
            n_layers: 3,
            n_heads: 5,
            dim: 60,
            hidden_dim: 128,
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["activation"], "\"gelu\"", true)?;
        json.require(&["chunk_size_feed_forward"], "0", true)?;
        Ok(Self {
            vocab_size: json.number(&["vocab_size"], Some(30522))?,
            max_position_embeddings: json.number(&["max_position_embeddings"], Some(512))?,
            n_layers: json.number(&["n_layers", "num_hidden_layers"], Some(6))?,
            n_heads: json.number(&["n_heads", "num_attention_heads"], Some(12))?,
            dim: json.number(&["dim", "hidden_size"], Some(768))?,
            hidden_dim: json.number(&["hidden_dim"], Some(3072))?,
        })
    }
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

/// `transformers.models.distilbert.modeling_distilbert.Embeddings`
#[derive(Debug, Clone)]
struct Embeddings {
    word_embeddings: Embedding,
    position_embeddings: Embedding,
    layer_norm: LayerNorm,
    position_ids: Tensor,
}

impl Embeddings {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            word_embeddings: embedding(cfg.vocab_size, cfg.dim, vb.pp("word_embeddings"))?,
            position_embeddings: embedding(
                cfg.max_position_embeddings,
                cfg.dim,
                vb.pp("position_embeddings"),
            )?,
            layer_norm: layer_norm(cfg.dim, 1e-12, vb.pp("LayerNorm"))?,
            position_ids: Tensor::arange(0i64, cfg.max_position_embeddings as i64, vb.device())?
                .broadcast_as((1, cfg.max_position_embeddings))?
                .contiguous()?,
        })
    }

    fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        let s = input_ids.dim(1)?;
        let inputs_embeds = self.word_embeddings.forward(input_ids)?;
        let position_ids = self.position_ids.narrow(1, 0, s)?;
        let position_embeddings = self.position_embeddings.forward(&position_ids)?;
        let embeddings = inputs_embeds.broadcast_add(&position_embeddings)?;
        self.layer_norm.forward(&embeddings)
    }
}

/// `transformers.models.distilbert.modeling_distilbert.FFN`
#[derive(Debug, Clone)]
struct Ffn {
    lin1: Linear,
    lin2: Linear,
}

impl Ffn {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            lin1: linear(cfg.dim, cfg.hidden_dim, vb.pp("lin1"))?,
            lin2: linear(cfg.hidden_dim, cfg.dim, vb.pp("lin2"))?,
        })
    }

    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let x = self.lin1.forward(input)?.gelu_erf()?;
        self.lin2.forward(&x)
    }
}

/// `transformers.models.distilbert.modeling_distilbert.DistilBertSelfAttention`
#[derive(Debug, Clone)]
struct DistilBertSelfAttention {
    q_lin: Linear,
    k_lin: Linear,
    v_lin: Linear,
    out_lin: Linear,
    attention_head_size: usize,
    scaling: f64,
}

impl DistilBertSelfAttention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let attention_head_size = cfg.dim / cfg.n_heads;
        Ok(Self {
            q_lin: linear(cfg.dim, cfg.dim, vb.pp("q_lin"))?,
            k_lin: linear(cfg.dim, cfg.dim, vb.pp("k_lin"))?,
            v_lin: linear(cfg.dim, cfg.dim, vb.pp("v_lin"))?,
            out_lin: linear(cfg.dim, cfg.dim, vb.pp("out_lin"))?,
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
        let query_layer = split_heads(&self.q_lin.forward(hidden_states)?)?;
        let key_layer = split_heads(&self.k_lin.forward(hidden_states)?)?;
        let value_layer = split_heads(&self.v_lin.forward(hidden_states)?)?;
        let attn_output = sdpa_attention_forward(
            &query_layer,
            &key_layer,
            &value_layer,
            attention_mask,
            self.scaling,
        )?
        .reshape((b, s, ()))?;
        self.out_lin.forward(&attn_output)
    }
}

/// `transformers.models.distilbert.modeling_distilbert.TransformerBlock`
#[derive(Debug, Clone)]
struct TransformerBlock {
    attention: DistilBertSelfAttention,
    sa_layer_norm: LayerNorm,
    ffn: Ffn,
    output_layer_norm: LayerNorm,
}

impl TransformerBlock {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            attention: DistilBertSelfAttention::new(cfg, vb.pp("attention"))?,
            sa_layer_norm: layer_norm(cfg.dim, 1e-12, vb.pp("sa_layer_norm"))?,
            ffn: Ffn::new(cfg, vb.pp("ffn"))?,
            output_layer_norm: layer_norm(cfg.dim, 1e-12, vb.pp("output_layer_norm"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let attention_output = self.attention.forward(hidden_states, attention_mask)?;
        let attention_output = self
            .sa_layer_norm
            .forward(&(&attention_output + hidden_states)?)?;
        let ffn_output = self.ffn.forward(&attention_output)?;
        self.output_layer_norm
            .forward(&(&ffn_output + &attention_output)?)
    }
}

/// `transformers.models.distilbert.modeling_distilbert.Transformer`
#[derive(Debug, Clone)]
struct Transformer {
    layer: Vec<TransformerBlock>,
}

impl Transformer {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            layer: (0..cfg.n_layers)
                .map(|i| TransformerBlock::new(cfg, vb.pp("layer").pp(i)))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let mut ffn_output = hidden_states.clone();
        for layer in &self.layer {
            ffn_output = layer.forward(&ffn_output, attention_mask)?;
        }
        Ok(ffn_output)
    }
}

/// `transformers.models.distilbert.modeling_distilbert.DistilBertModel`
#[derive(Debug, Clone)]
pub struct DistilBertModel {
    embeddings: Embeddings,
    transformer: Transformer,
}

impl DistilBertModel {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(!cfg.dim.is_multiple_of(cfg.n_heads), "dim % n_heads != 0")?;
        Ok(Self {
            embeddings: Embeddings::new(cfg, vb.pp("embeddings"))?,
            transformer: Transformer::new(cfg, vb.pp("transformer"))?,
        })
    }

    /// - `input_ids`: `I64` (b, s)
    /// - `attention_mask`: `I64` (b2, s)
    /// - returns `last_hidden_state`: (b, s, dim)
    pub fn forward(&self, input_ids: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        if input_ids.dim(1)? == 1 {
            candle_core::bail!("the sizes must satisfy s != 1")
        }
        let b = input_ids.dim(0)?;
        let embeddings = self.embeddings.forward(input_ids)?;
        let attention_mask = attention_mask.ne(0.0)?;
        let attention_mask = and_mask(&attention_mask, b)?;
        self.transformer.forward(&embeddings, &attention_mask)
    }
}
