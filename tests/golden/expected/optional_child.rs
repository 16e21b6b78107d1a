//! `golden.tiny.Stages`, ported by pycandle 0.1.0.
//!
//! Recorded as `optional_child`.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{
    batch_norm, conv2d, conv2d_no_bias, BatchNorm, Conv2d, Conv2dConfig, ModuleT, VarBuilder,
};

/// What instances of [`Stages`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `golden.tiny.Stage`
#[derive(Debug, Clone)]
struct Stage {
    conv: Conv2d,
    bn: BatchNorm,
    downsample: Conv2d,
}

impl Stage {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            conv: conv2d_no_bias(
                3,
                4,
                3,
                Conv2dConfig {
                    padding: 1,
                    stride: 2,
                    ..Default::default()
                },
                vb.pp("conv"),
            )?,
            bn: batch_norm(4, 1e-5, vb.pp("bn"))?,
            downsample: conv2d(
                3,
                4,
                1,
                Conv2dConfig {
                    stride: 2,
                    ..Default::default()
                },
                vb.pp("downsample"),
            )?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        (self.bn.forward_t(&self.conv.forward(x)?, false)? + self.downsample.forward(x)?)?.relu()
    }
}

/// `golden.tiny.Stage`
#[derive(Debug, Clone)]
struct Stage2 {
    conv: Conv2d,
    bn: BatchNorm,
}

impl Stage2 {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            conv: conv2d_no_bias(
                4,
                4,
                3,
                Conv2dConfig {
                    padding: 1,
                    ..Default::default()
                },
                vb.pp("conv"),
            )?,
            bn: batch_norm(4, 1e-5, vb.pp("bn"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        (self.bn.forward_t(&self.conv.forward(x)?, false)? + x)?.relu()
    }
}

/// `golden.tiny.Stages`
#[derive(Debug, Clone)]
pub struct Stages {
    stage_0: Stage,
    stage: Vec<Stage2>,
}

impl Stages {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            stage_0: Stage::new(vb.pp("stage.0"))?,
            stage: (0..2)
                .map(|i| Stage2::new(vb.pp("stage").pp(i + 1)))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    /// - `x`: (b, 3, h, w)
    /// - returns `output`: (b, 4)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut xs = self.stage_0.forward(x)?;
        for layer in &self.stage {
            xs = layer.forward(&xs)?;
        }
        runtime::mean_dim(&xs, &[2, 3], false)
    }
}
