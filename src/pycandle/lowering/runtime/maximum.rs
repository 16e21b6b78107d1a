use candle_core::{Result, Tensor};

/// Returns the larger of two tensors of floats, broadcast together; NaN where either is.
pub fn maximum(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    // Candle keeps a NaN of the first operand and passes over one of the second.
    let ys = xs.broadcast_maximum(other)?;
    let other = other.broadcast_as(ys.shape())?;
    other.ne(&other)?.where_cond(&other, &ys)
}
