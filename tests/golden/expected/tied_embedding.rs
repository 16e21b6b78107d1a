//! `golden.tiny.TiedModel`, ported by pycandle 0.1.0.
//!
//! Recorded as `tied_embedding`.

use candle_core::{Module, Result, Tensor};
use candle_nn::{embedding, linear_no_bias, Embedding, Linear, VarBuilder};

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
    embed: Linear,
    embed2: Embedding,
}

impl TiedModel {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embed: linear_no_bias(6, 11, vb.pp("embed"))?,
            embed2: embedding(11, 6, vb.pp("embed"))?,
        })
    }

    /// - `token_ids`: `I64` (b, s)
    /// - returns `output`: (b, s, 11)
    pub fn forward(&self, token_ids: &Tensor) -> Result<Tensor> {
        self.embed.forward(&self.embed2.forward(token_ids)?.tanh()?)
    }
}
