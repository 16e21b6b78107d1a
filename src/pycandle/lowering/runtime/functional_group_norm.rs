use super::{map_rows, numbers_of, row_moments};
use candle_core::{bail, DType, Result, Tensor};

/// Normalizes each of `groups` groups of channels, dim 1, to a mean of 0 and a variance of 1, then
/// scales and shifts each channel.
pub fn functional_group_norm(
    xs: &Tensor,
    groups: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    if !xs.device().is_cpu() {
        return group_normalized_by_ops(xs, groups, weight, bias, eps);
    }
    if groups == 0 || !xs.dim(1)?.is_multiple_of(groups) {
        bail!("{} channels do not make {groups} groups", xs.dim(1)?)
    }
    let channels = xs.dim(1)? / groups;
    let size = xs.dims()[1..].iter().product::<usize>() / groups;
    let weight = numbers_of(weight, xs.dim(1)?)?;
    let bias = numbers_of(bias, xs.dim(1)?)?;
    map_rows(xs, size, |i, row| {
        let (mean, var) = row_moments(row);
        let scale = 1. / (var + eps).sqrt();
        let first = i % groups * channels;
        for (j, channel) in row.chunks_mut(size / channels).enumerate() {
            let weight = weight.as_ref().map_or(1., |weight| weight[first + j]);
            let bias = bias.as_ref().map_or(0., |bias| bias[first + j]);
            let shrink = |x: &mut f64| *x = (*x - mean) * scale * weight + bias;
            channel.iter_mut().for_each(shrink);
        }
    })
}

/// On other devices than the CPU.
fn group_normalized_by_ops(
    xs: &Tensor,
    groups: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let count = xs.dims()[1..].iter().product::<usize>() / groups;
    let ys = xs.to_dtype(wide)?.reshape((xs.dim(0)?, groups, count))?;
    let size = count as f64;
    let ys = ys.broadcast_sub(&(ys.sum_keepdim(2)? / size)?)?;
    // Once more, because the mean of large values is rounded.
    let ys = ys.broadcast_sub(&(ys.sum_keepdim(2)? / size)?)?;
    let var = (ys.sqr()?.sum_keepdim(2)? / size)?;
    let ys = ys.broadcast_div(&(var + eps)?.sqrt()?)?;
    let mut ys = ys.reshape(xs.shape())?;
    let mut channels = vec![1; xs.rank()];
    channels[1] = xs.dim(1)?;
    if let Some(weight) = weight {
        ys = ys.broadcast_mul(&weight.to_dtype(wide)?.reshape(channels.as_slice())?)?;
    }
    if let Some(bias) = bias {
        ys = ys.broadcast_add(&bias.to_dtype(wide)?.reshape(channels.as_slice())?)?;
    }
    ys.to_dtype(dtype)
}
