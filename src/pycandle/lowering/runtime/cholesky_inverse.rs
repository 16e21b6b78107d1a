use super::cholesky_solve;
use candle_core::{Result, Tensor};

/// Returns the inverse of the square of a triangle.
pub fn cholesky_inverse(triangle: &Tensor, upper: bool) -> Result<Tensor> {
    let n = triangle.dim(triangle.rank() - 1)?;
    let ones = Tensor::eye(n, triangle.dtype(), triangle.device())?;
    cholesky_solve(&ones, triangle, upper)
}
