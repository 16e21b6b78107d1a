use candle_core::{DType, Result, Tensor};

/// Returns the products of all elements up to each one along a dim, in as many steps as the dim's
/// size has bits. Products of 16-bit floats run in `f32`, as in PyTorch.
pub fn cumprod(xs: &Tensor, dim: usize) -> Result<Tensor> {
    let dtype = xs.dtype();
    let size = xs.dim(dim)?;
    let mut products = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    }
    .contiguous()?;
    let mut shift = 1;
    while shift < size {
        let ones = products.narrow(dim, 0, shift)?.ones_like()?;
        let before = products.narrow(dim, 0, size - shift)?;
        products = (products * Tensor::cat(&[ones, before], dim)?)?;
        shift *= 2;
    }
    products.to_dtype(dtype)
}
