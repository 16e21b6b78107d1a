use candle_core::{DType, Result, Tensor};

/// Returns `g` times the direction of `v`, whose length is taken over `dims`.
pub fn weight_norm(v: &Tensor, g: &Tensor, dims: &[usize]) -> Result<Tensor> {
    let dtype = v.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let v = v.to_dtype(wide)?;
    let length = v.sqr()?.sum_keepdim(dims)?.sqrt()?;
    v.broadcast_mul(&g.to_dtype(wide)?.broadcast_div(&length)?)?
        .to_dtype(dtype)
}
