use candle_core::{DType, Result, Tensor};

/// Returns the softmax along a dim. Sums of 16-bit floats run in `f32`, as in PyTorch.
pub fn softmax(xs: &Tensor, dim: usize) -> Result<Tensor> {
    let dtype = xs.dtype();
    let xs = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    };
    let ys = if dim + 1 == xs.rank() {
        candle_nn::ops::softmax_last_dim(&xs.contiguous()?)?
    } else {
        candle_nn::ops::softmax(&xs, dim)?
    };
    ys.to_dtype(dtype)
}
