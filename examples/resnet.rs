//! `timm.models.resnet.ResNet`, ported by pycandle 0.1.0.
//!
//! Recorded as `resnet` with timm 1.0.31, torch 2.15.0.

mod runtime;

use candle_core::{Module, Result, Tensor};
use candle_nn::{
    batch_norm, conv2d_no_bias, linear, BatchNorm, Conv2d, Conv2dConfig, Linear, ModuleT,
    VarBuilder,
};

/// What instances of [`ResNet`] differ in.
#[derive(Debug, Clone)]
pub struct Config {
    pub layers: [usize; 4],
    pub num_classes: usize,
    pub in_chans: usize,
    pub base_width: usize,
    pub block_reduce_first: usize,
    pub channels: [usize; 4],
}

impl Config {
    /// The configuration that the model was recorded with.
    pub fn recorded() -> Self {
        Self {
            layers: [3, 4, 6, 3],
            num_classes: 1000,
            in_chans: 3,
            base_width: 64,
            block_reduce_first: 1,
            channels: [64, 128, 256, 512],
        }
    }
}

/// `torch.nn.modules.container.Sequential`
#[derive(Debug, Clone)]
struct Layer1Downsample {
    conv2d: Conv2d,
    batch_norm: BatchNorm,
}

impl Layer1Downsample {
    fn new(in_channels: usize, out_channels: usize, stride: usize, vb: VarBuilder) -> Result<Self> {
        let config = Conv2dConfig {
            stride,
            ..Default::default()
        };
        Ok(Self {
            conv2d: conv2d_no_bias(in_channels, out_channels, 1, config, vb.pp("0"))?,
            batch_norm: batch_norm(out_channels, 1e-5, vb.pp("1"))?,
        })
    }

    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        self.batch_norm
            .forward_t(&self.conv2d.forward(input)?, false)
    }
}

fn conv1x1_no_bias(in_channels: usize, out_channels: usize, vb: VarBuilder) -> Result<Conv2d> {
    conv2d_no_bias(in_channels, out_channels, 1, Default::default(), vb)
}

/// `timm.models.resnet.Bottleneck`
#[derive(Debug, Clone)]
struct Bottleneck {
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    conv3: Conv2d,
    bn3: BatchNorm,
    downsample: Option<Layer1Downsample>,
}

