//! `timm.models.efficientnet.EfficientNet`, ported by pycandle 0.1.0.
//!
//! Recorded as `efficientnet` with timm 1.0.31, torch 2.15.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{
    batch_norm, conv2d, conv2d_no_bias, linear, BatchNorm, Conv2d, Conv2dConfig, Linear, ModuleT,
    VarBuilder,
};

/// What instances of [`EfficientNet`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub num_classes: usize,
    pub num_features: usize,
    pub in_chans: usize,
    pub stem_size: usize,
    pub output_stride: usize,
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            num_classes: 1000,
            num_features: 1280,
            in_chans: 3,
            stem_size: 32,
            output_stride: 32,
        }
    }
}

/// `timm.layers.norm_act.BatchNormAct2d`
#[derive(Debug, Clone)]
struct BatchNormAct2d {
    batch_norm: BatchNorm,
}

impl BatchNormAct2d {
    fn new(num_features: usize, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            batch_norm: batch_norm(num_features, 1e-5, vb)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.batch_norm.forward_t(x, false)?.silu()
    }
}

fn conv1x1(in_channels: usize, out_channels: usize, vb: VarBuilder) -> Result<Conv2d> {
    conv2d(in_channels, out_channels, 1, Default::default(), vb)
}

/// `timm.models._efficientnet_blocks.SqueezeExcite`
#[derive(Debug, Clone)]
struct SqueezeExcite {
    conv_reduce: Conv2d,
    conv_expand: Conv2d,
}

