//! `golden.bad_input.SharedModule`, ported by pycandle 0.1.0.
//!
//! Recorded as `shared_module`.

use candle_core::{Module, Result, Tensor};
use candle_nn::{linear, Linear, VarBuilder};

/// What instances of [`SharedModule`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `golden.bad_input.Half`
#[derive(Debug, Clone)]
struct Half {
    inner: Linear,
    own: Linear,
}

impl Half {
    fn new(inner_weight: &Tensor, inner_bias: &Tensor, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            inner: Linear::new(inner_weight.clone(), Some(inner_bias.clone())),
            own: linear(4, 4, vb.pp("own"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.own
            .forward(&self.inner.forward(&x.contiguous()?)?.sin()?)
    }
}

/// `golden.bad_input.SharedModule`
#[derive(Debug, Clone)]
pub struct SharedModule {
    left: Half,
    right: Half,
}

impl SharedModule {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let inner_weight = vb.pp("left.inner").get((4, 4), "weight")?;
        let inner_bias = vb.pp("left.inner").get(4, "bias")?;
        Ok(Self {
            left: Half::new(&inner_weight, &inner_bias, vb.pp("left"))?,
            right: Half::new(&inner_weight, &inner_bias, vb.pp("right"))?,
        })
    }

    /// - `x`: (b, 4)
    /// - returns `output`: (b, 4)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != 4 {
            candle_core::bail!("`x` must be (b, 4)")
        }
        self.left.forward(x)? * self.right.forward(x)?
    }
}
