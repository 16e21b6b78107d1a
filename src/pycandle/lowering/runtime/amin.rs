use super::amax;
use candle_core::{Result, Tensor};

/// Returns the smallest float over dims, NaN if any is.
pub fn amin(xs: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    amax(&xs.neg()?, dims, keepdim)?.neg()
}
