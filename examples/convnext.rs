//! `timm.models.convnext.ConvNeXt`, ported by pycandle 0.1.0.
//!
//! Recorded as `convnext` with timm 1.0.31, torch 2.15.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{conv2d, linear, Conv2d, Conv2dConfig, Linear, VarBuilder};
use runtime::{layer_norm, LayerNorm};

/// What instances of [`ConvNeXt`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub in_chans: usize,
    pub num_classes: usize,
    pub depths: [usize; 4],
    pub dims: [usize; 4],
    pub kernel_sizes: usize,
    pub patch_size: usize,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            in_chans: 3,
            num_classes: 1000,
            depths: [2, 2, 6, 2],
            dims: [40, 80, 160, 320],
            kernel_sizes: 7,
            patch_size: 4,
        }
    }
}

/// `timm.layers.norm.LayerNorm2d`
#[derive(Debug, Clone)]
struct LayerNorm2d {
    layer_norm: LayerNorm,
}

impl LayerNorm2d {
    fn new(normalized_shape: usize, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            layer_norm: layer_norm(normalized_shape, 1e-6, vb)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = x.permute((0, 2, 3, 1))?;
        self.layer_norm.forward(&x)?.permute((0, 3, 1, 2))
    }
}

fn conv1x1(in_channels: usize, out_channels: usize, vb: VarBuilder) -> Result<Conv2d> {
    conv2d(in_channels, out_channels, 1, Default::default(), vb)
}

/// `timm.layers.mlp.Mlp`
#[derive(Debug, Clone)]
struct Mlp {
    fc1: Conv2d,
    fc2: Conv2d,
}

impl Mlp {
    fn new(in_channels: usize, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            fc1: conv1x1(in_channels, in_channels * 4, vb.pp("fc1"))?,
            fc2: conv1x1(in_channels * 4, in_channels, vb.pp("fc2"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = self.fc1.forward(x)?.gelu_erf()?;
        self.fc2.forward(&x)
    }
}

/// `torch.nn.modules.container.Sequential`
#[derive(Debug, Clone)]
struct Stem {
    conv2d: Conv2d,
    layer_norm2d: LayerNorm2d,
}

impl Stem {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            stride: cfg.patch_size,
            ..Default::default()
        };
        Ok(Self {
            conv2d: conv2d(
                cfg.in_chans,
                cfg.dims[0],
                cfg.patch_size,
                config,
                vb.pp("0"),
            )?,
            layer_norm2d: LayerNorm2d::new(cfg.dims[0], vb.pp("1"))?,
        })
    }

    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        self.layer_norm2d.forward(&self.conv2d.forward(input)?)
    }
}

/// `timm.models.convnext.ConvNeXtBlock`
#[derive(Debug, Clone)]
struct ConvNeXtBlock {
    gamma: Tensor,
    conv_dw: Conv2d,
    norm: LayerNorm2d,
    mlp: Mlp,
}

