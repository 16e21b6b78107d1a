//! `golden.tiny.Blocks`, ported by pycandle 0.1.0.
//!
//! Recorded as `residual_blocks`.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{linear, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`Blocks`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub num_blocks: usize,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self { num_blocks: 4 }
    }
}

/// `golden.tiny.Mlp`
#[derive(Debug, Clone)]
struct Mlp {
    fc1: Linear,
    fc2: Linear,
}

impl Mlp {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            fc1: linear(6, 10, vb.pp("fc1"))?,
            fc2: linear(10, 6, vb.pp("fc2"))?,
        })
    }

    fn forward(&self, hidden: &Tensor) -> Result<Tensor> {
        self.fc2.forward(&self.fc1.forward(hidden)?.gelu_erf()?)
    }
}

/// `golden.tiny.Block`
#[derive(Debug, Clone)]
struct Block {
    norm: LayerNorm,
    mlp: Mlp,
}

impl Block {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            norm: layer_norm(6, 1e-6, vb.pp("norm"))?,
            mlp: Mlp::new(vb.pp("mlp"))?,
        })
    }

    fn forward(&self, hidden: &Tensor) -> Result<Tensor> {
        let residual = hidden;
        let hidden = self.norm.forward(hidden)?;
        let hidden = self.mlp.forward(&hidden)?;
        residual + &hidden
    }
}

/// `golden.tiny.Blocks`
#[derive(Debug, Clone)]
pub struct Blocks {
    blocks: Vec<Block>,
}

impl Blocks {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            blocks: (0..cfg.num_blocks)
                .map(|i| Block::new(vb.pp("blocks").pp(i)))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    /// - `hidden`: (b, s, 6)
    /// - returns `output`: (b, s, 6)
    pub fn forward(&self, hidden: &Tensor) -> Result<Tensor> {
        if hidden.dim(2)? != 6 {
            candle_core::bail!("`hidden` must be (b, s, 6)")
        }
        let mut hidden = hidden.clone();
        for block in &self.blocks {
            hidden = block.forward(&hidden)?;
        }
        Ok(hidden)
    }
}
