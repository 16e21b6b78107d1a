use super::linalg_solve_triangular;
use candle_core::{Result, Tensor};

/// Returns x for `a @ x = b`, by the triangle that `a` is the square of.
pub fn cholesky_solve(b: &Tensor, triangle: &Tensor, upper: bool) -> Result<Tensor> {
    let rank = triangle.rank();
    let turned = triangle.transpose(rank - 2, rank - 1)?;
    let (lower, upper) = if upper {
        (&turned, triangle)
    } else {
        (triangle, &turned)
    };
    let half = linalg_solve_triangular(lower, b, false, true, false)?;
    linalg_solve_triangular(upper, &half, true, true, false)
}
