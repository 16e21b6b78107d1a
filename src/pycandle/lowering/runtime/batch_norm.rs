use candle_core::{DType, Result, Tensor};

/// Normalizes each channel, dim 1, by given statistics, then scales and shifts it.
pub fn batch_norm(
    xs: &Tensor,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    running_mean: &Tensor,
    running_var: &Tensor,
    eps: f64,
) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let mut channels = vec![1; xs.rank()];
    channels[1] = xs.dim(1)?;
    let std = (running_var.to_dtype(wide)? + eps)?.sqrt()?;
    let mean = running_mean.to_dtype(wide)?.reshape(channels.as_slice())?;
    let scale = match weight {
        Some(weight) => (weight.to_dtype(wide)? / std)?,
        None => std.recip()?,
    };
    let scale = scale.reshape(channels.as_slice())?;
    let ys = xs
        .to_dtype(wide)?
        .broadcast_sub(&mean)?
        .broadcast_mul(&scale)?;
    let ys = match bias {
        Some(bias) => ys.broadcast_add(&bias.to_dtype(wide)?.reshape(channels.as_slice())?)?,
        None => ys,
    };
    ys.to_dtype(dtype)
}
