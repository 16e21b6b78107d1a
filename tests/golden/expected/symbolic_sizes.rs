//! `golden.tiny.Tokens`, ported by pycandle 0.1.0.
//!
//! Recorded as `symbolic_sizes`.

use candle_core::{Module, Result, Tensor};
use candle_nn::{conv2d, Conv2d, Conv2dConfig, VarBuilder};

/// What instances of [`Tokens`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `golden.tiny.Tokens`
#[derive(Debug, Clone)]
pub struct Tokens {
    proj: Conv2d,
}

impl Tokens {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            stride: 2,
            ..Default::default()
        };
        Ok(Self {
            proj: conv2d(3, 4, 2, config, vb.pp("proj"))?,
        })
    }

    /// - `x`: (b, 3, h, w)
    /// - returns `output`: (b, (w / 2) * (h / 2), 4)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != 3 {
            candle_core::bail!("`x` must be (b, 3, h, w)")
        }
        let (b, _, h, w) = x.dims4()?;
        let x = self.proj.forward(x)?;
        x.reshape((b, 4, w / 2 * (h / 2)))?.transpose(1, 2)? / (w / 2) as f64
    }
}
