use super::{map_rows, numbers_of, row_moments};
use candle_core::{DType, Result, Tensor, D};

/// Normalizes over the last `dims` dims to a mean of 0 and a variance of 1, then scales and shifts.
pub fn functional_layer_norm(
    xs: &Tensor,
    dims: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    if !xs.device().is_cpu() {
        return normalized_by_ops(xs, dims, weight, bias, eps);
    }
    let size = xs.dims()[xs.rank() - dims..].iter().product();
    let weight = numbers_of(weight, size)?;
    let bias = numbers_of(bias, size)?;
    map_rows(xs, size, |_, row| {
        let (mean, var) = row_moments(row);
        let scale = 1. / (var + eps).sqrt();
        row.iter_mut().for_each(|x| *x = (*x - mean) * scale);
        if let Some(weight) = &weight {
            row.iter_mut()
                .zip(weight)
                .for_each(|(x, weight)| *x *= weight);
        }
        if let Some(bias) = &bias {
            row.iter_mut().zip(bias).for_each(|(x, bias)| *x += bias);
        }
    })
}

/// On other devices than the CPU.
fn normalized_by_ops(
    xs: &Tensor,
    dims: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let ys = xs.to_dtype(wide)?.flatten_from(xs.rank() - dims)?;
    let size = ys.dim(D::Minus1)? as f64;
    let ys = ys.broadcast_sub(&(ys.sum_keepdim(D::Minus1)? / size)?)?;
    // Once more, because the mean of large values is rounded.
    let ys = ys.broadcast_sub(&(ys.sum_keepdim(D::Minus1)? / size)?)?;
    let var = (ys.sqr()?.sum_keepdim(D::Minus1)? / size)?;
    let ys = ys.broadcast_div(&(var + eps)?.sqrt()?)?;
    let mut ys = ys.reshape(xs.shape())?;
    if let Some(weight) = weight {
        ys = ys.broadcast_mul(&weight.to_dtype(wide)?)?;
    }
    if let Some(bias) = bias {
        ys = ys.broadcast_add(&bias.to_dtype(wide)?)?;
    }
    ys.to_dtype(dtype)
}
