use candle_core::{DType, Result, Tensor};

/// Returns the logarithm of the sum of exponentials over dims; of a row of `-inf`, that is `-inf`.
pub fn logsumexp(xs: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    let dtype = xs.dtype();
    let xs = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    };
    let mut max = xs.clone();
    for &dim in dims {
        max = max.max_keepdim(dim)?;
    }
    let infinite = max.abs()?.eq(f64::INFINITY)?;
    let max = infinite.where_cond(&max.zeros_like()?, &max)?;
    let sum = xs.broadcast_sub(&max)?.exp()?.sum_keepdim(dims)?;
    let mut ys = (sum.log()? + max)?.to_dtype(dtype)?;
    if !keepdim {
        for &dim in dims.iter().rev() {
            ys = ys.squeeze(dim)?;
        }
    }
    Ok(ys)
}
