//! `golden.tiny.Classifier`, ported by pycandle 0.1.0.
//!
//! Recorded as `two_outputs`.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{linear, Linear, VarBuilder};

/// What instances of [`Classifier`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// What [`Classifier::forward`] returns.
#[derive(Debug, Clone)]
pub struct Scores {
    pub logits: Tensor,
    pub best: Tensor,
}

/// `golden.tiny.Classifier`
#[derive(Debug, Clone)]
pub struct Classifier {
    head: Linear,
}

impl Classifier {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            head: linear(6, 3, vb.pp("head"))?,
        })
    }

    /// - `features`: (b, 6)
    /// - returns `logits`: (b, 3)
    /// - returns `best`: `I64` (b)
    pub fn forward(&self, features: &Tensor) -> Result<Scores> {
        if features.dim(1)? != 6 {
            candle_core::bail!("`features` must be (b, 6)")
        }
        let logits = self.head.forward(&features.contiguous()?)?;
        Ok(Scores {
            logits: logits.clone(),
            best: runtime::argmax(&logits, 1, false)?,
        })
    }
}