impl Bottleneck {
    fn new(
        in_channels: usize,
        out_channels: usize,
        out_channels2: usize,
        stride: usize,
        out_channels3: usize,
        downsample: Option<(usize, usize, usize)>,
        vb: VarBuilder,
    ) -> Result<Self> {
        let config = Conv2dConfig {
            padding: 1,
            stride,
            ..Default::default()
        };
        Ok(Self {
            conv1: conv1x1_no_bias(in_channels, out_channels, vb.pp("conv1"))?,
            bn1: batch_norm(out_channels, 1e-5, vb.pp("bn1"))?,
            conv2: conv2d_no_bias(out_channels, out_channels2, 3, config, vb.pp("conv2"))?,
            bn2: batch_norm(out_channels2, 1e-5, vb.pp("bn2"))?,
            conv3: conv1x1_no_bias(out_channels2, out_channels3, vb.pp("conv3"))?,
            bn3: batch_norm(out_channels3, 1e-5, vb.pp("bn3"))?,
            downsample: match downsample {
                Some((in_channels, out_channels, stride)) => Some(Layer1Downsample::new(
                    in_channels,
                    out_channels,
                    stride,
                    vb.pp("downsample"),
                )?),
                None => None,
            },
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let residual = x;
        let x = self.conv1.forward(x)?;
        let x = self.bn1.forward_t(&x, false)?.maximum(0.0)?;
        let x = self.conv2.forward(&x)?;
        let x = self.bn2.forward_t(&x, false)?.maximum(0.0)?;
        let x = self.conv3.forward(&x)?;
        let shortcut = match &self.downsample {
            Some(downsample) => downsample.forward(residual)?,
            None => residual.clone(),
        };
        (self.bn3.forward_t(&x, false)? + &shortcut)?.maximum(0.0)
    }
}

/// Makes the layers of `layer1`, `layer2`, `layer3`, `layer4`.
fn make_layer(
    cfg: &Config,
    in_channels: usize,
    channels: usize,
    stride: usize,
    count: usize,
    vb: VarBuilder,
) -> Result<Vec<Bottleneck>> {
    let out_channels2 = cfg.base_width * channels / 64;
    let out_channels3 = channels * 4;
    (0..count)
        .map(|i| {
            let (in_channels, stride, downsample) = if i == 0 {
                (
                    in_channels,
                    stride,
                    Some((in_channels, out_channels3, stride)),
                )
            } else {
                (out_channels3, 1, None)
            };
            Bottleneck::new(
                in_channels,
                out_channels2 / cfg.block_reduce_first,
                out_channels2,
                stride,
                out_channels3,
                downsample,
                vb.pp(i),
            )
        })
        .collect()
}

/// `timm.models.resnet.ResNet`
#[derive(Debug, Clone)]
pub struct ResNet {
    conv1: Conv2d,
    bn1: BatchNorm,
    layer1: Vec<Bottleneck>,
    layer2: Vec<Bottleneck>,
    layer3: Vec<Bottleneck>,
    layer4: Vec<Bottleneck>,
    fc: Linear,
    in_chans: usize,
}

impl ResNet {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        runtime::refuse_settings(cfg.channels[0] * 4 == 64, "channels[0] * 4 == 64")?;
        runtime::refuse_settings(cfg.num_classes == 0, "num_classes == 0")?;
        runtime::refuse_settings(cfg.layers[0] == 1, "layers[0] == 1")?;
        runtime::refuse_settings(cfg.layers[1] == 1, "layers[1] == 1")?;
        runtime::refuse_settings(cfg.layers[2] == 1, "layers[2] == 1")?;
        runtime::refuse_settings(cfg.layers[3] == 1, "layers[3] == 1")?;
        let config = Conv2dConfig {
            padding: 3,
            stride: 2,
            ..Default::default()
        };
        Ok(Self {
            conv1: conv2d_no_bias(cfg.in_chans, 64, 7, config, vb.pp("conv1"))?,
            bn1: batch_norm(64, 1e-5, vb.pp("bn1"))?,
            layer1: make_layer(cfg, 64, cfg.channels[0], 1, cfg.layers[0], vb.pp("layer1"))?,
            layer2: make_layer(
                cfg,
                cfg.channels[0] * 4,
                cfg.channels[1],
                2,
                cfg.layers[1],
                vb.pp("layer2"),
            )?,
            layer3: make_layer(
                cfg,
                cfg.channels[1] * 4,
                cfg.channels[2],
                2,
                cfg.layers[2],
                vb.pp("layer3"),
            )?,
            layer4: make_layer(
                cfg,
                cfg.channels[2] * 4,
                cfg.channels[3],
                2,
                cfg.layers[3],
                vb.pp("layer4"),
            )?,
            fc: linear(cfg.channels[3] * 4, cfg.num_classes, vb.pp("fc"))?,
            in_chans: cfg.in_chans,
        })
    }

    /// - `x`: (b, in_chans, h, w)
    /// - returns `output`: (b, num_classes)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if x.dim(1)? != self.in_chans {
            candle_core::bail!("`x` must be (b, in_chans, h, w)")
        }
        let x = self.conv1.forward(x)?;
        let mut x = runtime::max_pool2d(
            &self.bn1.forward_t(&x, false)?.maximum(0.0)?,
            [3, 3],
            [2, 2],
            [1, 1],
            [1, 1],
            false,
        )?;
        for layers in [&self.layer1, &self.layer2, &self.layer3, &self.layer4] {
            for layer in layers {
                x = layer.forward(&x)?;
            }
        }
        let x = runtime::mean_dim(&x, &[2, 3], true)?.flatten_from(1)?;
        self.fc.forward(&x)
    }
}
