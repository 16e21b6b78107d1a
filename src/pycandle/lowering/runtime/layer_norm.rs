use super::functional_layer_norm;
use candle_core::{Module, Result, Tensor};
use candle_nn::VarBuilder;

/// What a [`LayerNorm`] is made with beside its size; a number alone is `eps`, with a bias.
#[derive(Debug, Clone, Copy)]
pub struct LayerNormConfig {
    pub eps: f64,
    pub bias: bool,
}

impl From<f64> for LayerNormConfig {
    fn from(eps: f64) -> Self {
        Self { eps, bias: true }
    }
}

/// Normalizes the last dim, scales and shifts it, as `candle_nn::LayerNorm` does.
///
/// That takes the variance as the mean of squares less the square of the mean, which loses all
/// digits of a row that is far from 0 and makes NaN of some. Here the mean is subtracted first.
#[derive(Debug, Clone)]
pub struct LayerNorm {
    weight: Tensor,
    bias: Option<Tensor>,
    eps: f64,
}

impl Module for LayerNorm {
    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        functional_layer_norm(xs, 1, Some(&self.weight), self.bias.as_ref(), self.eps)
    }
}

/// Reads `weight`, and `bias` where there is one, of a normalization over `size` elements.
pub fn layer_norm<C: Into<LayerNormConfig>>(
    size: usize,
    config: C,
    vb: VarBuilder,
) -> Result<LayerNorm> {
    let config = config.into();
    Ok(LayerNorm {
        weight: vb.get(size, "weight")?,
        bias: match config.bias {
            true => Some(vb.get(size, "bias")?),
            false => None,
        },
        eps: config.eps,
    })
}
