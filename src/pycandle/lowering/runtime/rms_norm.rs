use candle_core::{DType, Result, Tensor, D};

/// Divides by the root of the mean square over the last `dims` dims, then scales.
pub fn rms_norm(xs: &Tensor, dims: usize, weight: Option<&Tensor>, eps: f64) -> Result<Tensor> {
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
