use super::{linalg_lu_factor, lu_unpack};
use candle_core::{Result, Tensor};

/// Returns the permutation, the lower triangle with ones on its diagonal and the upper one, whose
/// product is each matrix.
pub fn linalg_lu(xs: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
    let (lu, swaps) = linalg_lu_factor(xs, true)?;
    lu_unpack(&lu, &swaps)
}
