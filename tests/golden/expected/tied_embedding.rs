//! `golden.tiny.TiedModel`, ported by pycandle 0.1.0.
//!
//! Recorded as `tied_embedding`.

use candle_core::{Module, Result, Tensor};
use candle_nn::{Embedding, Linear, VarBuilder};

/// What instances of [`TiedModel`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `golden.tiny.TiedModel`
#[derive(Debug, Clone)]
pub struct TiedModel {
    head: Linear,
    embed: Embedding,
}

impl TiedModel {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let embed_weight = vb.pp("embed").get((11, 6), "weight")?;
        Ok(Self {
            head: Linear::new(embed_weight.clone(), None),
            embed: Embedding::new(embed_weight.clone(), 6),
        })
    }

    /// - `token_ids`: `I64` (b, s)
    /// - returns `output`: (b, s, 11)
    pub fn forward(&self, token_ids: &Tensor) -> Result<Tensor> {
        self.head.forward(&self.embed.forward(token_ids)?.tanh()?)
    }
}
