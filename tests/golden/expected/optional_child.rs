//! `golden.tiny.Stages`, ported by pycandle 0.1.0.
//!
//! Recorded as `optional_child`.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{conv2d, conv2d_no_bias, Conv2d, Conv2dConfig, VarBuilder};

/// What instances of [`Stages`] differ in.
#[derive(Debug, Clone)]
pub struct Config {}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {}
    }
}

/// `torch.nn.modules.container.Sequential`
#[derive(Debug, Clone)]
struct StageDownsample {
    conv2d: Conv2d,
}

impl StageDownsample {
    fn new(vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            stride: 2,
            ..Default::default()
        };
        Ok(Self {
            conv2d: conv2d(3, 4, 1, config, vb.pp("0"))?,
        })
    }

    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        self.conv2d.forward(input)?.tanh()
    }
}

/// `golden.tiny.Stage`
#[derive(Debug, Clone)]
struct Stage {
    conv: Conv2d,
    downsample: Option<StageDownsample>,
}

impl Stage {
    fn new(in_channels: usize, stride: usize, downsample: bool, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            padding: 1,
            stride,
            ..Default::default()
        };
        Ok(Self {
            conv: conv2d_no_bias(in_channels, 4, 3, config, vb.pp("conv"))?,
            downsample: if downsample {
                Some(StageDownsample::new(vb.pp("downsample"))?)
            } else {
                None
            },
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let xs = match &self.downsample {
            Some(downsample) => downsample.forward(x)?,
            None => x.clone(),
        };
        (self.conv.forward(x)? + &xs)?.maximum(0.0)
    }
}

/// `golden.tiny.Stages`
#[derive(Debug, Clone)]
pub struct Stages {
    stage: Vec<Stage>,
}

impl Stages {
    pub fn new(_cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            stage: [(3, 2), (4, 1), (4, 1)]
                .into_iter()
                .enumerate()
                .map(|(i, (in_channels, stride))| {
                    Stage::new(in_channels, stride, i == 0, vb.pp("stage").pp(i))
                })
                .collect::<Result<Vec<_>>>()?,
        })
    }

    /// - `x`: (b, 3, h, w)
    /// - returns `output`: (b, 4)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != 3 {
            candle_core::bail!("`x` must be (b, 3, h, w)")
        }
        let mut x = x.clone();
        for layer in &self.stage {
            x = layer.forward(&x)?;
        }
        runtime::mean_dim(&x, &[2, 3], false)
    }
}
