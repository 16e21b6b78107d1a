use candle_core::{DType, Result, Tensor};

/// Returns the logarithm of the softmax along a dim. Sums of 16-bit floats run in `f32`, as in
/// PyTorch.
pub fn log_softmax(xs: &Tensor, dim: usize) -> Result<Tensor> {
    let dtype = xs.dtype();
    let xs = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    };
    candle_nn::ops::log_softmax(&xs, dim)?.to_dtype(dtype)
}
