//! `golden.bad_input.Unused`, ported by pycandle 0.1.0.
//!
//! Recorded as `unused_parameter`.

use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// What instances of [`Unused`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `golden.bad_input.Unused`
#[derive(Debug, Clone)]
pub struct Unused {
    scale: Tensor,
}

impl Unused {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            scale: vb.get(4, "scale")?,
        })
    }

    /// - `x`: (b, 4)
    /// - `mask`: (b2, s)
    /// - returns `output`: (b, 4)
    pub fn forward(&self, x: &Tensor, mask: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != 4 {
            candle_core::bail!("`x` must be (b, 4)")
        }
        x.broadcast_mul(&self.scale)
    }
}
