//! `golden.bad_input.OddNames`, ported by pycandle 0.1.0.
//!
//! Recorded as `odd_names`.

use candle_core::{Module, Result, Tensor};
use candle_nn::{linear, Linear, VarBuilder};

/// What instances of [`OddNames`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `golden.bad_input.Gate`
#[derive(Debug, Clone)]
struct MatchGate {
    impl_: Linear,
}

impl MatchGate {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            impl_: linear(4, 4, vb.pp("impl"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        candle_nn::ops::sigmoid(&self.impl_.forward(&x.contiguous()?)?)
    }
}

/// `golden.bad_input.other.Gate`
#[derive(Debug, Clone)]
struct LoopGate {
    impl_: Linear,
}

impl LoopGate {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            impl_: linear(4, 4, vb.pp("impl"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.impl_.forward(&x.contiguous()?)?.tanh()? + 1.0
    }
}

/// `golden.bad_input.OddNames`
#[derive(Debug, Clone)]
pub struct OddNames {
    x: Tensor,
    match_: MatchGate,
    loop_: LoopGate,
    out_proj: Linear,
    grosse: Linear,
}

impl OddNames {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            x: vb.get(4, "日本")?,
            match_: MatchGate::new(vb.pp("match"))?,
            loop_: LoopGate::new(vb.pp("loop"))?,
            out_proj: linear(4, 4, vb.pp("outProj"))?,
            grosse: linear(4, 4, vb.pp("größe"))?,
        })
    }

    /// - `x`: (b, 4)
    /// - returns `output`: (b, 4)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != 4 {
            candle_core::bail!("`x` must be (b, 4)")
        }
        let ref_ = (self.match_.forward(x)? * self.loop_.forward(x)?)?;
        let xs = self.grosse.forward(&ref_)?;
        let xs = self.out_proj.forward(&(xs.sin()? * &xs)?)?;
        xs.broadcast_mul(&self.x)
    }
}
