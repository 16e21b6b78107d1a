use super::linalg_vector_norm;
use candle_core::{Result, Tensor};

/// Returns the distances of order `p` between all rows of two tensors; dims in front broadcast.
pub fn cdist(x1: &Tensor, x2: &Tensor, p: f64) -> Result<Tensor> {
    let rank = x1.rank().max(x2.rank());
    let left = x1.unsqueeze(x1.rank() - 1)?;
    let right = x2.unsqueeze(x2.rank() - 2)?;
    let difference = left.broadcast_sub(&right)?;
    linalg_vector_norm(&difference, p, &[rank], false)
}
