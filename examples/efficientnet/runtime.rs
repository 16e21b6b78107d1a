//! What Candle lacks and this model needs.

use candle_core::{DType, Result, Tensor};

/// Returns the mean over dims. 16-bit floats are added up in `f32`, as in PyTorch.
pub(super) fn mean_dim(xs: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    let dtype = xs.dtype();
    let xs = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    };
    let ys = if keepdim {
        xs.mean_keepdim(dims)?
    } else {
        xs.mean(dims)?
    };
    ys.to_dtype(dtype)
}
