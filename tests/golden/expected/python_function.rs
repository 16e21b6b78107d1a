//! `golden.tiny.Rotation`, ported by pycandle 0.1.0.
//!
//! Recorded as `python_function`.

use candle_core::{Module, Result, Tensor};
use candle_nn::{linear_no_bias, Linear, VarBuilder};

/// What instances of [`Rotation`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

fn rotate_half(x: &Tensor) -> Result<Tensor> {
    let x1 = x.narrow(2, 0, 3)?;
    let x2 = x.narrow(2, 3, 3)?;
    Tensor::cat(&[&x2.neg()?, &x1], 2)
}

/// `golden.tiny.Rotation`
#[derive(Debug, Clone)]
pub struct Rotation {
    q_proj: Linear,
    k_proj: Linear,
}

impl Rotation {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            q_proj: linear_no_bias(6, 6, vb.pp("q_proj"))?,
            k_proj: linear_no_bias(6, 6, vb.pp("k_proj"))?,
        })
    }

    /// - `hidden`: (b, s, 6)
    /// - `cos`: (s, 6)
    /// - `sin`: (s, 6)
    /// - returns `output`: (b, s, s)
    pub fn forward(&self, hidden: &Tensor, cos: &Tensor, sin: &Tensor) -> Result<Tensor> {
        if hidden.dim(2)? != 6 {
            candle_core::bail!("`hidden` must be (b, s, 6)")
        }
        if cos.dim(1)? != 6 {
            candle_core::bail!("`cos` must be (s, 6)")
        }
        if sin.dim(1)? != 6 {
            candle_core::bail!("`sin` must be (s, 6)")
        }
        let q = self.q_proj.forward(&hidden.contiguous()?)?;
        let k = self.k_proj.forward(&hidden.contiguous()?)?;
        let q = (q.broadcast_mul(cos)? + rotate_half(&q)?.broadcast_mul(sin)?)?;
        let k = (k.broadcast_mul(cos)? + rotate_half(&k)?.broadcast_mul(sin)?)?;
        q.matmul(&k.transpose(1, 2)?.contiguous()?)
    }
}
