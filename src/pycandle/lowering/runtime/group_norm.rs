use candle_core::{DType, Result, Tensor};

/// Normalizes each of `groups` groups of channels, dim 1, to a mean of 0 and a variance of 1, then
/// scales and shifts each channel.
pub fn group_norm(
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
