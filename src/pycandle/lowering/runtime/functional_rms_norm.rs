use super::{map_rows, numbers_of};
use candle_core::{DType, Result, Tensor, D};

/// Divides by the root of the mean square over the last `dims` dims, then scales.
pub fn functional_rms_norm(
    xs: &Tensor,
    dims: usize,
    weight: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    if !xs.device().is_cpu() {
        return rms_normalized_by_ops(xs, dims, weight, eps);
    }
    let size = xs.dims()[xs.rank() - dims..].iter().product();
    let weight = numbers_of(weight, size)?;
    map_rows(xs, size, |_, row| {
        // In eight lanes, which one instruction can add.
        let mut lanes = [0f64; 8];
        for chunk in row.chunks(8) {
            lanes
                .iter_mut()
                .zip(chunk)
                .for_each(|(sum, x)| *sum += x * x);
        }
        let square = lanes.iter().sum::<f64>() / size as f64;
        let scale = 1. / (square + eps).sqrt();
        row.iter_mut().for_each(|x| *x *= scale);
        if let Some(weight) = &weight {
            row.iter_mut()
                .zip(weight)
                .for_each(|(x, weight)| *x *= weight);
        }
    })
}

/// On other devices than the CPU.
fn rms_normalized_by_ops(
    xs: &Tensor,
    dims: usize,
    weight: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let ys = xs.to_dtype(wide)?.flatten_from(xs.rank() - dims)?;
    let size = ys.dim(D::Minus1)? as f64;
    let square = (ys.sqr()?.sum_keepdim(D::Minus1)? / size)?;
    let ys = ys.broadcast_div(&(square + eps)?.sqrt()?)?;
    let mut ys = ys.reshape(xs.shape())?;
    if let Some(weight) = weight {
        ys = ys.broadcast_mul(&weight.to_dtype(wide)?)?;
    }
    ys.to_dtype(dtype)
}
