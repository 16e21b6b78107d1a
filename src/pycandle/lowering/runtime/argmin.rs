use super::argmax;
use candle_core::{Result, Tensor};

/// Returns the index of the smallest float along a dim, the first of several, and that of the first
/// NaN if there is one; as `I64`.
pub fn argmin(xs: &Tensor, dim: usize, keepdim: bool) -> Result<Tensor> {
    argmax(&xs.neg()?, dim, keepdim)
}
