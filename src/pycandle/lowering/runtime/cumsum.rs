use candle_core::{DType, Result, Tensor};

/// Returns the sums of all elements up to each one along a dim, in as many steps as the dim's size
/// has bits. Sums of 16-bit floats run in `f32`, as in PyTorch.
pub fn cumsum(xs: &Tensor, dim: usize) -> Result<Tensor> {
    let dtype = xs.dtype();
    let size = xs.dim(dim)?;
    let mut sums = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    }
    .contiguous()?;
    let mut shift = 1;
    while shift < size {
        // The sums of `shift` elements become those of twice as many.
        let before = sums
            .narrow(dim, 0, size - shift)?
            .pad_with_zeros(dim, shift, 0)?;
        sums = (sums + before)?;
        shift *= 2;
    }
    sums.to_dtype(dtype)
}
