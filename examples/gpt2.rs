//! `transformers.models.gpt2.modeling_gpt2.GPT2LMHeadModel`, ported by pycandle 0.1.0.
//!
//! Recorded as `gpt2` with torch 2.15.0, transformers 5.23.0.

mod runtime;

use candle_core::{DType, Module, Result, Tensor};
use candle_nn::{embedding, Embedding, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`Gpt2LmHeadModel`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub vocab_size: usize,
    pub n_positions: usize,
    pub n_embd: usize,
    pub n_layer: usize,
    pub n_head: usize,
    pub layer_norm_epsilon: f64,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            vocab_size: 256,
            n_positions: 64,
            n_embd: 60,
            n_layer: 3,
            n_head: 5,
            layer_norm_epsilon: 1e-5,
        }
    }

    /// Reads the contents of a `config.json`.
    ///
    /// Refuses the settings for which this code does not hold, naming key and value.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = runtime::settings(text)?;
        json.require(&["activation_function"], "\"gelu_new\"", true)?;
        json.require(&["return_dict"], "true", true)?;
        json.require(&["n_inner"], "null", true)?;
        json.require(&["scale_attn_weights"], "true", true)?;
        json.require(&["scale_attn_by_inverse_layer_idx"], "false", true)?;
        json.require(&["tie_word_embeddings"], "true", true)?;
        Ok(Self {
            vocab_size: json.number(&["vocab_size"], Some(50257))?,
            n_positions: json.number(&["n_positions", "max_position_embeddings"], Some(1024))?,
            n_embd: json.number(&["n_embd", "hidden_size"], Some(768))?,
            n_layer: json.number(&["n_layer", "num_hidden_layers"], Some(12))?,
            n_head: json.number(&["n_head", "num_attention_heads"], Some(12))?,
            layer_norm_epsilon: json.number(&["layer_norm_epsilon"], Some(1e-5))?,
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

fn new_gelu_activation(input: &Tensor) -> Result<Tensor> {
    let xs = ((input + ((input.sqr()? * input)? * 0.044715)?)? * 0.7978845608028654)?.tanh()?;
    (input * 0.5)? * (&xs + 1.0)?
}

/// `transformers.pytorch_utils.Conv1D`
#[derive(Debug, Clone)]
struct Conv1D {
    weight: Tensor,
    bias: Tensor,
    size: usize,
    size2: usize,
}

impl Conv1D {
    fn new(size: usize, size2: usize, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            weight: vb.get((size, size2), "weight")?,
            bias: vb.get(size2, "bias")?,
            size,
            size2,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (b, s, _) = x.dims3()?;
        x.reshape(((), self.size))?
            .matmul(&self.weight)?
            .broadcast_add(&self.bias)?
            .reshape((b, s, self.size2))
    }
}

/// `transformers.models.gpt2.modeling_gpt2.GPT2Attention`
#[derive(Debug, Clone)]
struct Gpt2Attention {
    c_attn: Conv1D,
    c_proj: Conv1D,
    split_size: usize,
    head_dim: usize,
    scaling: f64,
}

impl Gpt2Attention {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let head_dim = cfg.n_embd / cfg.n_head;
        Ok(Self {
            c_attn: Conv1D::new(cfg.n_embd, cfg.n_embd * 3, vb.pp("c_attn"))?,
            c_proj: Conv1D::new(cfg.n_embd, cfg.n_embd, vb.pp("c_proj"))?,
            split_size: cfg.n_embd,
            head_dim,
            scaling: (head_dim as f64).powf(-0.5),
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let (b, s, _) = hidden_states.dims3()?;
        let xs = self.c_attn.forward(hidden_states)?;
        let split_heads = |xs: &Tensor| xs.reshape((b, s, (), self.head_dim))?.transpose(1, 2);
        let key_states = split_heads(&xs.narrow(2, self.split_size, self.split_size)?)?;
        let value_states =
            split_heads(&xs.narrow(2, self.split_size + self.split_size, self.split_size)?)?;
        let query_states = split_heads(&xs.narrow(2, 0, self.split_size)?)?;
        let attn_output = sdpa_attention_forward(
            &query_states,
            &key_states,
            &value_states,
            attention_mask,
            self.scaling,
        )?
        .reshape((b, s, ()))?;
        self.c_proj.forward(&attn_output)
    }
}

/// `transformers.models.gpt2.modeling_gpt2.GPT2MLP`
#[derive(Debug, Clone)]
struct Gpt2Mlp {
    c_fc: Conv1D,
    c_proj: Conv1D,
}

impl Gpt2Mlp {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            c_fc: Conv1D::new(cfg.n_embd, cfg.n_embd * 4, vb.pp("c_fc"))?,
            c_proj: Conv1D::new(cfg.n_embd * 4, cfg.n_embd, vb.pp("c_proj"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let hidden_states = self.c_fc.forward(hidden_states)?;
        let hidden_states = new_gelu_activation(&hidden_states)?;
        self.c_proj.forward(&hidden_states)
    }
}

/// `transformers.models.gpt2.modeling_gpt2.GPT2Block`
#[derive(Debug, Clone)]
struct Gpt2Block {
    ln_1: LayerNorm,
    attn: Gpt2Attention,
    ln_2: LayerNorm,
    mlp: Gpt2Mlp,
}

impl Gpt2Block {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            ln_1: layer_norm(cfg.n_embd, cfg.layer_norm_epsilon, vb.pp("ln_1"))?,
            attn: Gpt2Attention::new(cfg, vb.pp("attn"))?,
            ln_2: layer_norm(cfg.n_embd, cfg.layer_norm_epsilon, vb.pp("ln_2"))?,
            mlp: Gpt2Mlp::new(cfg, vb.pp("mlp"))?,
        })
    }

    fn forward(&self, hidden_states: &Tensor, attention_mask: &Tensor) -> Result<Tensor> {
        let residual = hidden_states;
        let hidden_states = self.ln_1.forward(hidden_states)?;
        let attn_output = self.attn.forward(&hidden_states, attention_mask)?;
        let hidden_states = (&attn_output + residual)?;
        let residual = &hidden_states;
        let hidden_states = self.ln_2.forward(&hidden_states)?;
        let feed_forward_hidden_states = self.mlp.forward(&hidden_states)?;
        residual + &feed_forward_hidden_states
    }
}

/// `transformers.models.gpt2.modeling_gpt2.GPT2Model`
#[derive(Debug, Clone)]
struct Gpt2Model {
    wte: Embedding,
    wpe: Embedding,
    h: Vec<Gpt2Block>,
    ln_f: LayerNorm,
}

impl Gpt2Model {
    fn new(cfg: &Config, wte_weight: &Tensor, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            wte: Embedding::new(wte_weight.clone(), cfg.n_embd),
            wpe: embedding(cfg.n_positions, cfg.n_embd, vb.pp("wpe"))?,
            h: (0..cfg.n_layer)
                .map(|i| Gpt2Block::new(cfg, vb.pp("h").pp(i)))
                .collect::<Result<Vec<_>>>()?,
            ln_f: layer_norm(cfg.n_embd, cfg.layer_norm_epsilon, vb.pp("ln_f"))?,
        })
    }

    fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        let (b, s) = input_ids.dims2()?;
        let inputs_embeds = self.wte.forward(input_ids)?;
        let position_ids = Tensor::arange(0i64, s as i64, input_ids.device())?.unsqueeze(0)?;
        let position_embeds = self.wpe.forward(&position_ids)?;
        let mut hidden_states = inputs_embeds.broadcast_add(&position_embeds)?;
        let causal_mask = runtime::tril(&Tensor::ones((s, s), DType::U8, input_ids.device())?, 0)?
            .broadcast_as((b, 1, s, s))?;
        for layer in &self.h {
            hidden_states = layer.forward(&hidden_states, &causal_mask)?;
        }
        self.ln_f.forward(&hidden_states)
    }
}

/// `transformers.models.gpt2.modeling_gpt2.GPT2LMHeadModel`
#[derive(Debug, Clone)]
pub struct Gpt2LmHeadModel {
    transformer: Gpt2Model,
    lm_head: Linear,
}

impl Gpt2LmHeadModel {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(
            cfg.n_embd / cfg.n_head * cfg.n_head != cfg.n_embd,
            "n_embd / n_head * n_head != n_embd",
        )?;
        let wte_weight = vb
            .pp("transformer.wte")
            .get((cfg.vocab_size, cfg.n_embd), "weight")?;
        Ok(Self {
            transformer: Gpt2Model::new(cfg, &wte_weight, vb.pp("transformer"))?,
            lm_head: Linear::new(wte_weight.clone(), None),
        })
    }

    /// - `input_ids`: `I64` (b, s)
    /// - returns `logits`: (b, s, vocab_size)
    pub fn forward(&self, input_ids: &Tensor) -> Result<Tensor> {
        let transformer_outputs = self.transformer.forward(input_ids)?;
        self.lm_head.forward(&transformer_outputs)
    }
}
