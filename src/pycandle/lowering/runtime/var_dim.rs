use candle_core::{DType, Result, Tensor};

/// Returns the variance over dims, with `correction` less degrees of freedom than elements.
pub fn var_dim(xs: &Tensor, dims: &[usize], correction: f64, keepdim: bool) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let xs = xs.to_dtype(wide)?;
    let count = dims.iter().map(|&dim| xs.dims()[dim]).product::<usize>() as f64;
    let squares = xs.broadcast_sub(&(xs.sum_keepdim(dims)? / count)?)?.sqr()?;
    let total = match keepdim {
        true => squares.sum_keepdim(dims)?,
        false => squares.sum(dims)?,
    };
    (total / (count - correction).max(0.0))?.to_dtype(dtype)
}
