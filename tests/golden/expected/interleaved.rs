//! `golden.bad_input.Interleaved`, ported by pycandle 0.1.0.
//!
//! Recorded as `interleaved`.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{linear, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`Interleaved`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `golden.bad_input.Interleaved`
#[derive(Debug, Clone)]
pub struct Interleaved {
    steps_fc1: Linear,
    steps_fc2: Linear,
    norm: LayerNorm,
}

impl Interleaved {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            steps_fc1: linear(4, 4, vb.pp("steps.fc1"))?,
            steps_fc2: linear(4, 4, vb.pp("steps.fc2"))?,
            norm: layer_norm(4, 1e-5, vb.pp("norm"))?,
        })
    }

    /// - `x`: (b, 4)
    /// - returns `output`: (b, 4)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != 4 {
            candle_core::bail!("`x` must be (b, 4)")
        }
        let xs = (self
            .steps_fc1
            .forward(&x.contiguous()?)?
            .sin()?
            .maximum(0.0)?
            + x)?;
        self.norm.forward(&self.steps_fc2.forward(&xs)?.cos()?)
    }
}