impl ConvNeXtBlock {
    fn new(cfg: &Config, size: usize, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            padding: cfg.kernel_sizes / 2,
            groups: size,
            ..Default::default()
        };
        Ok(Self {
            gamma: vb.get(size, "gamma")?,
            conv_dw: conv2d(size, size, cfg.kernel_sizes, config, vb.pp("conv_dw"))?,
            norm: LayerNorm2d::new(size, vb.pp("norm"))?,
            mlp: Mlp::new(size, vb.pp("mlp"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let residual = x;
        let x = self.conv_dw.forward(x)?;
        let x = self.norm.forward(&x)?;
        self.mlp
            .forward(&x)?
            .broadcast_mul(&self.gamma.reshape((1, (), 1, 1))?)?
            + residual
    }
}

/// `torch.nn.modules.container.Sequential`
#[derive(Debug, Clone)]
struct StagesDownsample {
    layer_norm2d: LayerNorm2d,
    conv2d: Conv2d,
}

impl StagesDownsample {
    fn new(normalized_shape: usize, out_channels: usize, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            stride: 2,
            ..Default::default()
        };
        Ok(Self {
            layer_norm2d: LayerNorm2d::new(normalized_shape, vb.pp("0"))?,
            conv2d: conv2d(normalized_shape, out_channels, 2, config, vb.pp("1"))?,
        })
    }

    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        self.conv2d
            .forward(&self.layer_norm2d.forward(&input.contiguous()?)?)
    }
}

/// `timm.layers.classifier.NormMlpClassifierHead`
#[derive(Debug, Clone)]
struct NormMlpClassifierHead {
    norm: LayerNorm2d,
    fc: Linear,
}

impl NormMlpClassifierHead {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            norm: LayerNorm2d::new(cfg.dims[3], vb.pp("norm"))?,
            fc: linear(cfg.dims[3], cfg.num_classes, vb.pp("fc"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = runtime::mean_dim(x, &[2, 3], true)?;
        let x = self.norm.forward(&x)?.flatten_from(1)?;
        self.fc.forward(&x)
    }
}

/// `timm.models.convnext.ConvNeXtStage`
#[derive(Debug, Clone)]
struct ConvNeXtStage {
    downsample: Option<StagesDownsample>,
    blocks: Vec<ConvNeXtBlock>,
}

impl ConvNeXtStage {
    fn new(
        cfg: &Config,
        downsample: Option<(usize, usize)>,
        num_blocks: usize,
        size: usize,
        vb: VarBuilder,
    ) -> Result<Self> {
        Ok(Self {
            downsample: match downsample {
                Some((normalized_shape, out_channels)) => Some(StagesDownsample::new(
                    normalized_shape,
                    out_channels,
                    vb.pp("downsample"),
                )?),
                None => None,
            },
            blocks: (0..num_blocks)
                .map(|i| ConvNeXtBlock::new(cfg, size, vb.pp("blocks").pp(i)))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut x = match &self.downsample {
            Some(downsample) => downsample.forward(x)?,
            None => x.clone(),
        };
        for block in &self.blocks {
            x = block.forward(&x)?;
        }
        Ok(x)
    }
}

/// `timm.models.convnext.ConvNeXt`
#[derive(Debug, Clone)]
pub struct ConvNeXt {
    stem: Stem,
    stages: Vec<ConvNeXtStage>,
    head: NormMlpClassifierHead,
    in_chans: usize,
}

impl ConvNeXt {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(cfg.patch_size == 2, "patch_size == 2")?;
        runtime::refuse_settings(cfg.patch_size * 4 >= 32, "patch_size * 4 >= 32")?;
        runtime::refuse_settings(cfg.num_classes == 0, "num_classes == 0")?;
        Ok(Self {
            stem: Stem::new(cfg, vb.pp("stem"))?,
            stages: [
                (None, cfg.depths[0], cfg.dims[0]),
                (Some((cfg.dims[0], cfg.dims[1])), cfg.depths[1], cfg.dims[1]),
                (Some((cfg.dims[1], cfg.dims[2])), cfg.depths[2], cfg.dims[2]),
                (Some((cfg.dims[2], cfg.dims[3])), cfg.depths[3], cfg.dims[3]),
            ]
            .into_iter()
            .enumerate()
            .map(|(i, (downsample, num_blocks, size))| {
                ConvNeXtStage::new(cfg, downsample, num_blocks, size, vb.pp("stages").pp(i))
            })
            .collect::<Result<Vec<_>>>()?,
            head: NormMlpClassifierHead::new(cfg, vb.pp("head"))?,
            in_chans: cfg.in_chans,
        })
    }

    /// - `x`: (b, in_chans, h, w)
    /// - returns `output`: (b, num_classes)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != self.in_chans {
            candle_core::bail!("`x` must be (b, in_chans, h, w)")
        }
        let mut x = self.stem.forward(x)?;
        for stage in &self.stages {
            x = stage.forward(&x)?;
        }
        self.head.forward(&x)
    }
}