impl SqueezeExcite {
    fn new(in_channels: usize, out_channels: usize, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            conv_reduce: conv1x1(in_channels, out_channels, vb.pp("conv_reduce"))?,
            conv_expand: conv1x1(out_channels, in_channels, vb.pp("conv_expand"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x_se = runtime::mean_dim(x, &[2, 3], true)?;
        let x_se = self.conv_reduce.forward(&x_se)?.silu()?;
        let x_se = self.conv_expand.forward(&x_se)?;
        x.broadcast_mul(&candle_nn::ops::sigmoid(&x_se)?)
    }
}

fn conv1x1_no_bias(in_channels: usize, out_channels: usize, vb: VarBuilder) -> Result<Conv2d> {
    conv2d_no_bias(in_channels, out_channels, 1, Default::default(), vb)
}

/// `timm.models._efficientnet_blocks.DepthwiseSeparableConv`
#[derive(Debug, Clone)]
struct DepthwiseSeparableConv {
    conv_dw: Conv2d,
    bn1: BatchNormAct2d,
    se: SqueezeExcite,
    conv_pw: Conv2d,
    bn2: BatchNorm,
}

impl DepthwiseSeparableConv {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = (cfg.stem_size as f64 + 4.0) as usize / 8;
        let in_channels = size * 8;
        let config = Conv2dConfig {
            padding: 1,
            groups: in_channels,
            ..Default::default()
        };
        Ok(Self {
            conv_dw: conv2d_no_bias(in_channels, in_channels, 3, config, vb.pp("conv_dw"))?,
            bn1: BatchNormAct2d::new(in_channels, vb.pp("bn1"))?,
            se: SqueezeExcite::new(in_channels, size * 2, vb.pp("se"))?,
            conv_pw: conv1x1_no_bias(in_channels, 16, vb.pp("conv_pw"))?,
            bn2: batch_norm(16, 1e-5, vb.pp("bn2"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = self.conv_dw.forward(x)?;
        let x = self.bn1.forward(&x)?;
        let x = self.se.forward(&x)?;
        let x = self.conv_pw.forward(&x)?;
        self.bn2.forward_t(&x, false)
    }
}

/// What instances of [`InvertedResidual`] differ in.
#[derive(Debug, Clone)]
struct InvertedResidualConfig {
    in_channels: usize,
    out_channels: usize,
    kernel_size: usize,
    padding: usize,
    stride: usize,
    out_channels2: usize,
    out_channels3: usize,
    residual: bool,
}

/// `timm.models._efficientnet_blocks.InvertedResidual`
#[derive(Debug, Clone)]
struct InvertedResidual {
    conv_pw: Conv2d,
    bn1: BatchNormAct2d,
    conv_dw: Conv2d,
    bn2: BatchNormAct2d,
    se: SqueezeExcite,
    conv_pwl: Conv2d,
    bn3: BatchNorm,
    residual: bool,
}

impl InvertedResidual {
    fn new(config: InvertedResidualConfig, vb: VarBuilder) -> Result<Self> {
        let conv_dw_config = Conv2dConfig {
            padding: config.padding,
            stride: config.stride,
            groups: config.out_channels,
            ..Default::default()
        };
        Ok(Self {
            conv_pw: conv1x1_no_bias(config.in_channels, config.out_channels, vb.pp("conv_pw"))?,
            bn1: BatchNormAct2d::new(config.out_channels, vb.pp("bn1"))?,
            conv_dw: conv2d_no_bias(
                config.out_channels,
                config.out_channels,
                config.kernel_size,
                conv_dw_config,
                vb.pp("conv_dw"),
            )?,
            bn2: BatchNormAct2d::new(config.out_channels, vb.pp("bn2"))?,
            se: SqueezeExcite::new(config.out_channels, config.out_channels2, vb.pp("se"))?,
            conv_pwl: conv1x1_no_bias(
                config.out_channels,
                config.out_channels3,
                vb.pp("conv_pwl"),
            )?,
            bn3: batch_norm(config.out_channels3, 1e-5, vb.pp("bn3"))?,
            residual: config.residual,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let residual = x;
        let x = self.conv_pw.forward(x)?;
        let x = self.bn1.forward(&x)?;
        let x = self.conv_dw.forward(&x)?;
        let x = self.bn2.forward(&x)?;
        let x = self.se.forward(&x)?;
        let x = self.conv_pwl.forward(&x)?;
        let x = self.bn3.forward_t(&x, false)?;
        let x = if self.residual { (&x + residual)? } else { x };
        Ok(x)
    }
}

/// Makes the layers of `blocks_1`, `blocks_2`, `blocks_3`, `blocks_4`, `blocks_5`.
fn make_blocks(
    rows: &[(usize, usize, usize, usize, usize, usize, usize)],
    vb: VarBuilder,
) -> Result<Vec<InvertedResidual>> {
    rows.iter()
        .enumerate()
        .map(
            |(
                i,
                &(
                    in_channels,
                    out_channels,
                    kernel_size,
                    padding,
                    stride,
                    out_channels2,
                    out_channels3,
                ),
            )| {
                InvertedResidual::new(
                    InvertedResidualConfig {
                        in_channels,
                        out_channels,
                        kernel_size,
                        padding,
                        stride,
                        out_channels2,
                        out_channels3,
                        residual: i > 0,
                    },
                    vb.pp(i),
                )
            },
        )
        .collect()
}

/// `timm.models.efficientnet.EfficientNet`
#[derive(Debug, Clone)]
pub struct EfficientNet {
    conv_stem: Conv2d,
    bn1: BatchNormAct2d,
    blocks_0_0: DepthwiseSeparableConv,
    blocks_1: Vec<InvertedResidual>,
    blocks_2: Vec<InvertedResidual>,
    blocks_3: Vec<InvertedResidual>,
    blocks_4: Vec<InvertedResidual>,
    blocks_5: Vec<InvertedResidual>,
    blocks_6_0: InvertedResidual,
    conv_head: Conv2d,
    bn2: BatchNormAct2d,
    classifier: Linear,
    in_chans: usize,
}

impl EfficientNet {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(
            (cfg.stem_size as f64 + 4.0) as usize / 8 * 8 <= 8,
            "int(float(stem_size) + 4.0) / 8 * 8 <= 8",
        )?;
        runtime::refuse_settings(cfg.num_features == 0, "num_features == 0")?;
        runtime::refuse_settings(cfg.num_classes == 0, "num_classes == 0")?;
        runtime::refuse_settings(
            (((cfg.stem_size as f64 + 4.0) as usize / 8 * 8) as f64) < 0.9 * cfg.stem_size as f64,
            "int(float(stem_size) + 4.0) / 8 * 8 < 0.9 * float(stem_size)",
        )?;
        runtime::refuse_settings(cfg.output_stride < 32, "output_stride < 32")?;
        let out_channels = (cfg.stem_size as f64 + 4.0) as usize / 8 * 8;
        let config = Conv2dConfig {
            padding: 1,
            stride: 2,
            ..Default::default()
        };
        Ok(Self {
            conv_stem: conv2d_no_bias(cfg.in_chans, out_channels, 3, config, vb.pp("conv_stem"))?,
            bn1: BatchNormAct2d::new(out_channels, vb.pp("bn1"))?,
            blocks_0_0: DepthwiseSeparableConv::new(cfg, vb.pp("blocks.0.0"))?,
            blocks_1: make_blocks(
                &[(16, 96, 3, 1, 2, 4, 24), (24, 144, 3, 1, 1, 6, 24)],
                vb.pp("blocks.1"),
            )?,
            blocks_2: make_blocks(
                &[(24, 144, 5, 2, 2, 6, 40), (40, 240, 5, 2, 1, 10, 40)],
                vb.pp("blocks.2"),
            )?,
            blocks_3: make_blocks(
                &[
                    (40, 240, 3, 1, 2, 10, 80),
                    (80, 480, 3, 1, 1, 20, 80),
                    (80, 480, 3, 1, 1, 20, 80),
                ],
                vb.pp("blocks.3"),
            )?,
            blocks_4: make_blocks(
                &[
                    (80, 480, 5, 2, 1, 20, 112),
                    (112, 672, 5, 2, 1, 28, 112),
                    (112, 672, 5, 2, 1, 28, 112),
                ],
                vb.pp("blocks.4"),
            )?,
            blocks_5: make_blocks(
                &[
                    (112, 672, 5, 2, 2, 28, 192),
                    (192, 1152, 5, 2, 1, 48, 192),
                    (192, 1152, 5, 2, 1, 48, 192),
                    (192, 1152, 5, 2, 1, 48, 192),
                ],
                vb.pp("blocks.5"),
            )?,
            blocks_6_0: InvertedResidual::new(
                InvertedResidualConfig {
                    in_channels: 192,
                    out_channels: 1152,
                    kernel_size: 3,
                    padding: 1,
                    stride: 1,
                    out_channels2: 48,
                    out_channels3: 320,
                    residual: false,
                },
                vb.pp("blocks.6.0"),
            )?,
            conv_head: conv1x1_no_bias(320, cfg.num_features, vb.pp("conv_head"))?,
            bn2: BatchNormAct2d::new(cfg.num_features, vb.pp("bn2"))?,
            classifier: linear(cfg.num_features, cfg.num_classes, vb.pp("classifier"))?,
            in_chans: cfg.in_chans,
        })
    }

    /// - `x`: (b, in_chans, h, w)
    /// - returns `output`: (b, num_classes)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != self.in_chans {
            candle_core::bail!("`x` must be (b, in_chans, h, w)")
        }
        let x = self.conv_stem.forward(x)?;
        let x = self.bn1.forward(&x)?;
        let mut xs = self.blocks_0_0.forward(&x)?;
        for layers in [
            &self.blocks_1,
            &self.blocks_2,
            &self.blocks_3,
            &self.blocks_4,
            &self.blocks_5,
        ] {
            for layer in layers {
                xs = layer.forward(&xs)?;
            }
        }
        let x = self.blocks_6_0.forward(&xs)?;
        let x = self.conv_head.forward(&x)?;
        let x = runtime::mean_dim(&self.bn2.forward(&x)?, &[2, 3], true)?.flatten_from(1)?;
        self.classifier.forward(&x)
    }
}
