use super::linalg_cholesky;
use candle_core::{DType, Result, Tensor};

/// Returns the triangle that each matrix is the square of, and 0 for each. Refuses a matrix that is
/// not positive definite.
pub fn linalg_cholesky_ex(xs: &Tensor, upper: bool) -> Result<(Tensor, Tensor)> {
    let info = Tensor::zeros(&xs.dims()[..xs.rank() - 2], DType::I32, xs.device())?;
    Ok((linalg_cholesky(xs, upper)?, info))
}
