use super::functional_group_norm;
use candle_core::{Result, Tensor};

/// Normalizes each channel, dim 1, by its mean and variance over the batch, then scales and shifts
/// it.
pub fn batch_norm_training(
    xs: &Tensor,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    let channels = xs.dim(1)?;
    let swapped = xs.transpose(0, 1)?.contiguous()?;
    let rows = swapped.reshape((1, channels, xs.elem_count() / channels.max(1)))?;
    let ys = functional_group_norm(&rows, channels, weight, bias, eps)?;
    ys.reshape(swapped.shape())?.transpose(0, 1)?.contiguous()
}
